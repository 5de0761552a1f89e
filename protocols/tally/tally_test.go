package tally_test

import (
	"maps"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// meet reports whether every a of n members have one in common with every b of
// them, by trying all.
func meet(a, b, n int) bool {
	for one := range uint(1) << n {
		for other := range uint(1) << n {
			if bits.OnesCount(one) == a && bits.OnesCount(other) == b && one&other == 0 {
				return false
			}
		}
	}
	return true
}

func TestQuorumsOverlapIfEveryTwoOfThemDo(t *testing.T) {
	for n := 1; n <= 5; n++ {
		for read := range n + 1 {
			for write := range n + 1 {
				if got, want := tally.Overlap(read, write, n), meet(read, write, n); got != want {
					t.Errorf("%d and %d of %d: overlap %v, want %v", read, write, n, got, want)
				}
			}
		}
	}
}

func TestAMajorityIsTheLeastThatMeetsItsLike(t *testing.T) {
	for n := 1; n <= 9; n++ {
		if m := tally.Majority(n); !tally.Overlap(m, m, n) || tally.Overlap(m-1, m-1, n) {
			t.Errorf("%d of %d is not the least", m, n)
		}
	}
}

// A set does what a map does, in the order of identity.
func TestAMemberCountsOnce(t *testing.T) {
	ids := rapid.Map(rapid.IntRange(1, 9), func(i int) sim.NodeID { return sim.NodeID(i) })
	rapid.Check(t, func(t *rapid.T) {
		var s tally.Set
		want := make(map[sim.NodeID]bool)
		for _, id := range rapid.SliceOf(ids).Draw(t, "answers") {
			if rapid.IntRange(0, 9).Draw(t, "reset") == 0 {
				s.Reset(id, id)
				clear(want)
				want[id] = true
				continue
			}
			if isNew := s.Add(id); isNew == want[id] {
				t.Fatalf("%v has answered: %v, and is new: %v", id, want[id], isNew)
			}
			want[id] = true
		}
		members := slices.Sorted(maps.Keys(want))
		if !slices.Equal(s.Members(), members) || s.Len() != len(members) {
			t.Fatalf("%v, %d of them, want %v", s.Members(), s.Len(), members)
		}
		asked := rapid.SliceOfDistinct(ids, rapid.ID).Draw(t, "asked")
		count := 0
		for _, id := range asked {
			if s.Has(id) != want[id] {
				t.Fatalf("has %v: %v", id, s.Has(id))
			}
			if want[id] {
				count++
			}
		}
		if s.Of(asked) != count {
			t.Fatalf("%d of %v, want %d", s.Of(asked), asked, count)
		}
	})
}

func TestCountingAllocatesNothing(t *testing.T) {
	var s tally.Set
	members := []sim.NodeID{3, 1, 5, 2, 4}
	round := func() {
		s.Reset(1)
		for _, id := range members {
			s.Add(id)
		}
		s.Of(members)
	}
	if n := testing.AllocsPerRun(10, round); n > 0 {
		t.Errorf("%v allocations a round, after the first", n)
	}
}
