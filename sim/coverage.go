package sim

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
)

// Stated is a node that publishes an abstract state: what a search that is
// guided by coverage goes by. State must not change anything. A node whose code
// blocks publishes its state by [Process.Publish].
type Stated interface{ State() State }

// A State is what of a node counts when two moments of a cluster are told
// apart. It should have few values, or every moment is new.
type State struct {
	// Own is what the node is at by itself: its role, say. It counts as it is.
	Own uint64
	// Compared are quantities that mean something only beside those of another
	// node, such as a term or the end of a log. It counts which of the two has
	// more.
	Compared [3]uint64
}

// coverage is the set of pairs of abstract states that nodes have been in at
// one time. All nodes together would be in a new state nearly always. Nodes are
// alike to it: it knows that one leads while another is down, not which.
type coverage struct {
	states []State // by node, as they last were
	seen   map[uint64]struct{}
}

func newCoverage() *coverage { return &coverage{seen: make(map[uint64]struct{})} }

// sample takes in the state of a, which has handled an event, beside that of
// each other node.
func (c *coverage) sample(a *actor) {
	state, ok := a.abstractState()
	if !ok {
		return
	}
	actors := a.world.actors
	for len(c.states) < len(actors) {
		c.states = append(c.states, State{})
	}
	if state == c.states[a.id] {
		return
	}
	c.states[a.id] = state
	for _, other := range actors[1:] {
		if other != a && other.client == 0 {
			c.seen[pair(&state, &c.states[other.id], other.state == up)] = struct{}{}
		}
	}
}

// abstractState returns what the actor publishes, if it is a server and does.
func (a *actor) abstractState() (State, bool) {
	if a.process != nil {
		return a.process.state, a.client == 0
	}
	node, ok := a.node.(Stated)
	if !ok {
		return State{}, false
	}
	return node.State(), true
}

// pair hashes what two nodes are at, of which the other may be down.
func pair(one, other *State, isUp bool) uint64 {
	if !isUp {
		return spread(one.Own, ^uint64(0))
	}
	which := uint64(0)
	for i := range one.Compared {
		which = 3*which + uint64(1+cmp.Compare(one.Compared[i], other.Compared[i]))
	}
	return spread(spread(one.Own, other.Own), which)
}

// spread mixes two words into one.
func spread(a, b uint64) uint64 {
	high, low := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return high ^ low
}

// States returns the pairs of abstract states that nodes have been in at one
// time, as hashes in ascending order; nil unless [Options] asked for them.
func (w *World) States() []uint64 {
	if w.coverage == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(w.coverage.seen))
}
