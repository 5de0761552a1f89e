package primarybackup

import (
	"testing"
	"time"

	"seedbed.example/sim"
)

// A part of a log may come from before what a replica has applied, saved and cut
// off: it is late, or its sender has applied less. It fits, unless what was applied
// may be lost.
func TestAPartFromBeforeWhatWasAppliedFits(t *testing.T) {
	for _, mode := range []Mode{Sync, SemiSync, Async} {
		c := newCluster(sim.NewWorld(sim.Options{}), 2, mode, func(o *Options) { o.SaveEvery = 2 })
		c.RunFor(10 * time.Millisecond)
		for _, word := range []string{"a", "b", "c", "d"} {
			expect(t, "answer", c.append(2, word).Status, OK)
			c.RunFor(30 * time.Millisecond)
		}
		n := c.replica(3)
		if n.log.Base().Index < 3 || !n.follows() {
			t.Fatalf("%v: the backup has not saved a state: %s", mode, n.Status())
		}
		last, commit := n.log.Last(), n.commit
		early := &Part{Prev: Position{Term: 1, Index: 1}, Entries: []Entry{{Index: 2, Term: 1}}}
		state := &Part{Prev: early.Prev, State: n.state()}
		for _, following := range []bool{true, false} {
			n.view.Number = 2
			if following {
				n.view.Number = 1
			}
			expect(t, mode.String()+": an early part fits", n.take(early), following || mode != Async)
			if following || mode != Async {
				expect(t, mode.String()+": an early state fits", n.take(state), true)
				expect(t, mode.String()+": and changes nothing", []any{n.log.Last(), n.commit}, []any{last, commit})
			}
		}
	}
}

// What is cut off is told to nobody as stored, and the note on disk is of what is
// left; the same when a state takes the log's place.
func TestWhatIsTakenBackIsNotedSo(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Async, func(o *Options) { o.SaveEvery = 4 })
	c.RunFor(10 * time.Millisecond)
	for _, word := range []string{"a", "b", "c", "d", "e"} {
		expect(t, "answer", c.append(2, word).Status, OK)
		c.RunFor(30 * time.Millisecond)
	}
	n := c.replica(3)
	before := n.state()
	noted := func() uint64 {
		_, highWatermark, err := decodeNote(n.log.Noted())
		expect(t, "error", err, nil)
		return highWatermark
	}
	base := n.log.Base().Index
	if n.commit <= base {
		t.Fatalf("nothing is applied behind the saved state: %s", n.Status())
	}
	n.cut(base)
	expect(t, "applied, noted and told as stored", []uint64{n.commit, noted(), n.synced}, []uint64{base, base, base})
	n.install(before)
	expect(t, "applied, noted and told as stored", []uint64{n.commit, noted(), n.synced}, []uint64{before.Index, before.Index, before.Index})
}

// An answer to what was asked in an earlier view says where a log ended then.
func TestALateAnswerIsNotGathered(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 3, SemiSync, nil)
	c.cut(2)
	c.RunFor(time.Millisecond)
	n := c.replica(2)
	expect(t, "role", n.role, gathering)
	n.takeGathered(3, &Gathered{View: n.view.Number - 1})
	n.takeGathered(4, &Gathered{View: n.view.Number + 1})
	expect(t, "gathered", len(n.gathered), 0)
	expect(t, "role", n.role, gathering)
}

// What a backup has answered in an earlier view says nothing of what it holds now.
func TestALateAnswerDoesNotCount(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	n := c.replica(2)
	match := n.peers[0].match
	for _, view := range []uint64{n.view.Number - 1, n.view.Number + 1} {
		n.updated(3, &Updated{View: view, Match: match + 1, Round: n.round + 1})
	}
	expect(t, "match", n.peers[0].match, match)
	expect(t, "round", n.peers[0].round, n.round)
}

// A replica that restarts goes on from its high watermark, before it hears from
// anyone.
func TestARestartBeginsWithWhatWasKnownToBeAcknowledged(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	for _, word := range []string{"a", "b"} {
		expect(t, "answer", c.append(2, word).Status, OK)
		c.RunFor(30 * time.Millisecond)
	}
	c.cut(3)
	c.Crash(3)
	c.Restart(3)
	c.RunFor(time.Millisecond)
	index, values := c.replica(3).Applied()
	expect(t, "applied", index, uint64(2))
	expect(t, "value", values["k"], "a")
}
