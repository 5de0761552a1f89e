package paxos_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/paxos"
	"seedbed.example/sim"
)

// Two clients want different colors. Both are told the same one, and so is a
// third, that asks when one server is down.
func Example() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
	w.Network().SetLatency(network.Uniform(time.Millisecond, 2*time.Millisecond))
	servers := []sim.NodeID{1, 2, 3}
	for range servers {
		w.AddNode("server", func() sim.Node { return paxos.New(paxos.Options{Servers: servers}) })
	}
	for _, color := range []string{"blue", "green"} {
		w.Go("client", func(p *sim.Process) {
			out, err := paxos.NewClient(p, servers).Do(history.Input{F: history.Propose, Key: "color", Value: color})
			fmt.Println("chosen:", out.Value, err)
		})
	}
	w.Go("client", func(p *sim.Process) {
		p.Sleep(time.Second)
		w.Crash(1)
		out, err := paxos.NewClient(p, servers).Do(history.Input{F: history.Read, Key: "color"})
		fmt.Println("chosen:", out.Value, err)
	})
	w.RunFor(5 * time.Second)
	// Output:
	// chosen: green <nil>
	// chosen: green <nil>
	// chosen: green <nil>
}
