package checkers

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/history"
	"seedbed.example/models"
)

// Durable finds what was acknowledged and then missing from a later read, and
// from all after it, although nothing that could have replaced it was asked for. What was
// acknowledged is a write, an append, or a compare-and-swap that was applied.
//
// It accuses nobody wrongly, whatever the history, but it sees a loss only if no
// other value contains the lost one. It finds less than [Linearizable], and says
// more plainly what is gone. Operations must be of [history.Input] and
// [history.Output].
func Durable(h *history.History) []Violation {
	var lost []Violation
	for _, operations := range models.Partition(h) {
		for _, l := range losses(operations) {
			if comesBack(l, operations) {
				continue
			}
			lost = append(lost, Violation{
				Checker: "durability",
				Message: fmt.Sprintf("this was acknowledged, and no later read shows it:\n  %s\n  %s", describe(l.write), describe(l.read)),
				Offence: l.offence(),
			})
		}
	}
	return lost
}

// A loss is a write that was acknowledged, and a read that should show it.
type loss struct{ write, read *history.Operation }

// offence tells the loss as what it is to a client: a read that cannot be.
func (l loss) offence() *Offence {
	return &Offence{
		Key: input(l.read).Key, Culprit: *l.read, Window: []history.Operation{*l.write, *l.read},
		Reason: fmt.Sprintf("client %d does not find what %s had put there", l.read.Client, told(l.write)),
	}
}

// losses finds the losses among operations on one key, in the order of
// invocation, with the first read that shows each.
func losses(operations []history.Operation) []loss {
	// nextReplaced[i] is when the next operation after i begins that may replace
	// what i wrote.
	nextReplaced := make([]uint64, len(operations))
	next := ^uint64(0)
	for i := len(operations) - 1; i >= 0; i-- {
		nextReplaced[i] = next
		if mayReplace(&operations[i]) {
			next = operations[i].Invoked
		}
	}
	var lost []loss
	replacing := int64(0) // when the last operation that has begun so far, and may replace others, has returned
	for i := range operations {
		op := &operations[i]
		if acknowledged(op) && replacing < int64(op.Invoked) {
			if read := missing(op, operations[i+1:], nextReplaced[i]); read != nil {
				lost = append(lost, loss{op, read})
			}
		}
		if mayReplace(op) {
			replacing = max(replacing, end(op))
		}
	}
	return lost
}

// missing returns the first read that began after write had returned, ended
// before the time given, and does not show what was written.
func missing(write *history.Operation, later []history.Operation, before uint64) *history.Operation {
	for i := range later {
		op := &later[i]
		if op.Invoked > before {
			return nil
		}
		if isRead(op) && op.Invoked > write.Returned && op.Returned < before && !shows(op, write) {
			return op
		}
	}
	return nil
}

// comesBack reports whether a read shows what was written that began after the
// one that did not: then it was not gone, and that read was stale.
func comesBack(l loss, operations []history.Operation) bool {
	return slices.ContainsFunc(operations, func(op history.Operation) bool {
		return isRead(&op) && op.Invoked > l.read.Invoked && shows(&op, l.write)
	})
}

func isRead(op *history.Operation) bool {
	return function(op.Input) == history.Read && op.Outcome == history.OK
}

// shows reports whether a read's answer holds what was written.
func shows(read, write *history.Operation) bool {
	out := read.Output.(history.Output)
	return out.Found && strings.Contains(out.Value, input(write).Value)
}

// acknowledged reports whether the operation is known to have put its value
// there.
func acknowledged(op *history.Operation) bool {
	if op.Outcome != history.OK {
		return false
	}
	switch function(op.Input) {
	case history.Write, history.Append:
		return true
	case history.CAS:
		return !refused(op.Input, op.Output)
	default:
		return false
	}
}

// mayReplace reports whether the operation may have taken away what was there.
func mayReplace(op *history.Operation) bool {
	if op.Outcome == history.Failed || refused(op.Input, op.Output) {
		return false
	}
	switch function(op.Input) {
	case history.Read, history.Append:
		return false
	default:
		return true
	}
}

// end is when an operation had certainly taken effect, or would not any more.
func end(op *history.Operation) int64 {
	if op.Outcome == history.Unknown {
		return never
	}
	return int64(op.Returned)
}

func input(op *history.Operation) history.Input { return op.Input.(history.Input) }
