package quorum_test

import (
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/replication/quorum"
	"seedbed.example/sim"
)

// BenchmarkQuiet measures whole runs of a quiet world: three replicas, and a
// client that writes and reads 20 times each.
func BenchmarkQuiet(b *testing.B) {
	b.ReportAllocs()
	runs := uint64(0)
	for b.Loop() {
		w := sim.NewWorld(sim.Options{Choices: choice.Seed(runs)})
		w.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
		replicas := []sim.NodeID{1, 2, 3}
		for range replicas {
			w.AddNode("replica", func() sim.Node { return quorum.New(quorum.Options{Replicas: replicas}) })
		}
		client := w.Go("client", func(p *sim.Process) {
			c := quorum.NewClient(p, replicas, nil)
			for range 20 {
				_ = c.Write("x", "value")
				_, _ = c.Read("x")
			}
		})
		if !w.RunWhile(func() bool { return !w.Finished(client) }, time.Minute) {
			b.Fatal("the client has not come to an end")
		}
		w.Close()
		runs++
	}
	b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
}
