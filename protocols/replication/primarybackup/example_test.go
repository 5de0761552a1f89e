package primarybackup_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/replication/primarybackup"
	"seedbed.example/sim"
)

// Three replicas keep a store. The primary goes down, and what it has
// acknowledged is still there.
func Example() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(42)})
	w.Network().SetLatency(network.Uniform(time.Millisecond, 2*time.Millisecond))
	options := primarybackup.Options{ViewService: 1, Replicas: []sim.NodeID{2, 3, 4}, Mode: primarybackup.Sync}
	w.AddNode("view service", func() sim.Node { return primarybackup.NewViewService(options) })
	for range options.Replicas {
		w.AddNode("replica", func() sim.Node { return primarybackup.New(options) })
	}
	w.Go("client", func(p *sim.Process) {
		store := primarybackup.NewClient(p, options.Replicas)
		_, err := store.Do(history.Input{F: history.Write, Key: "x", Value: "1"})
		fmt.Println("write:", err)
		w.Crash(2)
		out, err := store.Do(history.Input{F: history.Read, Key: "x"})
		fmt.Println("read:", out.Value, err)
		fmt.Println(w.Node(3).(*primarybackup.Replica).View())
	})
	w.RunFor(5 * time.Second)
	// Output:
	// write: <nil>
	// read: 1 <nil>
	// view 2: primary 3, backups [4]
}
