package checkers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
	"seedbed.example/models"
)

// accountBudget is how much real time the search for a short account of an
// offence may take. When it is over, the account is as short as it has become.
const accountBudget = 400 * time.Millisecond

// attempt is how much of it one attempt may take.
const attempt = accountBudget / 20

// An Offence is why one key's history has no order, in few operations.
type Offence struct {
	Key string
	// Culprit is the operation whose return made it so: before, there was an
	// order.
	Culprit history.Operation
	// Window is operations that have no order, in the order of invocation, the
	// culprit among them: they convict by themselves.
	Window []history.Operation
	// Reason says in a sentence why the culprit's answer cannot be; "" where that
	// takes more than a sentence.
	Reason string
}

// account looks for a short account of why the part has no order.
func account(model models.Model, part models.Part) *Offence {
	s := newSearch(model, accountBudget)
	at := s.firstIllegal(part.Operations)
	kept := s.shorten(until(part.Operations, at))
	o := &Offence{Key: part.Key}
	for _, op := range part.Operations {
		needed := len(kept) > 0 && kept[0].Invoked == op.Invoked
		if needed {
			kept = kept[1:]
		}
		if op.Returned == at {
			o.Culprit = op
		}
		// Told as it was, with its outcome, it is harder still to find an order.
		if needed || op.Returned == at {
			o.Window = append(o.Window, op)
		}
	}
	o.Reason = reason(o, part.Operations)
	return o
}

func (s *search) illegal(operations []history.Operation) bool {
	return s.judge(operations, attempt) == porcupine.Illegal
}

// firstIllegal finds the first return at which a history has no order any
// more. Every beginning of a linearizable history is linearizable, so bisecting
// the returns finds it.
func (s *search) firstIllegal(operations []history.Operation) uint64 {
	var returns []uint64
	for i := range operations {
		if operations[i].Outcome == history.OK {
			returns = append(returns, operations[i].Returned)
		}
	}
	slices.Sort(returns)
	low, high := 0, len(returns)-1 // returns[high] is illegal
	for low < high {
		middle := (low + high) / 2
		if s.illegal(until(operations, returns[middle])) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return returns[high]
}

// until is the history as it was known at the moment of one return: what had
// not returned by then has an unknown outcome.
func until(operations []history.Operation, at uint64) []history.Operation {
	var known []history.Operation
	for _, op := range operations {
		if op.Invoked > at {
			continue
		}
		if op.Outcome == history.OK && op.Returned > at {
			op.Outcome, op.Output = history.Unknown, nil
		}
		if matters(&op) {
			known = append(known, op)
		}
	}
	return known
}

// shorten makes operations that have no order fewer, so that they still have
// none. To leave out a write could make an offence of what is none; so it only
// ever asks for less: reads and refusals are left out, and any other operation's
// outcome is taken for unknown, so that it may be anywhere or nowhere. Then what
// nobody can have seen is left out. Large pieces are tried first.
func (s *search) shorten(operations []history.Operation) []history.Operation {
	kept := certain(operations)
	for size := max(len(kept)/2, 1); ; size /= 2 {
		for from := 0; from < len(kept); {
			to := min(from+size, len(kept))
			if s.over() {
				return kept
			}
			if less, changed := withLess(kept, from, to); changed && s.illegal(less) {
				kept = certain(less)
			} else {
				from = to
			}
		}
		if size == 1 {
			return kept
		}
	}
}

// withLess asks for less of operations[from:to].
func withLess(operations []history.Operation, from, to int) (less []history.Operation, changed bool) {
	less = slices.Clone(operations[:from])
	for _, op := range operations[from:to] {
		if op.Outcome == history.OK {
			changed = true
			if function(&op) == history.Read || refused(&op) {
				continue
			}
			op.Outcome, op.Output = history.Unknown, nil
		}
		less = append(less, op)
	}
	return append(less, operations[to:]...), changed
}

// certain leaves out what nobody can have seen, where it is certain that the
// rest has no order either.
func certain(operations []history.Operation) []history.Operation {
	if rest, same := withoutUnseen(operations); same {
		return rest
	}
	return operations
}

// String tells the offence for people.
func (o *Offence) String() string {
	var b strings.Builder
	if o.Key != "" {
		fmt.Fprintf(&b, "key %q: ", o.Key)
	}
	if o.Reason != "" {
		fmt.Fprintf(&b, "%s.", o.Reason)
	} else {
		fmt.Fprintf(&b, "no order of these operations explains %s.", told(&o.Culprit))
	}
	const most = 12
	window := o.Window
	if hidden := len(window) - most; hidden > 0 {
		window = window[hidden:]
		fmt.Fprintf(&b, "\n  (%d earlier ones)", hidden)
	}
	for i := range window {
		fmt.Fprintf(&b, "\n  %s", describe(&window[i]))
	}
	return b.String()
}

// describe tells an operation and its times; where a recording has no times,
// which events of the recording its call and return were.
func describe(op *history.Operation) string {
	call, end := op.Call.Round(time.Microsecond).String(), op.Return.Round(time.Microsecond).String()
	if op.Call == 0 && op.Return == 0 {
		call, end = fmt.Sprint("event ", op.Invoked), fmt.Sprint("event ", op.Returned)
	}
	if op.Outcome != history.OK {
		end = "?"
	}
	return fmt.Sprintf("client %d: %s  [%s, %s]", op.Client, models.Describe(op.Input, op.Output), call, end)
}
