package primarybackup

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
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

// A backup misses an update, and its word of that is late. Meanwhile it was sent
// what it lacked, and much more.
func TestALateLackIsOldNews(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, func(o *Options) { o.MaxEntries = 1 })
	c.RunFor(10 * time.Millisecond)
	for range 50 {
		expect(t, "answer", c.append(2, "a").Status, OK)
	}
	n := c.replica(2)
	late := &Updated{View: 1, Round: n.peers[0].round - 20, Last: Position{Term: 1, Index: 2}}
	n.Receive(3, late)
	began := c.Now()
	expect(t, "answer", c.append(2, "b").Status, OK)
	expect(t, "it took", c.Now()-began, 4*time.Millisecond)
}

// In async mode a replica has applied what the next primary does not have, and is
// brought up to date one entry at a time: until it has cut that off, its log is not
// the beginning of the primary's, and it must take the whole state if it is sent.
func TestAForeignSuffixGoes(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{Record: true}), 3, Async, func(o *Options) { o.MaxEntries = 1 })
	c.RunFor(10 * time.Millisecond)
	expect(t, "answer", c.append(2, "a").Status, OK)
	expect(t, "answer", c.append(2, "b").Status, OK)
	c.RunFor(1500 * time.Microsecond)
	c.impose(network.Condition{From: []int{2}, To: []int{1, 3, 4}, Cut: true}) // it hears, and is not heard
	for _, word := range []string{"x", "y", "z"} {
		expect(t, "answer", c.append(2, word).Status, OK)
	}
	c.Buggify(wholeState, choice.Always)
	c.Buggify(earlyState, choice.Always)
	c.RunWhile(func() bool { return !c.replica(3).Leads() }, c.Now()+time.Second)
	c.Buggify(wholeState, 0)
	c.Buggify(earlyState, 0)
	c.RunFor(2 * time.Millisecond)
	c.mend()
	began := len(c.Trace().Events)
	c.RunFor(10 * time.Second)
	for _, id := range []sim.NodeID{2, 4} {
		_, want := c.replica(3).Applied()
		_, got := c.replica(id).Applied()
		expect(t, "values of node "+c.Name(id), got, want)
		expect(t, "settled", c.replica(id).Settled(), true)
	}
	if events := len(c.Trace().Events) - began; events > 100_000 {
		t.Errorf("%d events in ten quiet seconds", events)
	}
}

// A replica outside the view has caught up if it holds what was acknowledged when it
// was asked, and the beginning of the view.
func TestWhoHasCaughtUp(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	n := c.replica(2)
	n.begin = 3
	for _, test := range []struct {
		match, commit uint64
		want          bool
	}{{0, 0, false}, {2, 2, false}, {3, 3, true}, {4, 5, false}, {5, 5, true}, {6, 5, true}} {
		n.Receive(3, &Updated{View: 1, Match: test.match, Commit: test.commit, Round: n.peers[0].round + 1})
		expect(t, fmt.Sprintf("%+v", test), n.peers[0].caughtUp, test.want)
	}
}

// A backup says what it holds of what it was sent, and not what else it has.
func TestABackupAnswersForThePartAlone(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	for _, word := range []string{"a", "b"} {
		expect(t, "answer", c.append(2, word).Status, OK)
	}
	c.replica(2).peers[0].match = 0
	c.replica(3).Receive(2, &Update{View: 1, Part: Part{Prev: Position{Term: 1, Index: 1}}})
	c.RunFor(1500 * time.Microsecond)
	expect(t, "match", c.replica(2).peers[0].match, uint64(1))
}

// A backup that was away is brought everything as fast as it answers.
func TestCatchingUpWaitsForNoTick(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, func(o *Options) { o.MaxEntries = 1 })
	c.RunFor(10 * time.Millisecond)
	c.Crash(3)
	c.RunFor(200 * time.Millisecond)
	for range 100 {
		expect(t, "answer", c.append(2, "a").Status, OK)
	}
	c.Restart(3)
	c.RunFor(250 * time.Millisecond) // 2 ms for each entry, and the new view
	expect(t, "entries", c.replica(3).log.LastIndex() >= 102, true)
}

// A backup whose log ends like the primary's may lack the beginning all the same: it
// is sent the state.
func TestALackIsAnswered(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{Record: true}), 2, Async, nil)
	c.RunFor(10 * time.Millisecond)
	n := c.replica(2)
	before := len(c.Trace().Events)
	n.Receive(3, &Updated{View: 1, Round: n.round + 1, Last: n.log.Last(), Base: Position{Term: 1, Index: 9}})
	sent := 0
	for _, e := range c.Trace().Events[before:] {
		if e.Kind == sim.SendEvent && e.Name == "Update" {
			sent++
		}
	}
	expect(t, "updates sent", sent, 1)
}
