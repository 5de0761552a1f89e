package raft

import (
	"fmt"

	"seedbed.example/sim"
)

// An Observer is told what a server does, at the moment it does it: what a
// checker may know of a server's inside.
//
//seedbed:simulated
type Observer interface {
	// BecameLeader: node leads term, with a log whose digest up to an index
	// the function tells, if it is known.
	BecameLeader(node sim.NodeID, term uint64, digest func(index uint64) (uint64, bool))
	// Appended: node put an entry into its log, as leader of its term or not.
	Appended(node sim.NodeID, leads bool, e *Entry)
	// Truncated: node removed index and all after it.
	Truncated(node sim.NodeID, leads bool, index uint64)
	// Committed: node, leader of term, holds everything up to index committed.
	Committed(node sim.NodeID, term, index, digest uint64)
	// Applied: node has applied everything up to index, or restored it from a
	// snapshot.
	Applied(node sim.NodeID, index, digest uint64)
}

// Invariants checks the five properties of figure 3 at every step, each at
// constant cost: an entry carries a digest of the log up to itself, so that
// logs are equal where their digests are.
//
// It remembers the last [window] indices; what lags further behind goes
// unchecked, so that a long run does not need ever more memory.
type Invariants struct {
	report    func(property, message string)
	leaders   map[uint64]sim.NodeID // by term
	digests   ring[[]commit]        // of the log up to each entry of that index, by term
	committed ring[commit]
	applied   ring[uint64] // digest of the log applied up to that index
	highest   uint64       // greatest index committed so far
}

// A commit is the digest of the log up to an index, and a term: of the entry
// there, or of the leader that committed it.
type commit struct{ term, digest uint64 }

// window is how many indices back the invariants remember.
const window = 1 << 14

// NewInvariants returns a checker that reports which property is broken, and how.
func NewInvariants(report func(property, message string)) *Invariants {
	return &Invariants{report: report, leaders: make(map[uint64]sim.NodeID)}
}

// BecameLeader implements [Observer]: election safety, and leader completeness.
func (v *Invariants) BecameLeader(node sim.NodeID, term uint64, digest func(index uint64) (uint64, bool)) {
	if other, ok := v.leaders[term]; ok && other != node {
		v.report("election safety", fmt.Sprintf("election safety (§5.2): nodes %v and %v both lead term %d", other, node, term))
	}
	v.leaders[term] = node
	if len(v.leaders) > window {
		delete(v.leaders, term-window)
	}
	// The greatest index committed in an earlier term must be in the log.
	for index := v.highest; index > 0 && v.highest-index < window; index-- {
		c, ok := v.committed.get(index)
		if !ok || c.term >= term {
			continue
		}
		if have, ok := digest(index); !ok || have != c.digest {
			v.report("leader completeness", fmt.Sprintf("leader completeness (§5.4): node %v leads term %d without entry %d, which was committed in term %d", node, term, index, c.term))
		}
		return
	}
}

// Appended implements [Observer]: log matching.
func (v *Invariants) Appended(node sim.NodeID, _ bool, e *Entry) {
	seen, _ := v.digests.get(e.Index)
	for _, other := range seen {
		if other.term != e.Term {
			continue
		}
		if other.digest != e.Digest() {
			v.report("log matching", fmt.Sprintf("log matching (§5.3): node %v has an entry %d of term %d, like another, but not the same entries up to it", node, e.Index, e.Term))
		}
		return
	}
	v.digests.set(e.Index, append(seen, commit{e.Term, e.Digest()}))
}

// Truncated implements [Observer]: leader append-only.
func (v *Invariants) Truncated(node sim.NodeID, leads bool, index uint64) {
	if leads {
		v.report("leader append-only", fmt.Sprintf("leader append-only (§5.3): node %v removes entry %d of its own log while it leads", node, index))
	}
}

// Committed implements [Observer]: what is committed stays.
func (v *Invariants) Committed(node sim.NodeID, term, index, digest uint64) {
	if c, ok := v.committed.get(index); ok {
		if c.digest != digest {
			v.report("state machine safety", fmt.Sprintf("state machine safety (§5.4.3): node %v commits in term %d another entry %d than was committed in term %d", node, term, index, c.term))
		}
		return
	}
	v.committed.set(index, commit{term, digest})
	v.highest = max(v.highest, index)
}

// Applied implements [Observer]: state machine safety.
func (v *Invariants) Applied(node sim.NodeID, index, digest uint64) {
	if other, ok := v.applied.get(index); ok && other != digest {
		v.report("state machine safety", fmt.Sprintf("state machine safety (§5.4.3): node %v applies another entry %d than another node has applied", node, index))
	}
	v.applied.set(index, digest)
}

// A ring remembers values by index, the last window of them.
type ring[T any] struct {
	slots []slot[T]
}

type slot[T any] struct {
	index uint64
	value T
}

func (r *ring[T]) get(index uint64) (value T, ok bool) {
	if len(r.slots) == 0 {
		return value, false
	}
	if s := &r.slots[index%uint64(len(r.slots))]; s.index == index {
		return s.value, true
	}
	return value, false
}

// set remembers a value. The ring grows with the indices until it has its full
// size, and then forgets the oldest.
func (r *ring[T]) set(index uint64, value T) {
	if index >= uint64(len(r.slots)) && len(r.slots) < window {
		grown := make([]slot[T], min(window, max(256, 2*index)))
		for _, s := range r.slots {
			if s.index == 0 {
				continue
			}
			grown[s.index%uint64(len(grown))] = s
		}
		r.slots = grown
	}
	if s := &r.slots[index%uint64(len(r.slots))]; s.index <= index {
		*s = slot[T]{index, value}
	}
}
