package checkers

import (
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
)

// withoutUnseen leaves out the operations of unknown outcome that no other can
// have seen, and reports whether the rest has an order just if the whole has.
//
// What writes or appends a value is seen only by what shows that it is there: a
// read whose text holds it, or a compare-and-swap that expects such a text.
// Otherwise no order has anything between it and the next write that could tell
// whether it happened, except a refused compare-and-swap: that may need it there
// to be refused. A delete is seen by a read that finds nothing, and by appends,
// which then begin anew. A proposal is seen by what learns that its value was
// decided, and a value in a queue by what takes it out. What takes values out of
// a queue, and what moves amounts, may be seen by anything.
func withoutUnseen(operations []porcupine.Operation) (rest []porcupine.Operation, same bool) {
	if !slices.ContainsFunc(operations, func(op porcupine.Operation) bool { return !known(op.Output) }) {
		return operations, true
	}
	e := evidenceOf(operations)
	rest = make([]porcupine.Operation, 0, len(operations))
	for i := range operations {
		if op := &operations[i]; known(op.Output) || e.shows(op.Input.(history.Input)) {
			rest = append(rest, *op)
		}
	}
	return rest, len(rest) == len(operations) || !e.refused
}

// evidence is what the operations on one key show of one another.
type evidence struct {
	texts   []string // what was read, decided or dequeued, or expected by a compare-and-swap
	nothing bool     // a read found nothing
	appends bool     // something was appended, or may have been
	refused bool     // a compare-and-swap was refused
}

func evidenceOf(operations []porcupine.Operation) evidence {
	var e evidence
	for i := range operations {
		op := &operations[i]
		switch in := op.Input.(history.Input); in.F {
		case history.Read:
			out := op.Output.(history.Output)
			e.texts = append(e.texts, out.Value)
			e.nothing = e.nothing || !out.Found
		case history.CAS:
			e.texts = append(e.texts, in.Old)
			e.refused = e.refused || refused(op.Input, op.Output)
		case history.Append:
			e.appends = true
		case history.Propose, history.Dequeue:
			if out, known := op.Output.(history.Output); known {
				e.texts = append(e.texts, out.Value)
			}
		}
	}
	return e
}

// shows reports whether something may have seen the effect of in.
func (e *evidence) shows(in history.Input) bool {
	switch in.F {
	case history.Delete:
		return e.nothing || e.appends
	case history.Dequeue, history.Add, history.Deposit, history.Transfer:
		return true
	}
	for _, text := range e.texts {
		if strings.Contains(text, in.Value) {
			return true
		}
	}
	return false
}
