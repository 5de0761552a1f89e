package checkers

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
	"seedbed.example/models"
)

// A search decides whether operations on one key have an order, again and
// again. It counts the steps of the model that Porcupine takes for that: unlike
// time, they are the same on every machine.
type search struct {
	model     porcupine.Model
	counting  porcupine.Model // the same, for Porcupine
	deadline  time.Time       // when it is over; zero: never
	marked    []porcupine.Operation
	texts     []string // what anything has seen of the operations in question, in order
	illegible any      // stands for every text that nothing can have seen

	// Of the question under way:
	taken, limit int   // steps
	usedUp       bool  // more were needed
	reached      int64 // the last call that it has come to
}

func newSearch(model models.Model, deadline time.Time) *search {
	s := &search{model: model.Porcupine, counting: model.Porcupine, deadline: deadline}
	s.counting.Partition = nil // it is given one key at a time
	s.counting.Step = s.step
	return s
}

// step is a step of the model. When no more may be taken it fits no operation
// any more, so that Porcupine soon gives up.
func (s *search) step(state, input, output any) (bool, any) {
	const glance = 1 << 10 // after so many steps it looks at the time
	if s.taken%glance == 0 && s.over() {
		s.limit = 0
	}
	if s.taken >= s.limit {
		s.usedUp = true
		return false, state
	}
	s.taken++
	op := input.(*porcupine.Operation)
	s.reached = max(s.reached, op.Call)
	fits, after := s.model.Step(state, op.Input, output)
	return fits, s.legible(after)
}

// legible returns a state, or if it is a text that nothing can have seen, the
// one state that stands for all of those: to search them once is enough. What is
// appended to such a text makes another of them, and only the next write or
// delete leads out. Without this, appends of unknown outcome would be tried in
// every order, and not only in the one in which they were read.
func (s *search) legible(state any) any {
	text, ok := state.(history.Input)
	if !ok {
		return state
	}
	if i, _ := slices.BinarySearch(s.texts, text.Value); i < len(s.texts) && strings.HasPrefix(s.texts[i], text.Value) {
		return state
	}
	return s.illegible
}

// sees sets what was seen of the operations in question.
func (s *search) sees(operations []porcupine.Operation) {
	s.texts = evidenceOf(operations).texts
	slices.Sort(s.texts)
	last := ""
	if n := len(s.texts); n > 0 {
		last = s.texts[n-1]
	}
	s.illegible = history.Input{Value: last + "?"} // it comes after the last, so it begins none of them
}

// over reports whether the search's time is over.
func (s *search) over() bool { return !s.deadline.IsZero() && time.Now().After(s.deadline) }

// A finding is what a search came to.
type finding struct {
	result  porcupine.CheckResult
	steps   int   // that it took
	reached int64 // the last call that it came to: what had returned before has an order
}

// judge decides whether operations on one key have an order, if it can in so
// many steps and before the deadline.
//
// Operations of unknown outcome are what makes this hard: each may come anywhere
// after its call. So it first leaves out those that nobody can have seen. If the
// rest has an order, so has the whole, with what was left out at its end.
func (s *search) judge(operations []porcupine.Operation, steps int) finding {
	if s.over() {
		return finding{result: porcupine.Unknown}
	}
	rest, same := withoutUnseen(operations)
	found := s.ask(rest, steps)
	if found.result == porcupine.Illegal && !same {
		return s.ask(operations, steps)
	}
	return found
}

// ask asks Porcupine, unless an order is found without it.
func (s *search) ask(operations []porcupine.Operation, steps int) finding {
	if findsOrder(s.model, operations) {
		return finding{result: porcupine.Ok}
	}
	s.marked = append(s.marked[:0], operations...)
	for i := range s.marked {
		s.marked[i].Input = &operations[i] // tells a step which operation it is
	}
	s.sees(operations)
	s.taken, s.limit, s.usedUp, s.reached = 0, steps, false, 0
	result := porcupine.Illegal
	if porcupine.CheckOperations(s.counting, s.marked) {
		result = porcupine.Ok
	} else if s.usedUp {
		result = porcupine.Unknown
	}
	return finding{result, s.taken, s.reached}
}

// never is when an operation of unknown outcome returns.
const never = math.MaxInt64

// forPorcupine turns operations into Porcupine's. Its times are the order of
// events, because virtual times tie. What failed did not happen, and is left
// out; what is unknown may happen at any time since its call, and tells nothing
// if it is a read.
func forPorcupine(operations []history.Operation) []porcupine.Operation {
	converted := make([]porcupine.Operation, 0, len(operations))
	for i := range operations {
		op := &operations[i]
		asked := porcupine.Operation{ClientId: op.Client, Input: op.Input, Call: int64(op.Invoked), Return: never}
		switch {
		case op.Outcome == history.OK:
			asked.Output, asked.Return = op.Output, int64(op.Returned)
		case op.Outcome == history.Failed, function(op.Input) == history.Read:
			continue
		}
		converted = append(converted, asked)
	}
	return converted
}

func function(input any) history.Function { return input.(history.Input).F }

// known reports whether an output is an answer, and not that of an operation
// of unknown outcome.
func known(output any) bool {
	_, ok := output.(history.Output)
	return ok
}

// refused reports whether an operation is a compare-and-swap that is known to
// have found another value, or a transfer that is known to have found no funds.
func refused(input, output any) bool {
	out, known := output.(history.Output)
	f := function(input)
	return known && !out.Applied && (f == history.CAS || f == history.Transfer)
}
