package paxos

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// strike draws one fault, or an end of some.
func strike(t *rapid.T, c *cluster) {
	one := rapid.SampledFrom(c.Servers).Draw(t, "server")
	switch rapid.IntRange(0, 6).Draw(t, "fault") {
	case 0:
		c.Crash(one)
	case 1:
		c.CrashAt(c.Now()+time.Duration(rapid.IntRange(0, 20_000).Draw(t, "µs"))*time.Microsecond, one)
	case 2:
		c.Restart(one)
	case 3:
		c.Cut(rapid.SliceOfNDistinct(rapid.SampledFrom(c.Servers), 1, -1, rapid.ID).Draw(t, "cut off")...)
	case 4:
		c.Mend()
	case 5:
		c.Pause(one)
	case 6:
		c.Resume(one)
	}
}

// Whatever strikes, all that are told something are told the same, and when all is
// well again, every server tells it.
func TestAllAreToldTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		c := newCluster(sim.NewWorld(sim.Options{Choices: seed}), rapid.IntRange(1, 5).Draw(t, "servers"), func(o *Options) {
			o.Retry = time.Duration(rapid.IntRange(1, 50).Draw(t, "retry")) * time.Millisecond
			o.CatchUp = time.Duration(rapid.IntRange(1, 200).Draw(t, "catch up")) * time.Millisecond
		})
		defer c.Close()
		c.Network().SetLatency(network.Exponential(time.Millisecond, 5*time.Millisecond))
		lossy := c.Network().Impose(network.Condition{
			Loss:      choice.Rate(rapid.IntRange(0, 30).Draw(t, "loss")) * choice.Percent,
			Duplicate: choice.Rate(rapid.IntRange(0, 10).Draw(t, "duplicate")) * choice.Percent,
		})
		for _, alternative := range Alternatives() {
			c.Buggify(alternative, choice.Rate(rapid.IntRange(0, 50).Draw(t, alternative))*choice.Percent)
		}
		for _, id := range c.Servers {
			c.Disk(id).SetConditions(storage.Conditions{SyncLatency: storage.Latency{Extra: time.Millisecond}, Lose: choice.Always / 3, Tear: choice.Always / 3, Reorder: true})
		}
		told := make(map[string]bool)
		note := func(m *Reply) {
			if m.Chosen {
				told[m.Value] = true
			}
		}
		proposed := make(map[string]bool)
		for i := range rapid.IntRange(0, 20).Draw(t, "faults") {
			value := fmt.Sprint("value ", i)
			proposed[value] = true
			c.ask(rapid.SampledFrom(c.Servers).Draw(t, "asked"), &Propose{"a", value}, note)
			c.ask(rapid.SampledFrom(c.Servers).Draw(t, "read"), &Read{"a"}, note)
			c.RunFor(time.Duration(rapid.IntRange(0, 50).Draw(t, "ms")) * time.Millisecond)
			strike(t, c)
		}
		c.RunFor(20 * time.Millisecond) // planned crashes have struck
		c.Mend()
		c.Network().Lift(lossy)
		for _, id := range c.Servers {
			c.Resume(id)
			c.Restart(id)
		}
		proposed["last"] = true
		answered := 0 // not what was asked before: that a read found nothing may come late
		for _, id := range c.Servers {
			c.ask(id, &Propose{"a", "last"}, func(m *Reply) {
				answered++
				note(m)
			})
		}
		if !c.RunWhile(func() bool { return answered < len(c.Servers) }, c.Now()+20*time.Second) {
			t.Errorf("not every server has answered: %d of %d; %v", answered, len(c.Servers), c.Violations())
		}
		if len(told) != 1 {
			t.Errorf("told were %v", told)
		}
		for value := range told {
			if !proposed[value] {
				t.Errorf("%q was never proposed", value)
			}
		}
		expect(t, "violations", len(c.Violations()), 0)
	})
}

// In the calmest world, where all draw the same, proposers that begin at one
// instant do not outbid each other for ever.
func TestDuelsEndWhereNobodyDrawsLots(t *testing.T) {
	for servers := 2; servers <= 9; servers++ {
		c := newCluster(sim.NewWorld(sim.Options{}), servers, nil)
		answered := 0
		for _, id := range c.Servers {
			c.ask(id, &Propose{"a", fmt.Sprint(id)}, func(*Reply) { answered++ })
		}
		if !c.RunWhile(func() bool { return answered < servers }, 2*time.Second) {
			t.Errorf("%d servers: %d clients have an answer after 2 s", servers, answered)
		}
		c.Close()
	}
}
