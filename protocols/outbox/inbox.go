package outbox

import (
	"slices"

	"seedbed.example/sim"
)

// Seen is which messages of one source and topic an inbox has seen.
type Seen struct {
	Topic  string     `json:"topic"`
	Source sim.NodeID `json:"source"`
	UpTo   uint64     `json:"upTo"`   // all up to this sequence
	Beyond []uint64   `json:"beyond"` // and these, ascending
}

// An inbox knows which messages have had their effect. It grows with the number
// of sources, not with that of messages.
type inbox []Seen

// of returns what was seen of a message's source, nil if nothing was.
func (in inbox) of(id ID) *Seen {
	for i := range in {
		if in[i].Topic == id.Topic && in[i].Source == id.Source {
			return &in[i]
		}
	}
	return nil
}

func (in inbox) has(id ID) bool {
	s := in.of(id)
	if s == nil {
		return false
	}
	_, beyond := slices.BinarySearch(s.Beyond, id.Sequence)
	return beyond || id.Sequence <= s.UpTo
}

// add marks a message as seen, unless it is.
func (in *inbox) add(id ID, prune func(*Seen)) {
	if in.has(id) {
		return
	}
	s := in.of(id)
	if s == nil {
		*in = append(*in, Seen{Topic: id.Topic, Source: id.Source})
		s = &(*in)[len(*in)-1]
	}
	i, _ := slices.BinarySearch(s.Beyond, id.Sequence)
	s.Beyond = slices.Insert(s.Beyond, i, id.Sequence)
	prune(s)
}
