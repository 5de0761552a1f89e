package explore_test

import (
	"sync/atomic"
	"time"

	"seedbed.example/experiment"
	"seedbed.example/mistake"
	"seedbed.example/sim"
)

// coin is a scenario whose one node breaks a promise in every run in which it
// throws seven heads in a row; with the mistake coin.spin a run that throws
// three never ends.
func coin(spinning *atomic.Bool) *experiment.Scenario {
	return &experiment.Scenario{
		ID:         "coin",
		Summary:    "a node that throws a coin",
		Parameters: []experiment.Parameter{experiment.Nodes(1, 1, 1), experiment.Faults("calm")},
		Mistakes:   []mistake.Mistake{{ID: "coin.spin"}},
		Build: func(w *sim.World, values experiment.Values, mistake string) experiment.Setup {
			id := w.AddNode("node 1", func() sim.Node { return &thrower{w: w, spins: mistake != "", spinning: spinning} })
			return experiment.Setup{Nodes: []sim.NodeID{id}, Span: time.Second}
		},
	}
}

type thrower struct {
	w        *sim.World
	spins    bool
	spinning *atomic.Bool
}

func (n *thrower) Start(env sim.Env) {
	heads := 0
	for env.Rand("coin").N(2) == 1 {
		heads++
	}
	env.Sometimes("three heads in a row", heads >= 3)
	env.Sometimes("a hundred heads in a row", heads >= 100)
	if n.spins && heads >= 3 {
		for n.spinning.Load() { //seedbed:allow this node hangs until the test that watches it lets go
		}
	}
	if heads >= 7 {
		n.w.Violate("coin", "", "%d heads in a row", heads)
	}
}

func (n *thrower) Receive(sim.NodeID, sim.Message) {}
