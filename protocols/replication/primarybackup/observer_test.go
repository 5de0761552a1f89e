package primarybackup

import (
	"testing"
)

// known is the digests of a log by index.
func known(digests ...uint64) func(uint64) (uint64, bool) {
	return func(index uint64) (uint64, bool) {
		if index >= uint64(len(digests)) {
			return 0, false
		}
		return digests[index], true
	}
}

func TestInvariantsReportWhatIsBroken(t *testing.T) {
	for _, story := range []struct {
		name string
		mode Mode
		do   func(v *Invariants)
		want []string
	}{
		{"views follow each other", Sync, func(v *Invariants) {
			v.Began(2, 1, 1, known(0, 11))
			v.Acknowledged(1, 1, 11)
			v.Began(3, 2, 2, known(0, 11, 12))
			v.Began(3, 2, 3, known(0, 11, 12, 13)) // again, after a restart
		}, nil},
		{"two primaries", Async, func(v *Invariants) {
			v.Began(2, 1, 0, known(0))
			v.Began(3, 1, 0, known(0))
		}, []string{"one primary"}},
		{"a primary without what was acknowledged", SemiSync, func(v *Invariants) {
			v.Acknowledged(1, 2, 12)
			v.Began(3, 2, 2, known(0, 11, 99))
		}, []string{"primary completeness"}},
		{"a primary with too short a log", Sync, func(v *Invariants) {
			v.Acknowledged(1, 2, 12)
			v.Began(3, 2, 1, known(0, 11))
		}, []string{"primary completeness"}},
		{"a primary that may lose it", Async, func(v *Invariants) {
			v.Acknowledged(1, 2, 12)
			v.Began(3, 2, 1, known(0, 11))
		}, nil},
		{"a replaced primary that restarts", Sync, func(v *Invariants) {
			v.Began(3, 2, 1, known(0, 11))
			v.Acknowledged(2, 2, 12)
			v.Began(2, 1, 1, known(0, 11))
		}, nil},
		{"logs that differ before a common entry", Async, func(v *Invariants) {
			v.Stored(2, Position{Term: 1, Index: 2}, 12)
			v.Stored(3, Position{Term: 1, Index: 2}, 12)
			v.Stored(4, Position{Term: 1, Index: 2}, 99)
		}, []string{"log matching"}},
		{"entries of different epochs", Sync, func(v *Invariants) {
			v.Stored(2, Position{Term: 1, Index: 2}, 12)
			v.Stored(3, Position{Term: 2, Index: 2}, 22)
		}, nil},
		{"what was applied is taken back", Sync, func(v *Invariants) {
			v.Truncated(2, 5, 5)
			v.Truncated(2, 4, 5)
		}, []string{"committed stays"}},
		{"what may be taken back", Async, func(v *Invariants) { v.Truncated(2, 4, 5) }, nil},
		{"two replicas apply different entries", SemiSync, func(v *Invariants) {
			v.Applied(2, 3, 13)
			v.Applied(3, 3, 99)
		}, []string{"committed stays"}},
	} {
		t.Run(story.name, func(t *testing.T) {
			var got []string
			story.do(NewInvariants(story.mode, func(property, _ string) { got = append(got, property) }))
			expect(t, "broken", got, story.want)
		})
	}
}

func TestLossesAreCountedByTheLatestPrimary(t *testing.T) {
	v := NewInvariants(Async, func(_, message string) { t.Error(message) })
	for index := uint64(1); index <= 3; index++ {
		v.Acknowledged(1, index, 10+index)
	}
	expect(t, "at first", v.Losses(), Losses{Acknowledged: 3})
	v.Began(3, 2, 2, known(0, 11, 22))
	expect(t, "after a failover", v.Losses(), Losses{Acknowledged: 3, Lost: 2})
	v.Began(2, 1, 3, known(0, 11, 12, 13))
	expect(t, "when the old primary restarts", v.Losses(), Losses{Acknowledged: 3, Lost: 2})
	v.Began(4, 3, 3, known(0, 11, 12, 13))
	expect(t, "when a backup had them after all", v.Losses(), Losses{Acknowledged: 3})
}
