package floors

import (
	"io"
	"log"
	"testing"
	"time"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"
)

// cluster is five of etcd's servers in a bare loop: no network but a slice, no
// latency, no disk, no fault, no trace.
type cluster struct {
	servers []*raft.RawNode // by identity, from 1
	stores  []*raft.MemoryStorage
	sent    []raftpb.Message
}

// newCluster makes servers that tick once per heartbeat, and elects the first.
func newCluster(b *testing.B, electionTicks int) *cluster {
	raft.SetLogger(&raft.DefaultLogger{Logger: log.New(io.Discard, "", 0)})
	voters := []uint64{1, 2, 3, 4, 5}
	c := &cluster{servers: make([]*raft.RawNode, len(voters)+1), stores: make([]*raft.MemoryStorage, len(voters)+1)}
	for _, id := range voters {
		store := raft.NewMemoryStorage()
		begin := raftpb.SnapshotMetadata{Index: 1, Term: 1, ConfState: raftpb.ConfState{Voters: voters}}
		if err := store.ApplySnapshot(raftpb.Snapshot{Metadata: begin}); err != nil {
			b.Fatal(err)
		}
		server, err := raft.NewRawNode(&raft.Config{
			ID: id, ElectionTick: electionTicks, HeartbeatTick: 1, Storage: store, Applied: 1,
			MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256, CheckQuorum: true, PreVote: true,
		})
		if err != nil {
			b.Fatal(err)
		}
		c.servers[id], c.stores[id] = server, store
	}
	c.do(b, 1, c.servers[1].Campaign)
	return c
}

// do lets a server do something, and delivers all that comes of it.
func (c *cluster) do(b *testing.B, id uint64, something func() error) {
	if err := something(); err != nil {
		b.Fatal(err)
	}
	c.drain(b, id)
	for len(c.sent) > 0 {
		arriving := c.sent
		c.sent = nil
		for _, m := range arriving {
			if err := c.servers[m.To].Step(m); err != nil {
				b.Fatal(err)
			}
			c.drain(b, m.To)
		}
	}
}

// drain stores what a server wants stored and takes what it sends.
func (c *cluster) drain(b *testing.B, id uint64) {
	for c.servers[id].HasReady() {
		ready := c.servers[id].Ready()
		if !raft.IsEmptyHardState(ready.HardState) {
			if err := c.stores[id].SetHardState(ready.HardState); err != nil {
				b.Fatal(err)
			}
		}
		if err := c.stores[id].Append(ready.Entries); err != nil {
			b.Fatal(err)
		}
		c.sent = append(c.sent, ready.Messages...)
		c.servers[id].Advance(ready)
	}
}

func (c *cluster) tick(b *testing.B) {
	for id := uint64(1); id < uint64(len(c.servers)); id++ {
		c.do(b, id, func() error { c.servers[id].Tick(); return nil })
	}
}

// run ticks at each heartbeat, and has a command committed each commit of
// simulated time, 0 for never.
func run(b *testing.B, heartbeat time.Duration, commit time.Duration) {
	c := newCluster(b, 10)
	b.ReportAllocs()
	seconds := 0
	const step = 10 * time.Millisecond
	for b.Loop() {
		for now := time.Duration(0); now < time.Second; now += step {
			if now%heartbeat == 0 {
				c.tick(b)
			}
			if commit > 0 && now%commit == 0 {
				c.do(b, 1, func() error { return c.servers[1].Propose([]byte("command")) })
			}
		}
		seconds++
	}
	if c.servers[1].BasicStatus().RaftState != raft.StateLeader {
		b.Fatal("the leader has changed")
	}
	b.ReportMetric(float64(seconds)/b.Elapsed().Seconds(), "sim-s/wall-s")
}

// BenchmarkEtcdIdle is the floor of Idle.
func BenchmarkEtcdIdle(b *testing.B) {
	for _, heartbeat := range []time.Duration{50 * time.Millisecond, 100 * time.Millisecond} {
		b.Run(heartbeat.String(), func(b *testing.B) { run(b, heartbeat, 0) })
	}
}

// BenchmarkEtcdHundredCommitsPerSecond is the floor of HundredCommitsPerSecond.
func BenchmarkEtcdHundredCommitsPerSecond(b *testing.B) {
	run(b, 50*time.Millisecond, 10*time.Millisecond)
}
