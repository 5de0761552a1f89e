package checkers

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/history"
	"seedbed.example/models"
)

// reason says in a sentence why the culprit's answer cannot be, if that is
// simple; operations is all there were on its key. Each reason holds by itself.
func reason(o *Offence, operations []history.Operation) string {
	culprit := &o.Culprit
	if function(culprit) != history.Read {
		return ""
	}
	out := culprit.Output.(history.Output)
	saw := fmt.Sprintf("client %d read %q", culprit.Client, out.Value)
	if !out.Found {
		saw = fmt.Sprintf("client %d found nothing", culprit.Client)
	}
	if out.Found && out.Value != "" {
		if why := unwritten(out.Value, culprit, operations); why != "" {
			return saw + ", " + why
		}
		if why := overwritten(out.Value, culprit, operations); why != "" {
			return saw + ", although " + why
		}
	}
	for _, l := range losses(operations) {
		if l.read.Invoked == culprit.Invoked && o.tells(l.write) {
			return fmt.Sprintf("%s, although %s had returned before", saw, told(l.write))
		}
	}
	return ""
}

// tells reports whether the operation is one of the window.
func (o *Offence) tells(op *history.Operation) bool {
	return slices.ContainsFunc(o.Window, func(other history.Operation) bool { return other.Invoked == op.Invoked })
}

// unwritten says why nobody can have written the value.
func unwritten(value string, culprit *history.Operation, operations []history.Operation) string {
	why := "which nobody had asked to write"
	for i := range operations {
		op := &operations[i]
		if function(op) == history.Read || op.Invoked > culprit.Returned || !strings.Contains(value, input(op).Value) {
			continue
		}
		if function(op) == history.Delete || refused(op) {
			continue
		}
		if op.Outcome != history.Failed {
			return ""
		}
		why = fmt.Sprintf("although %s had failed", told(op))
	}
	return why
}

// overwritten says which operation had overwritten the value before culprit
// was called, if only one can have written it.
func overwritten(value string, culprit *history.Operation, operations []history.Operation) string {
	var writer *history.Operation
	for i := range operations {
		op := &operations[i]
		if op.Outcome == history.Failed || function(op) == history.Read || refused(op) || input(op).Value == "" || !strings.Contains(value, input(op).Value) {
			continue
		}
		if writer != nil || function(op) == history.Append || op.Outcome != history.OK {
			return ""
		}
		writer = op
	}
	if writer == nil {
		return ""
	}
	for i := range operations {
		op := &operations[i]
		if op.Outcome == history.OK && mayReplace(op) && op.Invoked > writer.Returned && op.Returned < culprit.Invoked {
			return fmt.Sprintf("%s had overwritten it before: it was called after %s had returned", told(op), told(writer))
		}
	}
	return ""
}

// told names an operation in a sentence.
func told(op *history.Operation) string {
	return fmt.Sprintf("client %d's %s", op.Client, models.Describe(op.Input, op.Output))
}
