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

// An Offence is why one key's history has no order, in few operations; or which
// of them break another promise about what is read.
type Offence struct {
	Key string
	// Culprit is the operation whose return made it so: before, there was an
	// order, unless that was too hard to decide.
	Culprit history.Operation
	// Window is operations that have no order, in the order of invocation, the
	// culprit among them: they convict by themselves.
	Window []history.Operation
	// Kind is what is wrong with the culprit's answer: "stale value", "repeated
	// effect" or "invented value", or the kind of the violation of another
	// promise; "" where that is not simple.
	Kind string
	// Reason says in a sentence why the culprit's answer cannot be; "" where that
	// takes more than a sentence.
	Reason string
}

// newOffence tells of the operations on a key those that are needed to convict
// it; at is when the culprit returned. An operation may be needed only as one
// that may have happened. It is told as it was, with its outcome: that makes it
// harder still to find an order.
func newOffence(operations []history.Operation, needed []porcupine.Operation, at int64) *Offence {
	o := &Offence{Key: key(needed)}
	for _, op := range operations {
		if slices.ContainsFunc(needed, func(n porcupine.Operation) bool { return n.Call == int64(op.Invoked) }) {
			o.Window = append(o.Window, op)
		}
		if int64(op.Returned) == at {
			o.Culprit = op
		}
	}
	o.Kind, o.Reason = reason(o, operations)
	return o
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

// told names an operation in a sentence.
func told(op *history.Operation) string {
	if op.Outcome == history.Failed {
		return fmt.Sprintf("client %d's %v", op.Client, op.Input)
	}
	return fmt.Sprintf("client %d's %s", op.Client, models.Describe(op.Input, op.Output))
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
