package sim

import (
	"maps"
	"math/bits"
	"slices"
)

// Stated is a node that publishes an abstract state: what a search that is
// guided by coverage goes by. State must not change anything.
type Stated interface{ State() State }

// A State is what of a node counts when two moments of a cluster are told
// apart. It should have few values, or every moment is new.
type State struct {
	// Own is what the node is at by itself: its role, say. It counts as it is.
	Own uint64
	// Compared are quantities that mean something only beside those of the
	// other nodes, such as a term or the end of a log. Of each it counts how
	// many nodes have less.
	Compared [3]uint64
}

// downState is what a node is at that is not there.
const downState = ^uint64(0)

// coverage is the set of abstract states that a cluster has been in. Nodes are
// alike to it: it knows that one leads and one is down, not which.
type coverage struct {
	nodes []State  // by number, as they last were
	up    []*actor // kept, so that a sample allocates nothing
	seen  map[uint64]struct{}
}

func newCoverage() *coverage { return &coverage{seen: make(map[uint64]struct{})} }

// sample takes in the state of a, which has handled an event.
func (c *coverage) sample(a *actor) {
	node, ok := a.node.(Stated)
	if !ok {
		return
	}
	for len(c.nodes) < len(a.world.actors) {
		c.nodes = append(c.nodes, State{})
	}
	state := node.State()
	if state == c.nodes[a.id] {
		return
	}
	c.nodes[a.id] = state
	c.seen[c.cluster(a.world)] = struct{}{}
}

// cluster hashes the states of all nodes in no order.
func (c *coverage) cluster(w *World) uint64 {
	c.up = c.up[:0]
	sum := uint64(0)
	for _, a := range w.actors[1:] {
		switch {
		case a.newNode == nil:
		case a.state == up:
			c.up = append(c.up, a)
		default:
			sum += spread(downState, 0)
		}
	}
	for _, a := range c.up {
		state := &c.nodes[a.id]
		ranks := uint64(0)
		for i, mine := range state.Compared {
			less := uint64(0)
			for _, other := range c.up {
				if c.nodes[other.id].Compared[i] < mine {
					less++
				}
			}
			ranks |= less << (16 * i)
		}
		sum += spread(state.Own, ranks)
	}
	return sum
}

// spread mixes two words into one.
func spread(a, b uint64) uint64 {
	high, low := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return high ^ low
}

// States returns the abstract states that the cluster has been in, as hashes,
// in ascending order; nil unless [Options] asked for them.
func (w *World) States() []uint64 {
	if w.coverage == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(w.coverage.seen))
}
