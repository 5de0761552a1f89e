package primarybackup

import (
	"testing"
	"time"

	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A backup has said that it is still in the view, and the word is late: it was
// asked for before the primary went down and came up again in the same view. By
// the time it arrives the backup is primary itself.
func TestAnAnswerFromBeforeARestartProvesNothing(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	expect(t, "answer", c.append(2, "one").Status, OK)
	for range 200 { // it asks more often than it will after the restart
		expect(t, "answer", c.read(2).Output.Value, "one")
	}
	late := network.Constant(500 * time.Millisecond)
	c.impose(network.Condition{From: []int{3}, To: []int{2}, Kinds: []string{"Updated"}, Latency: &late})
	c.Go("client", func(p *sim.Process) {
		_, _ = p.Call(2, &Read{history.Input{F: history.Read, Key: "k"}}, 5*time.Millisecond)
	})
	c.RunFor(5 * time.Millisecond)
	c.mend()
	c.Crash(2)
	c.Restart(2)
	c.RunFor(10 * time.Millisecond)
	expect(t, "the primary goes on in its view", c.replica(2).Leads() && c.replica(2).View().Number == 1 && c.replica(2).Settled(), true)
	c.impose(network.Condition{From: []int{2}, To: []int{1, 3}, Cut: true})
	c.impose(network.Condition{From: []int{1}, To: []int{2}, Cut: true})
	c.RunFor(200 * time.Millisecond)
	expect(t, "answer of the new primary", c.append(3, " two").Status, OK)
	c.RunUntil(c.Now() + 400*time.Millisecond)
	if reply := c.read(2); reply != nil {
		t.Errorf("the primary that was replaced answers: %v", reply)
	}
	expect(t, "violations", c.Violations(), nil)
}

// A replica finds after any crash what it has promised: with states saved often,
// and while others take its place.
func TestWhatWasAcknowledgedOutlivesRestartsOfAll(t *testing.T) {
	for _, mode := range []Mode{Sync, SemiSync} {
		c := newCluster(sim.NewWorld(sim.Options{}), 3, mode, func(o *Options) { o.SaveEvery = 2 })
		c.RunFor(10 * time.Millisecond)
		want := ""
		for round := range 6 {
			primary := c.replicas[0]
			for _, id := range c.replicas {
				if n := c.replica(id); n.Leads() && n.View().Number >= c.replica(primary).View().Number {
					primary = id
				}
			}
			word := string(rune('a' + round))
			expect(t, mode.String()+": answer", c.append(primary, word).Status, OK)
			want += word
			for _, id := range c.servers {
				if round%2 == 0 || id == primary {
					c.Crash(id)
				}
			}
			c.RunFor(200 * time.Millisecond)
			for _, id := range c.servers {
				c.Restart(id)
			}
			c.RunFor(300 * time.Millisecond)
		}
		for _, id := range c.replicas {
			_, values := c.replica(id).Applied()
			expect(t, mode.String()+": what a replica holds", values["k"], want)
		}
		expect(t, "violations", c.Violations(), nil)
	}
}
