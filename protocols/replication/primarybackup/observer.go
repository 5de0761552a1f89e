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
	// Acknowledged: the primary of a view tells a client that its update is done,
	// which is the entry at index.
	Acknowledged(view, index, digest uint64)
	// Applied: node has applied everything up to index.
	Applied(node sim.NodeID, index, digest uint64)
}

// nobody observes nothing.
type nobody struct{}

func (nobody) Began(sim.NodeID, uint64, uint64, func(uint64) (uint64, bool)) {}
func (nobody) Stored(sim.NodeID, Position, uint64)                           {}
func (nobody) Truncated(sim.NodeID, uint64, uint64)                          {}
func (nobody) Acknowledged(uint64, uint64, uint64)                           {}
func (nobody) Applied(sim.NodeID, uint64, uint64)                            {}

// Invariants checks at every step what the protocol promises of its inside:
//
//   - one primary: no two replicas serve as primary of one view
//   - log matching: two logs with an entry at one position are the same up to it
//   - primary completeness: a primary holds what was acknowledged in earlier views
//   - committed stays: what was applied is neither taken back nor replaced
//
// The last two are promised in the modes that lose nothing. In async mode it
// counts what is lost.
type Invariants struct {
	mode      Mode
	report    func(property, message string)
	primaries map[uint64]sim.NodeID // by view
	stored    map[Position]uint64   // digests
	applied   map[uint64]uint64     // digests by index
	latest    uint64                // the latest view that has begun
	acks      []ack
}

// An ack is an update that a client was told of.
type ack struct {
	view, index, digest uint64
	lost                bool
}

// window is how far back the invariants remember, so that a long run does not
// need ever more memory.
const window = 1 << 14

// NewInvariants returns a checker that reports which property is broken, and
// how.
func NewInvariants(mode Mode, report func(property, message string)) *Invariants {
	return &Invariants{
		mode: mode, report: report,
		primaries: make(map[uint64]sim.NodeID), stored: make(map[Position]uint64), applied: make(map[uint64]uint64),
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
	if view < v.latest {
		return // it restarted, and does not know yet that it was replaced
	}
	v.latest = view
	for i := range v.acks {
		a := &v.acks[i]
		if have, ok := digest(a.index); ok || a.index > last { // else it is in the saved state, as it was before
			a.lost = have != a.digest
		}
		if a.lost && v.mode.Lossless() {
			v.report("primary completeness", fmt.Sprintf("node %v is primary of view %d without entry %d, which was acknowledged in view %d", node, view, a.index, a.view))
			return
		}
	}
}

// Stored implements [Observer]: log matching.
func (v *Invariants) Stored(node sim.NodeID, at Position, digest uint64) {
	if other, ok := v.stored[at]; ok && other != digest {
		v.report("log matching", fmt.Sprintf("node %v has entry %d of view %d, like another node, but not the same entries up to it", node, at.Index, at.Term))
	}
	v.stored[at] = digest
	delete(v.stored, Position{Term: at.Term, Index: at.Index - window})
}

// Truncated implements [Observer]: committed stays.
func (v *Invariants) Truncated(node sim.NodeID, index, applied uint64) {
	if v.mode.Lossless() && index < applied {
		v.report("committed stays", fmt.Sprintf("node %v takes back everything after entry %d, but had applied what comes up to %d", node, index, applied))
	}
}

// Acknowledged implements [Observer].
func (v *Invariants) Acknowledged(view, index, digest uint64) {
	v.acks = append(v.acks, ack{view: view, index: index, digest: digest})
	if len(v.acks) > window {
		v.acks = append(v.acks[:0], v.acks[window/2:]...)
	}
}

// Applied implements [Observer]: committed stays.
func (v *Invariants) Applied(node sim.NodeID, index, digest uint64) {
	if !v.mode.Lossless() {
		return
	}
	if other, ok := v.applied[index]; ok && other != digest {
		v.report("committed stays", fmt.Sprintf("node %v has applied another entry %d, or others before it, than another node", node, index))
	}
	v.applied[index] = digest
	delete(v.applied, index-window)
}
