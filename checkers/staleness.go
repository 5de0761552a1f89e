package checkers

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"

	"seedbed.example/history"
)

// A Staleness is how far reads are behind. It is a measure and no verdict: what
// is too much the caller says, with [Staleness.OlderThan] or
// [Staleness.FurtherThan].
type Staleness struct {
	Reads int         // how many reads there are of which it is known what they have seen
	Stale []StaleRead // those that are behind, in the order of invocation
	// Of all Reads, those that are not behind among them; of an even number the
	// median is the smaller of the two in the middle.
	MaxBehind, MedianBehind     time.Duration
	MaxVersions, MedianVersions int
}

// A StaleRead is a read of what had been overwritten.
type StaleRead struct {
	Read history.Operation
	By   history.Operation // the write that had overwritten it first
	// Saw is the operations that tell what was read, and that By came after it:
	// the write, and who first knew of it. It is empty if nothing was found.
	Saw []history.Operation
	// Behind is how long before the call of the read that write had been
	// acknowledged: what was read is out of date for that time at least.
	Behind time.Duration
	// Versions is how many newer writes had been acknowledged before the call of
	// the read.
	Versions int
}

// MeasureStaleness measures all reads that were answered.
//
// A write is newer than what a read has seen if it was called after that had
// been acknowledged, or read by anybody; every write is newer than the nothing
// at the beginning. Of writes at the same time neither is newer, so that a read
// is never called more stale than it is by any order of the writes. Only newer
// writes count that had been acknowledged before the read was called: of a
// linearizable history no read is stale. As with [Sessions] a value tells what
// was seen, and other keys than those of registers are left out.
//
// For n operations it takes time in proportion to n log n.
func MeasureStaleness(h *history.History) Staleness {
	var s Staleness
	for _, v := range versionsOf(h) {
		s.measure(v)
	}
	slices.SortFunc(s.Stale, func(a, b StaleRead) int { return cmp.Compare(a.Read.Invoked, b.Read.Invoked) })
	behind, versions := make([]time.Duration, len(s.Stale)), make([]int, len(s.Stale))
	for i, r := range s.Stale {
		behind[i], versions[i] = r.Behind, r.Versions
	}
	s.MaxBehind, s.MedianBehind = maxAndMedian(behind, s.Reads)
	s.MaxVersions, s.MedianVersions = maxAndMedian(versions, s.Reads)
	return s
}

// maxAndMedian returns those of so many values, of which all are 0 that are not
// given.
func maxAndMedian[T int | time.Duration](values []T, of int) (greatest, median T) {
	slices.Sort(values)
	if len(values) > 0 {
		greatest = values[len(values)-1]
	}
	if middle := (of-1)/2 - (of - len(values)); of > 0 && middle >= 0 {
		median = values[middle]
	}
	return greatest, median
}

// measure measures the reads of one key.
func (s *Staleness) measure(v *versioned) {
	var written []*history.Operation // all that were acknowledged, in the order of invocation
	for i := range v.operations {
		if acknowledged(&v.operations[i]) {
			written = append(written, &v.operations[i])
		}
	}
	firsts := firstReturns(written)
	done := newReturned(written)
	for i := range v.operations {
		read := &v.operations[i]
		seen := v.seen(read)
		if seen == nil {
			continue
		}
		s.Reads++
		done.until(read.Invoked)
		newer := sort.Search(len(written), func(i int) bool { return written[i].Invoked > seen.settled })
		if newer == len(written) || firsts[newer].Returned > read.Invoked {
			continue
		}
		by := firsts[newer]
		s.Stale = append(s.Stale, StaleRead{
			Read: *read, By: *by, Saw: window([]*history.Operation{seen.write, seen.by}),
			Behind: read.Call - by.Return, Versions: done.from(newer),
		})
	}
}

// firstReturns tells for each write which of it and those that were called after
// it returned first.
func firstReturns(written []*history.Operation) []*history.Operation {
	firsts := slices.Clone(written)
	for i := len(firsts) - 2; i >= 0; i-- {
		if firsts[i+1].Returned < firsts[i].Returned {
			firsts[i] = firsts[i+1]
		}
	}
	return firsts
}

// A returned counts the writes that have returned so far, by their place in the
// order of invocation. The counts are a tree of sums (Fenwick, "A new data
// structure for cumulative frequency tables", 1994).
type returned struct {
	queue []int // places, in the order of their returns
	when  []uint64
	count int
	sums  []int
}

func newReturned(written []*history.Operation) *returned {
	r := &returned{queue: make([]int, len(written)), when: make([]uint64, len(written)), sums: make([]int, len(written)+1)}
	for i, op := range written {
		r.queue[i], r.when[i] = i, op.Returned
	}
	slices.SortFunc(r.queue, func(a, b int) int { return cmp.Compare(r.when[a], r.when[b]) })
	return r
}

// until counts all that returned before a moment. Moments never decrease.
func (r *returned) until(moment uint64) {
	for r.count < len(r.queue) && r.when[r.queue[r.count]] < moment {
		for i := r.queue[r.count] + 1; i < len(r.sums); i += i & -i {
			r.sums[i]++
		}
		r.count++
	}
}

// from returns how many were counted from a place on.
func (r *returned) from(place int) int {
	count := r.count
	for i := place; i > 0; i -= i & -i {
		count -= r.sums[i]
	}
	return count
}

// OlderThan finds the reads of what had been overwritten for a longer time than
// allowed ("too old").
func (s Staleness) OlderThan(bound time.Duration) []Violation {
	return s.beyond("too old", fmt.Sprint("at most ", bound), func(r *StaleRead) bool { return r.Behind > bound })
}

// FurtherThan finds the reads that are more versions behind than allowed ("too
// far behind").
func (s Staleness) FurtherThan(bound int) []Violation {
	return s.beyond("too far behind", "at most "+counted(bound), func(r *StaleRead) bool { return r.Versions > bound })
}

func (s Staleness) beyond(kind, allowed string, breaks func(*StaleRead) bool) []Violation {
	var found []Violation
	for i := range s.Stale {
		if r := &s.Stale[i]; breaks(r) {
			o := r.offence(kind, allowed)
			found = append(found, Violation{Checker: "staleness", Kind: kind, Message: o.String(), Offence: o})
		}
	}
	return found
}

func (r *StaleRead) offence(kind, allowed string) *Offence {
	_, _, saw := seen(&r.Read)
	convict := []*history.Operation{&r.By, &r.Read}
	for i := range r.Saw {
		convict = append(convict, &r.Saw[i])
	}
	return &Offence{
		Key: input(&r.Read).Key, Culprit: r.Read, Window: window(convict), Kind: kind,
		Reason: fmt.Sprintf("%s, which was %v and %s behind: allowed is %s", saw, r.Behind, counted(r.Versions), allowed),
	}
}

func counted(versions int) string {
	if versions == 1 {
		return "1 version"
	}
	return fmt.Sprintf("%d versions", versions)
}

// String says it in a line.
func (s Staleness) String() string {
	return fmt.Sprintf("%d of %d reads are stale, by %v and %s at most; the median of all is %v and %s",
		len(s.Stale), s.Reads, s.MaxBehind, counted(s.MaxVersions), s.MedianBehind, counted(s.MedianVersions))
}
