package raft

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A trial is a small cluster under faults, and clients that note what they are
// promised.
type trial struct {
	*cluster
	t            *rapid.T
	acknowledged []string
	healed       bool
	settled      int // clients that have got on since
}

// writer proposes one word after the other, each until it is acknowledged.
func (c *trial) writer(p *sim.Process) {
	servers := choice.NewStream(c.Choices(), "trial", p.ID().String())
	ask := func(m sim.Message) *Reply {
		for {
			to := c.Servers[servers.N(uint64(len(c.Servers)))]
			answer, err := p.Call(to, m, 50*time.Millisecond)
			if reply, ok := answer.(*Reply); err == nil && ok && reply.Status == OK {
				return reply
			}
			p.Sleep(servers.Between(0, 10*time.Millisecond))
		}
	}
	session := ask(&OpenSession{}).Session
	for n := uint64(1); ; n++ {
		healed := c.healed
		word := fmt.Sprintf("%v.%d", p.ID(), n)
		result := string(ask(&Propose{Session: session, Sequence: n, Command: []byte(word)}).Result)
		c.expectPromised("answer to "+word, result, []string{word})
		c.acknowledged = append(c.acknowledged, word)

		before := slices.Clone(c.acknowledged)
		c.expectPromised("read", string(ask(&Read{}).Result), before)
		if healed {
			c.settled++
			return
		}
	}
}

// expectPromised fails if words that were promised are missing, or there twice.
func (c *trial) expectPromised(what, text string, promised []string) {
	times := make(map[string]int)
	for _, word := range strings.Fields(text) {
		if times[word]++; times[word] > 1 {
			c.Violate("once", "", "%s: %s is there twice in %q", what, word, text)
		}
	}
	for _, word := range promised {
		if times[word] == 0 {
			c.Violate("durability", "", "%s: %s is missing in %q", what, word, text)
		}
	}
}

// strike draws one fault, or an end of some.
func (c *trial) strike() {
	one := rapid.SampledFrom(c.Servers).Draw(c.t, "server")
	switch rapid.IntRange(0, 6).Draw(c.t, "fault") {
	case 0:
		c.Crash(one)
	case 1:
		c.CrashAt(c.Now()+time.Duration(rapid.IntRange(0, 20_000).Draw(c.t, "µs"))*time.Microsecond, one)
	case 2:
		c.Restart(one)
	case 3:
		c.Cut(rapid.SliceOfNDistinct(rapid.SampledFrom(c.Servers), 1, -1, rapid.ID).Draw(c.t, "cut off")...)
	case 4:
		c.Mend()
	case 5:
		c.Pause(one)
	case 6:
		c.Resume(one)
	}
}

// Clusters keep what they have acknowledged, carry it out once, and let reads
// see it, whatever strikes; and when all is well again, every client gets on.
func TestAClusterKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		servers := rapid.IntRange(1, 5).Draw(t, "servers")
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		c := &trial{t: t, cluster: newCluster(servers, seed, func(o *Options) {
			o.SnapshotEvery = rapid.IntRange(1, 20).Draw(t, "snapshot every")
			o.ChunkSize = rapid.IntRange(8, 100).Draw(t, "chunk size")
			o.MaxEntries = rapid.IntRange(1, 5).Draw(t, "max entries")
			o.MaxInFlight = rapid.IntRange(1, 4).Draw(t, "max in flight")
			o.Reads = rapid.SampledFrom([]ReadMode{ReadIndex, ReadLease, ReadLog}).Draw(t, "reads")
		})}
		defer c.Close()
		c.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
		lossy := c.Network().Impose(network.Condition{
			Loss:      choice.Rate(rapid.IntRange(0, 10).Draw(t, "loss")) * choice.Percent,
			Duplicate: choice.Rate(rapid.IntRange(0, 10).Draw(t, "duplicate")) * choice.Percent,
			Reorder:   choice.Rate(rapid.IntRange(0, 20).Draw(t, "reorder")) * choice.Percent,
		})
		for _, id := range c.Servers {
			c.Disk(id).SetConditions(storage.Conditions{
				SyncLatency: storage.Latency{Extra: time.Millisecond},
				Lose:        choice.Always / 3, Tear: choice.Always / 3, Reorder: true,
			})
		}
		for range 2 {
			c.Go("writer", c.writer)
		}
		for range rapid.IntRange(0, 20).Draw(t, "faults") {
			c.RunFor(time.Duration(rapid.IntRange(0, 200).Draw(t, "ms")) * time.Millisecond)
			c.strike()
		}
		c.RunFor(20 * time.Millisecond) // planned crashes have struck
		c.Mend()
		c.Network().Lift(lossy)
		for _, id := range c.Servers {
			c.Resume(id)
			c.Restart(id)
		}
		c.healed = true
		if !c.RunWhile(func() bool { return c.settled < 2 }, c.Now()+20*time.Second) {
			t.Errorf("not every client got on")
		}
		c.RunFor(2 * time.Second)
		for _, id := range c.Servers {
			c.expectPromised(fmt.Sprintf("state of %v", id), string(c.server(id).machine.state.Snapshot()), c.acknowledged)
		}
		c.expectHolds(t)
	})
}
