package checkers

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/history"
)

// staleness is the measure by its definition.
func (n naiveVersions) staleness() Staleness {
	var s Staleness
	var behind []time.Duration
	var versions []int
	for i := range n.all {
		read := &n.all[i]
		seen, ok := n.writer(read)
		if !ok {
			continue
		}
		s.Reads++
		r := StaleRead{Read: *read}
		for k := range n.all {
			op := &n.all[k]
			if input(op).F != history.Write || op.Outcome != history.OK || input(op).Key != input(read).Key || op.Returned > read.Invoked || !n.follows(op, seen) {
				continue
			}
			if r.Versions++; r.Versions == 1 || op.Returned < r.By.Returned {
				r.By, r.Behind = *op, read.Call-op.Return
			}
		}
		behind, versions = append(behind, r.Behind), append(versions, r.Versions)
		if r.Versions > 0 {
			s.Stale = append(s.Stale, r)
		}
	}
	if slices.Sort(behind); s.Reads > 0 {
		slices.Sort(versions)
		last, middle := s.Reads-1, (s.Reads-1)/2
		s.MaxBehind, s.MedianBehind, s.MaxVersions, s.MedianVersions = behind[last], behind[middle], versions[last], versions[middle]
	}
	return s
}

func TestStalenessIsWhatAllPairsSay(t *testing.T) {
	medians := 0
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		h := drawRegisters(t, 14, equals)
		s, naive := MeasureStaleness(h), newNaive(h.Operations()).staleness()
		if diff := cmp.Diff(naive, s, cmpopts.IgnoreFields(StaleRead{}, "Saw")); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, show(h))
		}
		for _, r := range s.Stale {
			// What is told convicts by itself: by one version at least.
			convicts := newNaive(r.offence("", "").Window).staleness()
			if n := len(convicts.Stale); n == 0 || convicts.Stale[n-1].Versions < 1 || convicts.Stale[n-1].Read.Invoked != r.Read.Invoked {
				t.Fatalf("%v\n%s", r.offence("", ""), show(h))
			}
		}
		if s.MedianVersions > 0 {
			medians++
		}
		return naive.MaxVersions <= 1, s.FurtherThan(1)
	})
	if medians < 20 {
		t.Errorf("only %d medians are not 0", medians)
	}
}

func TestABoundOnTimeAllowsJustSoMuch(t *testing.T) {
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		h := drawRegisters(t, 14, equals)
		naive := newNaive(h.Operations()).staleness()
		return naive.MaxBehind <= 2, MeasureStaleness(h).OlderThan(2)
	})
}

// Of what is linearizable no read is stale, and no session finds anything wrong.
func TestNoReadOfALinearizableHistoryIsStale(t *testing.T) {
	register, ordered := kv(), 0
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			h := drawRegisters(t, 8, equals)
			if Linearizable(h, register, 0).Verdict != Holds {
				continue
			}
			ordered++
			if s := MeasureStaleness(h); len(s.Stale) > 0 {
				t.Fatalf("%v\n%s", s, show(h))
			}
			if found := Sessions(h, Guarantees()...); len(found) > 0 {
				t.Fatalf("%v\n%s", found, show(h))
			}
		}
	})
	if ordered < 100 {
		t.Errorf("only %d histories are linearizable", ordered)
	}
}
