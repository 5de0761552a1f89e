package quorum_test

import (
	"fmt"
	"time"

	"seedbed.example/network"
	"seedbed.example/protocols/replication/quorum"
	"seedbed.example/sim"
)

// Three replicas keep a register, and one of them goes down.
func Example() {
	w := sim.NewWorld(sim.Options{})
	w.Network().SetLatency(network.Constant(time.Millisecond))
	replicas := []sim.NodeID{1, 2, 3}
	for range replicas {
		w.AddNode("replica", func() sim.Node { return quorum.New(quorum.Options{Replicas: replicas}) })
	}
	w.Go("client", func(p *sim.Process) {
		c := quorum.NewClient(p, replicas, nil)
		fmt.Println("write:", c.Write("x", "one"))
		w.Crash(1)
		version, err := c.Read("x")
		fmt.Println("read:", version, err)
	})
	w.RunFor(time.Second)
	// Output:
	// write: <nil>
	// read: "one" (1 by 4) <nil>
}

// Three replicas in three regions, 40 ms from each other, and a client beside the
// first. How long a read takes is how far away its quorum is.
func ExampleClient_regions() {
	for _, size := range []struct{ r, w int }{{2, 2}, {1, 3}, {1, 1}} {
		w := sim.NewWorld(sim.Options{})
		w.Network().SetLatency(network.Constant(40 * time.Millisecond))
		replicas := []sim.NodeID{1, 2, 3}
		options := quorum.Options{Replicas: replicas, R: size.r, W: size.w}
		for range replicas {
			w.AddNode("replica", func() sim.Node { return quorum.New(options) })
		}
		client := w.Go("client", func(p *sim.Process) {
			near := quorum.NewClient(p, replicas[:1], nil)
			_ = near.Write("x", "one")
			wrote := p.Elapsed()
			p.Sleep(time.Second)
			read := p.Elapsed()
			version, _ := near.Read("x")
			fmt.Printf("R = %d, W = %d: a write takes %v, the read of %v %v; quorums meet: %v\n",
				size.r, size.w, wrote, version, p.Elapsed()-read, options.Meet())
		})
		local := network.Constant(0)
		for _, from := range []int{1, int(client)} {
			w.Network().Impose(network.Condition{From: []int{from}, To: []int{1, int(client)}, Latency: &local})
		}
		w.RunFor(5 * time.Second)
	}
	// Output:
	// R = 2, W = 2: a write takes 160ms, the read of "one" (1 by 4) 80ms; quorums meet: true
	// R = 1, W = 3: a write takes 80ms, the read of "one" (1 by 4) 80ms; quorums meet: true
	// R = 1, W = 1: a write takes 0s, the read of "one" (1 by 4) 0s; quorums meet: false
}
