package raft_test

import (
	"fmt"
	"runtime/debug"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/raft"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// machine is a state machine that costs nothing.
type machine struct{}

func (machine) Apply([]byte) []byte  { return nil }
func (machine) Query([]byte) []byte  { return nil }
func (machine) Snapshot() []byte     { return nil }
func (machine) Restore([]byte) error { return nil }

// ordinaryWorld is five servers in a data centre on a good day, that have
// elected a leader.
func ordinaryWorld(b *testing.B, electionTimeout time.Duration) *sim.World {
	w := sim.NewWorld(sim.Options{
		Choices: choice.Seed(1), EventLimit: 1 << 62,
		Disk: storage.Conditions{SyncLatency: storage.Latency{Least: 100 * time.Microsecond, Extra: 400 * time.Microsecond}},
	})
	b.Cleanup(w.Close)
	w.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
	voters := []sim.NodeID{1, 2, 3, 4, 5}
	for _, id := range voters {
		w.AddNode(fmt.Sprintf("node %v", id), func() sim.Node {
			return raft.New(raft.Options{Voters: voters, ElectionTimeout: electionTimeout, Machine: func() raft.StateMachine { return machine{} }})
		})
	}
	w.RunFor(time.Second)
	return w
}

// measure runs the world for simulated seconds and reports how many of them
// pass in one of real time.
func measure(b *testing.B, w *sim.World) {
	b.ReportAllocs()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as a hunt does
	seconds := 0
	for b.Loop() {
		w.RunFor(time.Second)
		seconds++
	}
	b.ReportMetric(float64(seconds)/b.Elapsed().Seconds(), "sim-s/wall-s")
}

// BenchmarkIdle measures five servers that only keep each other from
// elections, by a heartbeat so often. The floor is etcd's raft, in
// internal/floors; its own default is 100 ms.
func BenchmarkIdle(b *testing.B) {
	for _, heartbeat := range []time.Duration{50 * time.Millisecond, 100 * time.Millisecond} {
		b.Run(heartbeat.String(), func(b *testing.B) { measure(b, ordinaryWorld(b, 3*heartbeat)) })
	}
}

// BenchmarkHundredCommitsPerSecond measures a client that commits a command
// every 10 ms.
func BenchmarkHundredCommitsPerSecond(b *testing.B) {
	w := ordinaryWorld(b, 0)
	w.Go("client", func(p *sim.Process) {
		leader := sim.NodeID(1)
		ask := func(m sim.Message) *raft.Reply {
			for {
				answer, err := p.Call(leader, m, 100*time.Millisecond)
				if err != nil {
					continue
				}
				reply := answer.(*raft.Reply)
				if reply.Status != raft.NotLeader {
					return reply
				}
				leader = max(reply.Leader, 1)
			}
		}
		session := ask(&raft.OpenSession{}).Session
		for sequence := uint64(1); ; sequence++ {
			ask(&raft.Propose{Session: session, Sequence: sequence, Command: []byte("command")})
			p.Sleep(10*time.Millisecond - p.Elapsed()%(10*time.Millisecond))
		}
	})
	measure(b, w)
}
