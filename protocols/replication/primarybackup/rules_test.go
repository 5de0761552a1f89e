package primarybackup

import (
	"testing"

	"seedbed.example/sim"
)

// Whoever the view service may leave out, someone is left who holds what was
// acknowledged, or can gather it.
func TestWhatWasAcknowledgedIsHeldByWhoeverIsLeft(t *testing.T) {
	r := Correct()
	for _, mode := range []Mode{Sync, SemiSync} {
		for backups := range 6 {
			members := backups + 1
			for answered := range backups + 1 {
				if !r.Enough(mode, backups, answered) {
					continue
				}
				for left := range members + 1 {
					if !r.MayLeaveOut(mode, members, left, false) {
						continue
					}
					// The primary and those that answered hold it. Of those left
					// as many as can be are others.
					lacking := members - 1 - answered
					if with := left - lacking; with < 1 {
						t.Errorf("%v: %d of %d backups have it, and none of the %d that are left", mode, answered, backups, left)
					} else if !r.MustGather(mode) && with < left {
						t.Errorf("%v: one of the %d that are left lacks it, and does not gather it", mode, left)
					}
				}
			}
		}
	}
}

// The primary holds everything: whoever goes, it can go on.
func TestAPrimaryMayBeLeftAlone(t *testing.T) {
	for _, mode := range []Mode{Sync, SemiSync, Async} {
		expect(t, mode.String(), Correct().MayLeaveOut(mode, 5, 1, true), true)
		expect(t, mode.String()+", none is left", Correct().MayLeaveOut(mode, 5, 0, false), false)
	}
}

func TestTheLatestLogIsOfTheLatestEpochAndThenTheLongest(t *testing.T) {
	ends := []Position{{Term: 1, Index: 9}, {Term: 2, Index: 5}, {Term: 2, Index: 6}, {Term: 2, Index: 6}}
	got := latest([]sim.NodeID{0, 1, 2, 3}, func(id sim.NodeID) Position { return ends[id] })
	expect(t, "who has it", got, sim.NodeID(2))
}
