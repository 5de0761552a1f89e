package sim_test

import (
	"slices"
	"testing"
	"time"

	"seedbed.example/sim"
)

// stated is a node that publishes the numbers it has been sent last.
type stated struct{ state sim.State }

func (n *stated) Start(sim.Env)                       {}
func (n *stated) Receive(_ sim.NodeID, m sim.Message) { n.state = m.(sim.State) }
func (n *stated) State() sim.State                    { return n.state }
func own(n uint64) sim.State                          { return sim.State{Own: n} }
func compared(own, a, b, c uint64) sim.State {
	return sim.State{Own: own, Compared: [3]uint64{a, b, c}}
}

// tell is a message to one of the nodes.
type tell struct {
	node  int
	state sim.State
}

// covered returns the states of a world of three nodes that are told one thing
// after another, and its hash.
func covered(t *testing.T, cover bool, tells ...tell) ([]uint64, sim.Hash) {
	t.Helper()
	w := sim.NewWorld(sim.Options{Cover: cover})
	defer w.Close()
	nodes := make([]sim.NodeID, 3)
	for i := range nodes {
		nodes[i] = w.AddNode("node", func() sim.Node { return &stated{} })
	}
	w.Go("teller", func(p *sim.Process) {
		for _, t := range tells {
			p.Sleep(time.Millisecond)
			p.Send(nodes[t.node-1], t.state)
		}
	})
	if !w.RunFor(time.Second) {
		t.Fatal(w.Violations())
	}
	return w.States(), w.Hash()
}

func TestStatesAreCollectedOnlyIfAskedFor(t *testing.T) {
	with, hash := covered(t, true, tell{1, own(1)})
	without, plain := covered(t, false, tell{1, own(1)})
	if len(with) == 0 || without != nil {
		t.Errorf("with: %v, without: %v", with, without)
	}
	if hash != plain {
		t.Errorf("the run is %v, and %v when states are collected", plain, hash)
	}
}

func TestStatesDoNotTellNodesApart(t *testing.T) {
	one, _ := covered(t, true, tell{1, own(1)}, tell{2, compared(2, 5, 0, 7)})
	other, _ := covered(t, true, tell{3, own(1)}, tell{1, compared(2, 5, 0, 7)})
	if !slices.Equal(one, other) {
		t.Errorf("%v, and with other nodes %v", one, other)
	}
}

func TestOfWhatIsComparedOnlyTheOrderCounts(t *testing.T) {
	one, _ := covered(t, true, tell{1, compared(1, 5, 9, 2)}, tell{2, compared(2, 6, 8, 2)})
	other, _ := covered(t, true, tell{1, compared(1, 50, 9, 2)}, tell{2, compared(2, 60, 1, 2)})
	if !slices.Equal(one, other) {
		t.Errorf("%v, and with other numbers in the same order %v", one, other)
	}
	reversed, _ := covered(t, true, tell{1, compared(1, 6, 9, 2)}, tell{2, compared(2, 5, 8, 2)})
	if slices.Equal(one, reversed) {
		t.Error("the order does not count")
	}
}

func TestANodeThatIsDownIsAStateOfItsOwn(t *testing.T) {
	states := func(crash bool) int {
		w := sim.NewWorld(sim.Options{Cover: true})
		defer w.Close()
		one := w.AddNode("one", func() sim.Node { return &stated{} })
		other := w.AddNode("other", func() sim.Node { return &stated{} })
		w.Go("teller", func(p *sim.Process) {
			p.Send(one, own(1))
			p.Sleep(time.Millisecond)
			p.Send(one, own(2))
			p.Sleep(time.Millisecond)
			p.Send(one, own(1))
		})
		if crash {
			w.At(2*time.Millisecond, func() { w.Crash(other) })
		}
		w.RunFor(time.Second)
		return len(w.States())
	}
	if up, down := states(false), states(true); down != up+1 {
		t.Errorf("%d states, and %d if a node goes down: want one more", up, down)
	}
}
