package primarybackup

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A primary fails while the view service is down, which knew before that it works
// in the view. One that must hear so again would wait for ever.
func TestAViewServiceRemembersThatItsViewWasAcknowledged(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 3, Sync, nil)
	c.RunFor(200 * time.Millisecond)
	c.Crash(1)
	c.RunFor(25 * time.Millisecond)
	c.Crash(2)
	c.Restart(1)
	c.RunFor(time.Second)
	expect(t, "a backup took its place", c.replica(3).Leads() && c.replica(3).View().Number == 2, true)
}

// The backups of a primary may fail at once or one after the other: it goes on
// alone, and they come back.
func TestAPrimaryGoesOnAlone(t *testing.T) {
	for _, mode := range []Mode{Sync, SemiSync, Async} {
		for _, gap := range []time.Duration{0, 200 * time.Millisecond} {
			what := fmt.Sprintf("%v, %v apart", mode, gap)
			c := newCluster(sim.NewWorld(sim.Options{}), 3, mode, nil)
			c.RunFor(10 * time.Millisecond)
			c.Crash(3)
			c.RunFor(gap)
			c.Crash(4)
			c.RunFor(300 * time.Millisecond)
			expect(t, what+": answer", c.append(2, "a").Status, OK)
			c.Restart(3)
			c.Restart(4)
			c.RunFor(300 * time.Millisecond)
			expect(t, what+": backups", len(c.replica(2).View().Backups), 2)
			expect(t, what+": settled", c.replica(3).Settled() && c.replica(4).Settled(), true)
		}
	}
}

// A pause is the silence of who stood still, not of those who were not heard
// meanwhile: neither a primary's nor the view service's costs a backup its place.
func TestAPauseIsNobodyElsesSilence(t *testing.T) {
	for _, paused := range []sim.NodeID{1, 2} {
		for pause := 60; pause < 140; pause++ {
			c := newCluster(sim.NewWorld(sim.Options{}), 3, Sync, nil)
			c.RunFor(205 * time.Millisecond)
			c.Pause(paused)
			c.RunFor(time.Duration(pause) * time.Millisecond)
			c.Resume(paused)
			c.RunFor(5 * time.Millisecond)
			for _, id := range []sim.NodeID{3, 4} {
				if v := c.replica(id).View(); id != v.Primary && (len(v.Backups) == 0 || v.Backups[0] != id && v.Backups[len(v.Backups)-1] != id) {
					t.Errorf("node %v stood still for %d ms, and node %v is no more in %v", paused, pause, id, v)
				}
			}
		}
	}
}

// A replica that is outside comes back while the others are never idle, also one
// that is farther away than they.
func TestAReplicaRejoinsUnderLoad(t *testing.T) {
	for _, mode := range []Mode{Sync, SemiSync, Async} {
		for _, away := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 30 * time.Millisecond} {
			c := newCluster(sim.NewWorld(sim.Options{}), 3, mode, nil)
			c.RunFor(10 * time.Millisecond)
			c.Crash(4)
			c.RunFor(300 * time.Millisecond)
			expect(t, mode.String()+": backups", c.replica(2).View().Backups, []sim.NodeID{3})
			far := network.Constant(away)
			c.impose(network.Condition{From: []int{2}, To: []int{4}, Latency: &far})
			c.impose(network.Condition{From: []int{4}, To: []int{2}, Latency: &far})
			c.Restart(4)
			for k := range 8 {
				c.Go(fmt.Sprintf("client %d", k), func(p *sim.Process) {
					p.Sleep(time.Duration(k) * 130 * time.Microsecond)
					client := NewClient(p, c.replicas[:1])
					for {
						_, _ = client.Do(history.Input{F: history.Write, Key: "k", Value: "x"})
					}
				})
			}
			c.RunFor(2 * time.Second)
			expect(t, fmt.Sprintf("%v, %v away: backups", mode, away), c.replica(2).View().Backups, []sim.NodeID{3, 4})
		}
	}
}

// A backup that has entered a view, and has answered who leads it, takes nothing of
// the older one any more, also after a crash.
func TestAViewIsDurableBeforeAnybodyReliesOnIt(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 3, SemiSync, nil)
	c.RunFor(10 * time.Millisecond)
	expect(t, "answer", c.append(2, "a").Status, OK)
	c.RunFor(50 * time.Millisecond)
	c.cut(2)
	c.RunWhile(func() bool { return !c.replica(3).Leads() }, c.Now()+time.Second)
	expect(t, "view of the backup", c.replica(4).View().Number, uint64(2))
	c.Crash(4)
	c.mend()
	c.impose(network.Condition{From: []int{1, 3}, To: []int{2, 4}, Cut: true})
	c.Restart(4)
	c.RunFor(5 * time.Millisecond)
	if reply := c.append(2, "b"); reply != nil {
		t.Errorf("the primary that was replaced answers: %v", reply)
	}
	expect(t, "violations", c.Violations(), nil)
}

// The view service takes nobody into the view that is down, whatever it was told of
// it before.
func TestNobodyJoinsWhoIsDown(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 3, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	c.Crash(4)
	c.RunFor(300 * time.Millisecond)
	s := c.Node(1).(*ViewService)
	s.caughtUp = []sim.NodeID{4}
	s.moveOn()
	expect(t, "view", s.View().Number, uint64(2))
	c.Restart(4)
	c.RunFor(5 * time.Millisecond) // it has pinged
	s.caughtUp = []sim.NodeID{4}
	s.moveOn()
	expect(t, "joined", s.View().Joined, []sim.NodeID{4})
}

// In async mode the view service takes the latest log that it knows of.
func TestLittleIsLost(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 3, Async, nil)
	c.RunFor(10 * time.Millisecond)
	c.cut(3)
	expect(t, "answer", c.append(2, "a").Status, OK)
	c.RunFor(30 * time.Millisecond)
	c.Crash(2)
	c.mend()
	c.RunFor(200 * time.Millisecond)
	expect(t, "who leads", c.replica(4).Leads(), true)
	_, values := c.replica(4).Applied()
	expect(t, "value", values["k"], "a")
}

// Replicas that wait for nobody keep nothing for ever.
func TestWhatWaitsIsBounded(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 3, SemiSync, nil)
	c.RunFor(10 * time.Millisecond)
	c.cut(1)
	c.cut(2)
	n := c.replica(2)
	for range 2 * mostReads {
		n.Receive(1, &Read{history.Input{F: history.Read, Key: "k"}})
	}
	expect(t, "reads that wait", len(n.reads), mostReads)
	c.mend()
	c.RunFor(100 * time.Millisecond)
	expect(t, "reads that wait", len(n.reads), 0)
	c.Crash(2)
	c.RunFor(200 * time.Millisecond)
	expect(t, "who leads", c.replica(3).Leads(), true)
	expect(t, "gathered", len(c.replica(3).gathered), 0)
}
