package tally

import (
	"slices"

	"seedbed.example/sim"
)

// A Set is distinct members that have answered. The zero Set is empty.
type Set struct {
	members []sim.NodeID // in order, each once
}

// Add notes that a member has answered, and reports whether that is new.
func (s *Set) Add(id sim.NodeID) bool {
	at, found := slices.BinarySearch(s.members, id)
	if found {
		return false
	}
	s.members = slices.Insert(s.members, at, id)
	return true
}

// Reset forgets all answers and begins again with these: often with the member
// that counts, which need not ask itself.
func (s *Set) Reset(own ...sim.NodeID) {
	s.members = s.members[:0]
	for _, id := range own {
		s.Add(id)
	}
}

// Has reports whether a member has answered.
func (s *Set) Has(id sim.NodeID) bool {
	_, found := slices.BinarySearch(s.members, id)
	return found
}

// Len returns how many have answered.
func (s *Set) Len() int { return len(s.members) }

// Of returns how many of these members, each named once, have answered.
func (s *Set) Of(members []sim.NodeID) int {
	count := 0
	for _, id := range members {
		if s.Has(id) {
			count++
		}
	}
	return count
}

// Members returns those that have answered, in order of identity. The slice is
// the set's own until the next change.
func (s *Set) Members() []sim.NodeID { return s.members }
