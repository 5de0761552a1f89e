package checkers

import (
	"math"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
	"seedbed.example/models"
)

// A search asks Porcupine about the operations on one key, again and again,
// until its time is over.
type search struct {
	model    porcupine.Model
	deadline time.Time // zero: none
}

func newSearch(model models.Model, budget time.Duration) *search {
	s := &search{model: model.Porcupine}
	s.model.Partition = nil // it is given one key at a time
	if budget > 0 {
		s.deadline = time.Now().Add(budget)
	}
	return s
}

// over reports whether the search's time is over.
func (s *search) over() bool { return !s.deadline.IsZero() && time.Now().After(s.deadline) }

// judge decides whether operations on one key have an order, if it can in this
// turn and before the deadline.
//
// Operations of unknown outcome are what makes this hard: each may come anywhere
// after its call. So it first leaves out those that nobody can have seen. If the
// rest has an order, so has the whole, with what was left out at its end.
func (s *search) judge(operations []history.Operation, turn time.Duration) porcupine.CheckResult {
	rest, same := withoutUnseen(operations)
	result := s.ask(rest, turn)
	if result == porcupine.Illegal && !same {
		return s.ask(operations, turn)
	}
	return result
}

func (s *search) ask(operations []history.Operation, turn time.Duration) porcupine.CheckResult {
	if !s.deadline.IsZero() {
		turn = max(min(turn, time.Until(s.deadline)), 1)
	}
	return porcupine.CheckOperationsTimeout(s.model, forPorcupine(operations), turn)
}

// forPorcupine turns operations into Porcupine's. Its times are the order of
// events, because virtual times tie. What failed did not happen; what is
// unknown may happen at any time since its call, and tells nothing if it is a
// read.
func forPorcupine(operations []history.Operation) []porcupine.Operation {
	converted := make([]porcupine.Operation, 0, len(operations))
	for i := range operations {
		op := &operations[i]
		if !matters(op) {
			continue
		}
		converted = append(converted, porcupine.Operation{
			ClientId: op.Client, Input: op.Input, Call: int64(op.Invoked), Output: op.Output, Return: returned(op),
		})
	}
	return converted
}

func matters(op *history.Operation) bool {
	return op.Outcome == history.OK || op.Outcome == history.Unknown && function(op) != history.Read
}

func returned(op *history.Operation) int64 {
	if op.Outcome != history.OK {
		return math.MaxInt64
	}
	return int64(op.Returned)
}

func input(op *history.Operation) history.Input { return op.Input.(history.Input) }

func function(op *history.Operation) history.Function { return input(op).F }

// refused reports whether the operation is a compare-and-swap that is known to
// have found another value.
func refused(op *history.Operation) bool {
	return op.Outcome == history.OK && function(op) == history.CAS && !op.Output.(history.Output).Applied
}

// withoutUnseen leaves out the operations of unknown outcome that no other can
// have seen, and reports whether the rest has an order just if the whole has.
//
// What writes or appends a value is seen only by what shows that it is there: a
// read whose text holds it, or a compare-and-swap that expects such a text.
// Otherwise no order has anything between it and the next write that could tell
// whether it happened, except a refused compare-and-swap: that may need it there
// to be refused. A delete is seen by a read that finds nothing, and by appends,
// which then begin anew.
func withoutUnseen(operations []history.Operation) (rest []history.Operation, same bool) {
	e := evidenceOf(operations)
	if e.unknown == 0 {
		return operations, true
	}
	rest = make([]history.Operation, 0, len(operations))
	for i := range operations {
		op := &operations[i]
		if op.Outcome != history.Unknown || e.shows(input(op)) {
			rest = append(rest, *op)
		}
	}
	return rest, len(rest) == len(operations) || !e.refused
}

// evidence is what the operations on one key show of one another.
type evidence struct {
	unknown int      // operations of unknown outcome that are not reads
	texts   []string // what was read, or expected by a compare-and-swap
	nothing bool     // a read found nothing
	appends bool     // something was appended, or may have been
	refused bool     // a compare-and-swap was refused
}

func evidenceOf(operations []history.Operation) evidence {
	var e evidence
	for i := range operations {
		if op := &operations[i]; op.Outcome == history.Unknown && function(op) != history.Read {
			e.unknown++
		}
	}
	if e.unknown == 0 {
		return e
	}
	for i := range operations {
		op := &operations[i]
		if !matters(op) {
			continue
		}
		switch in := input(op); in.F {
		case history.Read:
			out := op.Output.(history.Output)
			e.texts = append(e.texts, out.Value)
			e.nothing = e.nothing || !out.Found
		case history.CAS:
			e.texts = append(e.texts, in.Old)
			e.refused = e.refused || refused(op)
		case history.Append:
			e.appends = true
		}
	}
	return e
}

// shows reports whether something may have seen the effect of in.
func (e *evidence) shows(in history.Input) bool {
	switch in.F {
	case history.Read:
		return false
	case history.Delete:
		return e.nothing || e.appends
	}
	for _, text := range e.texts {
		if strings.Contains(text, in.Value) {
			return true
		}
	}
	return false
}
