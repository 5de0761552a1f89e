package paxos_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/paxos"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// BenchmarkDecision measures five servers in a data centre on a good day, that
// decide one decree after another, for one client.
func BenchmarkDecision(b *testing.B) {
	b.ReportAllocs()
	w := sim.NewWorld(sim.Options{
		Choices: choice.Seed(1), EventLimit: 1 << 62,
		Disk: storage.Conditions{SyncLatency: storage.Latency{Least: 100 * time.Microsecond, Extra: 400 * time.Microsecond}},
	})
	defer w.Close()
	w.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
	servers := []sim.NodeID{1, 2, 3, 4, 5}
	for _, id := range servers {
		w.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return paxos.New(paxos.Options{Servers: servers}) })
	}
	decided := 0
	w.Go("client", func(p *sim.Process) {
		for client := paxos.NewClient(p, servers); ; decided++ {
			if _, err := client.Do(history.Input{F: history.Propose, Key: fmt.Sprint(decided), Value: "value"}); err != nil {
				panic(err)
			}
		}
	})
	for b.Loop() {
		want := decided + 1
		w.RunWhile(func() bool { return decided < want }, sim.MaxTime)
	}
	b.ReportMetric(float64(decided)/b.Elapsed().Seconds(), "decisions/s")
}
