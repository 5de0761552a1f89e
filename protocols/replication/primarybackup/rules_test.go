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
					if !r.MayLeaveOut(mode, members, left) {
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

func TestTheLatestLogIsOfTheLatestEpochAndThenTheLongest(t *testing.T) {
	ends := []Position{{1, 9}, {2, 5}, {2, 6}, {2, 6}}
	got := latest([]sim.NodeID{0, 1, 2, 3}, func(id sim.NodeID) Position { return ends[id] })
	expect(t, "who has it", got, sim.NodeID(2))
}

func TestALogEndsWhereAnEpochDoes(t *testing.T) {
	var l replicaLog
	for i, epoch := range []uint64{1, 1, 3, 3, 4} {
		l.append(Entry{Position: Position{epoch, uint64(i + 1)}})
	}
	for _, c := range []struct{ p, want Position }{
		{Position{4, 9}, Position{4, 5}}, {Position{3, 9}, Position{3, 4}}, {Position{2, 9}, Position{1, 2}},
		{Position{9, 4}, Position{3, 4}}, {Position{3, 1}, Position{1, 1}}, {Position{0, 9}, Position{}},
	} {
		got, known := l.endOf(c.p)
		if got != c.want || !known {
			t.Errorf("cut to %v it ends at %v, %v: want %v", c.p, got, known, c.want)
		}
	}
	l.compact(3)
	if end, known := l.endOf(Position{2, 9}); known || end != (Position{3, 3}) {
		t.Errorf("it knows what was cut off: %v", end)
	}
	if !l.has(Position{3, 3}) || l.has(Position{1, 3}) || l.has(Position{1, 2}) {
		t.Error("it does not know where it begins")
	}
}
