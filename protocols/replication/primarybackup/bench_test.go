package primarybackup_test

import (
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/replication/primarybackup"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// BenchmarkWrite measures three replicas in a data centre on a good day, that
// acknowledge one write after another, for one client, in each mode.
func BenchmarkWrite(b *testing.B) {
	for _, mode := range []primarybackup.Mode{primarybackup.Sync, primarybackup.SemiSync, primarybackup.Async} {
		b.Run(mode.String(), func(b *testing.B) {
			b.ReportAllocs()
			w := sim.NewWorld(sim.Options{
				Choices: choice.Seed(1), EventLimit: 1 << 62,
				Disk: storage.Conditions{SyncLatency: storage.Latency{Least: 100 * time.Microsecond, Extra: 400 * time.Microsecond}},
			})
			defer w.Close()
			w.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
			options := primarybackup.Options{ViewService: 1, Replicas: []sim.NodeID{2, 3, 4}, Mode: mode}
			w.AddNode("view service", func() sim.Node { return primarybackup.NewViewService(options) })
			for range options.Replicas {
				w.AddNode("replica", func() sim.Node { return primarybackup.New(options) })
			}
			written := 0
			w.Go("client", func(p *sim.Process) {
				for client := primarybackup.NewClient(p, options.Replicas); ; written++ {
					if _, err := client.Do(history.Input{F: history.Write, Key: "x", Value: "value"}); err != nil {
						panic(err)
					}
				}
			})
			for b.Loop() {
				want := written + 1
				w.RunWhile(func() bool { return written < want }, sim.MaxTime)
			}
			b.ReportMetric(float64(written)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}
