package checkers

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/history"
)

// What can be wrong with an answer, where that is simple: the kinds of violations
// of linearizability.
const (
	inventedValue  = "invented value" // nobody can have written it
	staleValue     = "stale value"    // what had returned before is not seen
	repeatedEffect = "repeated effect"
)

// reason says in a sentence why the culprit's answer cannot be, and of which
// kind that is, if it is simple; operations is all there were on its key. What
// it says is so, whatever else happened, and names operations of the window. It
// knows registers and key-value stores: what is read of a counter, for one, is
// nothing that anybody has written.
func reason(o *Offence, operations []history.Operation) (kind, sentence string) {
	if slices.ContainsFunc(operations, notOfStore) {
		return "", ""
	}
	value, found, saw := seen(&o.Culprit)
	if saw == "" {
		return "", ""
	}
	if found && value != "" {
		if why := unwritten(value, &o.Culprit, operations); why != "" {
			return inventedValue, saw + ", " + why
		}
		if why := overwritten(value, o, operations); why != "" {
			return staleValue, saw + ", although " + why
		}
		if why := repeated(value, o, operations); why != "" {
			return repeatedEffect, saw + ", " + why
		}
	}
	for _, l := range losses(o.Window) {
		if l.read.Invoked == o.Culprit.Invoked {
			return staleValue, fmt.Sprintf("%s, although %s had returned before", saw, told(l.write))
		}
	}
	return "", ""
}

func notOfStore(op history.Operation) bool {
	switch function(op.Input) {
	case history.Read, history.Write, history.Append, history.CAS, history.Delete:
		return false
	default:
		return true
	}
}

// seen says what an operation saw; "" if its answer tells nothing of that.
func seen(op *history.Operation) (value string, found bool, saw string) {
	out := op.Output.(history.Output)
	switch {
	case function(op.Input) == history.CAS && out.Applied:
		old := input(op).Old
		return old, true, fmt.Sprintf("client %d's cas found %q", op.Client, old)
	case function(op.Input) != history.Read:
		return "", false, ""
	case out.Found:
		return out.Value, true, fmt.Sprintf("client %d read %q", op.Client, out.Value)
	default:
		return "", false, fmt.Sprintf("client %d found nothing", op.Client)
	}
}

// unwritten says why nobody can have written the value.
func unwritten(value string, culprit *history.Operation, operations []history.Operation) string {
	why := "which nobody had asked to write"
	for i := range operations {
		op := &operations[i]
		if !mayWrite(op, value) || op.Invoked == culprit.Invoked || op.Invoked > culprit.Returned {
			continue
		}
		if op.Outcome != history.Failed {
			return ""
		}
		why = fmt.Sprintf("although %s had failed", told(op))
	}
	return why
}

// overwritten says which operation of the window had overwritten the value
// before the culprit was called, if only one can have written it.
func overwritten(value string, o *Offence, operations []history.Operation) string {
	var writer *history.Operation
	for i := range operations {
		op := &operations[i]
		if !mayWrite(op, value) || op.Outcome == history.Failed || op.Invoked == o.Culprit.Invoked {
			continue
		}
		if writer != nil || function(op.Input) == history.Append || input(op).Value != value || op.Outcome != history.OK {
			return ""
		}
		writer = op
	}
	if writer == nil {
		return ""
	}
	for i := range o.Window {
		op := &o.Window[i]
		if op.Outcome == history.OK && mayReplace(op) && op.Invoked > writer.Returned && op.Returned < o.Culprit.Invoked {
			return fmt.Sprintf("%s had overwritten it before: it was called after %s had returned", told(op), told(writer))
		}
	}
	return ""
}

// mayWrite reports whether the operation was to put something there that the
// value holds.
func mayWrite(op *history.Operation, value string) bool {
	switch function(op.Input) {
	case history.Read, history.Delete:
		return false
	default:
		return !refused(op.Input, op.Output) && strings.Contains(value, input(op).Value)
	}
}
