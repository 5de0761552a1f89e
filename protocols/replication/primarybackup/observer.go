package primarybackup

import (
	"fmt"

	"seedbed.example/sim"
)

// An Observer is told what replicas do, at the moment they do it: what a checker
// may know of their inside.
//
//seedbed:simulated
type Observer interface {
	// Began: node serves as primary of a view, with a log that ends at last, and
	// whose digest up to an index the function tells, if it is known.
	Began(node sim.NodeID, view, last uint64, digest func(index uint64) (uint64, bool))
	// Stored: node has put an entry into its log, durably.
	Stored(node sim.NodeID, at Position, digest uint64)
	// Truncated: node removed everything after index, of which it had applied
	// what comes up to applied.
	Truncated(node sim.NodeID, index, applied uint64)
	// Committed: by the primary of a view enough replicas hold everything up to
	// index.
	Committed(node sim.NodeID, view, index uint64, digest func(index uint64) (uint64, bool))
	// Acknowledged: the client is told that its update was done.
	Acknowledged(at Position, digest uint64)
	// Applied: node has applied everything up to index.
	Applied(node sim.NodeID, index, digest uint64)
}

// nobody observes nothing.
type nobody struct{}

func (nobody) Began(sim.NodeID, uint64, uint64, func(uint64) (uint64, bool))     {}
func (nobody) Stored(sim.NodeID, Position, uint64)                               {}
func (nobody) Truncated(sim.NodeID, uint64, uint64)                              {}
func (nobody) Committed(sim.NodeID, uint64, uint64, func(uint64) (uint64, bool)) {}
func (nobody) Acknowledged(Position, uint64)                                     {}
func (nobody) Applied(sim.NodeID, uint64, uint64)                                {}

// Invariants checks at every step what the protocol promises of its inside:
//
//   - one primary: no two replicas serve as primary of one view
//   - log matching: two logs with an entry at one position are the same up to it
//   - primary completeness: a primary holds what was acknowledged in earlier views
//   - committed stays: what was acknowledged is neither taken back nor replaced
//
// The last two are promised in the modes that lose nothing. In async mode it
// counts what is lost.
type Invariants struct {
	mode      Mode
	report    func(property, message string)
	primaries map[uint64]sim.NodeID // by view
	stored    map[Position]uint64   // digests
	committed map[uint64]uint64     // digests by index
	highest   Position              // the greatest index committed, and in which view
	latest    uint64                // the latest view that has begun
	acks      []ack
}

// An ack is an update that a client was told of.
type ack struct {
	index, digest uint64
	lost          bool
}

// window is how far back the invariants remember, so that a long run does not
// need ever more memory.
const window = 1 << 14

// NewInvariants returns a checker that reports which property is broken, and
// how.
func NewInvariants(mode Mode, report func(property, message string)) *Invariants {
	return &Invariants{
		mode: mode, report: report,
		primaries: make(map[uint64]sim.NodeID), stored: make(map[Position]uint64), committed: make(map[uint64]uint64),
	}
}

// Losses is what has become of acknowledged updates.
type Losses struct {
	Acknowledged int // updates whose clients were told that they are done
	Lost         int // of those, how many the latest primary did not have
}

// Losses returns what has become so far of the latest acknowledged updates.
func (v *Invariants) Losses() Losses {
	l := Losses{Acknowledged: len(v.acks)}
	for _, a := range v.acks {
		if a.lost {
			l.Lost++
		}
	}
	return l
}

// Began implements [Observer]: one primary, and primary completeness.
func (v *Invariants) Began(node sim.NodeID, view, last uint64, digest func(uint64) (uint64, bool)) {
	if other, ok := v.primaries[view]; ok && other != node {
		v.report("one primary", fmt.Sprintf("nodes %v and %v are both primary of view %d", other, node, view))
	}
	v.primaries[view] = node
	delete(v.primaries, view-window)
	if v.mode.Lossless() && v.highest.Index > 0 && v.highest.Epoch < view {
		if have, ok := digest(v.highest.Index); !ok || have != v.committed[v.highest.Index] {
			v.report("primary completeness", fmt.Sprintf("node %v is primary of view %d without entry %d, which was acknowledged in view %d",
				node, view, v.highest.Index, v.highest.Epoch))
		}
	}
	if view < v.latest {
		return // it restarted, and does not know yet that it was replaced
	}
	v.latest = view
	for i := range v.acks {
		a := &v.acks[i]
		if have, ok := digest(a.index); ok || a.index > last { // else it is in the saved state, as it was before
			a.lost = have != a.digest
		}
	}
}

// Stored implements [Observer]: log matching.
func (v *Invariants) Stored(node sim.NodeID, at Position, digest uint64) {
	if other, ok := v.stored[at]; ok && other != digest {
		v.report("log matching", fmt.Sprintf("node %v has an entry %v, like another, but not the same entries up to it", node, at))
	}
	v.stored[at] = digest
}

// Truncated implements [Observer]: committed stays.
func (v *Invariants) Truncated(node sim.NodeID, index, applied uint64) {
	if v.mode.Lossless() && index < applied {
		v.report("committed stays", fmt.Sprintf("node %v takes back everything after entry %d, but had applied what comes up to %d", node, index, applied))
	}
}

// Committed implements [Observer]: committed stays.
func (v *Invariants) Committed(node sim.NodeID, view, index uint64, digest func(uint64) (uint64, bool)) {
	have, _ := digest(index)
	v.agree(node, index, have)
	if index > v.highest.Index {
		v.highest = Position{view, index}
	}
}

// Acknowledged implements [Observer].
func (v *Invariants) Acknowledged(at Position, digest uint64) {
	v.acks = append(v.acks, ack{index: at.Index, digest: digest})
	if len(v.acks) > window {
		v.acks = append(v.acks[:0], v.acks[window/2:]...)
	}
}

// Applied implements [Observer]: committed stays.
func (v *Invariants) Applied(node sim.NodeID, index, digest uint64) { v.agree(node, index, digest) }

// agree compares what is committed or applied at an index with what was.
func (v *Invariants) agree(node sim.NodeID, index, digest uint64) {
	if !v.mode.Lossless() {
		return
	}
	if other, ok := v.committed[index]; ok && other != digest {
		v.report("committed stays", fmt.Sprintf("node %v has another entry %d, or others before it, than were acknowledged", node, index))
	}
	v.committed[index] = digest
	delete(v.committed, index-window)
}
