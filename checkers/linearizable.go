package checkers

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
	"seedbed.example/models"
)

// A Linearizability is what a check for it came to.
type Linearizability struct {
	Verdict   Verdict
	Keys      int      // how many were judged one by one
	Undecided []string // keys on which time ran out
	Offence   *Offence // the shortest one, if violated
}

// An Offence is the shortest beginning of one key's history that has no order.
type Offence struct {
	Key     string
	Culprit history.Operation   // whose return made it so
	Window  []history.Operation // what bears on it, in the order of invocation, the culprit included
}

// Linearizable judges a history by a model, key by key, within a budget of
// real time; 0 is no limit. What can't be decided in time is reported as such.
func Linearizable(h *history.History, model models.Model, budget time.Duration) Linearizability {
	deadline := time.Now().Add(budget)
	result := Linearizability{Verdict: Holds}
	for _, part := range models.Partition(h) {
		result.Keys++
		left := time.Duration(0)
		if budget > 0 {
			left = max(time.Until(deadline), 1)
		}
		switch judge(model, part.Operations, left) {
		case porcupine.Illegal:
			offence := shortest(model, part, left)
			if result.Offence == nil || len(offence.Window) < len(result.Offence.Window) {
				result.Offence = offence
			}
			result.Verdict = Violated
		case porcupine.Unknown:
			result.Undecided = append(result.Undecided, part.Key)
			if result.Verdict == Holds {
				result.Verdict = Unknown
			}
		}
	}
	return result
}

// judge asks Porcupine about operations on one key.
func judge(model models.Model, operations []history.Operation, budget time.Duration) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(model.Porcupine, forPorcupine(operations), budget)
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
	switch op.Outcome {
	case history.OK:
		return true
	case history.Failed:
		return false
	default:
		in, ok := op.Input.(history.Input)
		return !ok || in.F != history.Read
	}
}

func returned(op *history.Operation) int64 {
	if op.Outcome != history.OK {
		return math.MaxInt64
	}
	return int64(op.Returned)
}

// shortest finds the first return at which a key's history has no order any
// more. Beginnings of a linearizable history are linearizable, so bisecting
// the returns finds it.
func shortest(model models.Model, part models.Part, budget time.Duration) *Offence {
	returns := make([]uint64, 0, len(part.Operations))
	for i := range part.Operations {
		if part.Operations[i].Outcome == history.OK {
			returns = append(returns, part.Operations[i].Returned)
		}
	}
	slices.Sort(returns)
	illegal := func(n int) bool {
		return judge(model, until(part.Operations, returns[n]), budget) == porcupine.Illegal
	}
	low, high := 0, len(returns)-1 // returns[high] is illegal
	for low < high {
		middle := (low + high) / 2
		if illegal(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	window := relevant(model, until(part.Operations, returns[high]), budget)
	culprit := window[slices.IndexFunc(window, func(op history.Operation) bool { return op.Returned == returns[high] })]
	return &Offence{Key: part.Key, Culprit: culprit, Window: window}
}

// until is the history as it was known at the moment of one return: what had
// not returned by then has an unknown outcome.
func until(operations []history.Operation, at uint64) []history.Operation {
	var known []history.Operation
	for _, op := range operations {
		if op.Invoked > at {
			continue
		}
		if op.Returned > at || op.Returned == 0 {
			op.Outcome, op.Output, op.Returned, op.Return = history.Unknown, nil, 0, 0
		}
		if matters(&op) {
			known = append(known, op)
		}
	}
	return known
}

// relevant leaves out the reads without which there is still no order. (To
// leave out a write could make an offence of what is none.)
func relevant(model models.Model, operations []history.Operation, budget time.Duration) []history.Operation {
	kept := operations
	for i := 0; i < len(kept); {
		in, ok := kept[i].Input.(history.Input)
		if ok && in.F == history.Read {
			without := slices.Delete(slices.Clone(kept), i, i+1)
			if judge(model, without, budget) == porcupine.Illegal {
				kept = without
				continue
			}
		}
		i++
	}
	return kept
}

// told is how many operations before the culprit a message tells of.
const told = 8

// String tells the offence for people: the culprit, and what went before.
func (o *Offence) String() string {
	var b strings.Builder
	if o.Key == "" {
		b.WriteString("there is no order of the operations up to this one:")
	} else {
		fmt.Fprintf(&b, "key %q: there is no order of the operations up to this one:", o.Key)
	}
	fmt.Fprintf(&b, "\n  %s", describe(o.Culprit))
	before := slices.DeleteFunc(slices.Clone(o.Window), func(op history.Operation) bool { return op.Invoked == o.Culprit.Invoked })
	slices.SortFunc(before, func(a, b history.Operation) int { return cmp.Compare(returned(&a), returned(&b)) })
	if len(before) > 0 {
		fmt.Fprintf(&b, "\nbefore it, latest return last:")
	}
	if hidden := len(before) - told; hidden > 0 {
		fmt.Fprintf(&b, "\n  (%d earlier ones)", hidden)
		before = before[hidden:]
	}
	for _, op := range before {
		fmt.Fprintf(&b, "\n  %s", describe(op))
	}
	return b.String()
}

func describe(op history.Operation) string {
	end := "?"
	if op.Outcome == history.OK {
		end = op.Return.Round(time.Microsecond).String()
	}
	return fmt.Sprintf("client %d: %s  [%v, %s]", op.Client, models.Describe(op.Input, op.Output), op.Call.Round(time.Microsecond), end)
}

// Violations returns what was found broken.
func (l Linearizability) Violations() []Violation {
	if l.Offence == nil {
		return nil
	}
	return []Violation{{"linearizability", l.Offence.String()}}
}
