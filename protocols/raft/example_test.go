package raft_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/raft/kv"
	"seedbed.example/sim"
)

// Three servers keep a store. The leader goes down, and what it has
// acknowledged is still there.
func Example() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(42)})
	w.Network().SetLatency(network.Uniform(time.Millisecond, 2*time.Millisecond))
	servers := []sim.NodeID{1, 2, 3}
	for range servers {
		w.AddNode("server", func() sim.Node {
			return raft.New(raft.Options{Voters: servers, Machine: kv.NewStore})
		})
	}
	w.Go("client", func(p *sim.Process) {
		store := kv.NewClient(p, servers)
		_, err := store.Do(history.Input{F: history.Write, Key: "x", Value: "1"})
		fmt.Println("write:", err)
		for _, id := range servers {
			if _, leads := w.Node(id).(*raft.Node).Leads(); leads {
				w.Crash(id)
			}
		}
		out, err := store.Do(history.Input{F: history.Read, Key: "x"})
		fmt.Println("read:", out.Value, err)
	})
	w.RunFor(5 * time.Second)
	// Output:
	// write: <nil>
	// read: 1 <nil>
}
