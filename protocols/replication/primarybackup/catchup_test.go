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
		if n.log.Base().Index < 3 || !n.following {
			t.Fatalf("%v: the backup has not saved a state: %s", mode, n.Status())
		}
		last, commit := n.log.Last(), n.commit
		early := &Part{Prev: Position{Term: 1, Index: 1}, Entries: []Entry{{Index: 2, Term: 1}}}
		state := &Part{Prev: early.Prev, State: n.state()}
		for _, following := range []bool{true, false} {
			n.following = following
			expect(t, mode.String()+": an early part fits", n.take(early), following || mode != Async)
			if following || mode != Async {
				expect(t, mode.String()+": an early state fits", n.take(state), true)
				expect(t, mode.String()+": and changes nothing", []any{n.log.Last(), n.commit}, []any{last, commit})
			}
		}
	}
}
