package checkers

import (
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
)

// A conviction is operations on one key that have no order, and a moment up to
// which nothing seems wrong with them.
type conviction struct {
	operations []porcupine.Operation
	ordered    int64
}

// convict decides whether operations on one key have an order, if it can in so
// many steps and before the deadline. The conviction is of those that have none.
func (s *search) convict(operations []porcupine.Operation, steps int) (conviction, porcupine.CheckResult) {
	found := s.judge(operations, steps)
	switch found.result {
	case porcupine.Illegal:
		return conviction{operations, found.reached}, porcupine.Illegal
	case porcupine.Unknown:
		return s.suspect(operations, steps)
	default:
		return conviction{}, porcupine.Ok
	}
}

// suspicion is how many steps it may take to convict a suspect, for each
// operation.
const suspicion = 20

// suspect looks for a return that convicts operations which are hard to decide,
// in a few times as many steps. To be so hard is suspicious in itself. Where
// there is an order, one is found soon; where there is none, it is the reads
// that nothing is wrong with which make that hard to see.
func (s *search) suspect(operations []porcupine.Operation, steps int) (conviction, porcupine.CheckResult) {
	left := 4 * steps
	for _, at := range returns(operations) {
		if left <= 0 || s.over() {
			break
		}
		few := onlyRelated(until(operations, at), at)
		found := s.judge(few, suspicion*len(few))
		if found.result == porcupine.Illegal {
			return conviction{operations, at - 1}, porcupine.Illegal
		}
		left -= found.steps + len(few) // to ask is work too
	}
	return conviction{}, porcupine.Unknown
}

// returns returns when operations returned, in order.
func returns(operations []porcupine.Operation) []int64 {
	var times []int64
	for i := range operations {
		if op := &operations[i]; known(op.Output) {
			times = append(times, op.Return)
		}
	}
	slices.Sort(times)
	return times
}

// until is the history as it was known at the moment of one return: what had
// not returned by then has an unknown outcome, and says nothing if it is a read.
func until(operations []porcupine.Operation, at int64) []porcupine.Operation {
	var begun []porcupine.Operation
	for i := range operations {
		op := &operations[i]
		if op.Return <= at {
			begun = append(begun, *op)
		} else if op.Call < at && function(op.Input) != history.Read {
			begun = append(begun, undecided(op))
		}
	}
	return begun
}

// undecided returns an operation as if its outcome were unknown.
func undecided(op *porcupine.Operation) porcupine.Operation {
	less := *op
	less.Output, less.Return = nil, never
	return less
}

// changesNothing reports whether an operation only tells what is there.
func changesNothing(op *porcupine.Operation) bool {
	if function(op.Input) == history.Read || refused(op.Input, op.Output) {
		return true
	}
	out, known := op.Output.(history.Output)
	switch in := op.Input.(history.Input); in.F {
	case history.Propose:
		return known && out.Value != in.Value // another one was decided
	case history.Dequeue:
		return known && !out.Found
	default:
		return false
	}
}

// otherReads returns which operations change nothing, except the one that
// returned at that time.
func otherReads(at int64) func(*porcupine.Operation) bool {
	return func(op *porcupine.Operation) bool { return op.Return != at && changesNothing(op) }
}

// onlyRelated leaves out the reads that have nothing to do with what the
// operation saw that returned at that time.
func onlyRelated(operations []porcupine.Operation, at int64) []porcupine.Operation {
	var text string
	for i := range operations {
		if op := &operations[i]; op.Return == at {
			text = shown(op)
		}
	}
	less, _ := withLess(operations, 0, len(operations), func(op *porcupine.Operation) bool {
		other := shown(op)
		related := text != "" && other != "" && (strings.Contains(text, other) || strings.Contains(other, text))
		return op.Return != at && changesNothing(op) && !related
	})
	return less
}

// shown returns the text that an operation found.
func shown(op *porcupine.Operation) string {
	switch in := op.Input.(history.Input); {
	case in.F == history.CAS:
		return in.Old
	case known(op.Output):
		return op.Output.(history.Output).Value
	default:
		return ""
	}
}

// withLess asks for less of those operations[from:to] that may be spared: what
// changes nothing is left out, and any other is taken for one whose outcome is
// unknown.
func withLess(operations []porcupine.Operation, from, to int, may func(*porcupine.Operation) bool) (less []porcupine.Operation, changed bool) {
	less = slices.Clone(operations[:from])
	for i := range operations[from:to] {
		switch op := &operations[from+i]; {
		case !may(op):
			less = append(less, *op)
		case changesNothing(op):
			changed = true
		default:
			less, changed = append(less, undecided(op)), true
		}
	}
	return append(less, operations[to:]...), changed
}

// key returns the key that operations are on.
func key(operations []porcupine.Operation) string { return operations[0].Input.(history.Input).Key }
