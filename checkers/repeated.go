package checkers

import (
	"fmt"
	"strings"

	"seedbed.example/history"
)

// repeated says which append of the window must have taken effect twice for the
// value to be there, if one must have: however else the value came about, of all
// that may have been written before the culprit returned, it takes that one more
// than once.
func repeated(value string, o *Offence, operations []history.Operation) string {
	for i := range o.Window {
		op := &o.Window[i]
		if function(op.Input) != history.Append || input(op).Value == "" || strings.Count(value, input(op).Value) < 2 {
			continue
		}
		if once, often := pieces(value, op, o, operations); often && !once {
			return fmt.Sprintf("in which %s took effect more than once", told(op))
		}
	}
	return ""
}

// pieces reports whether a value can be put together from what was written and
// appended: with one append once at most, and with it as often as one likes.
func pieces(value string, op *history.Operation, o *Offence, operations []history.Operation) (once, often bool) {
	// with[n][i] reports whether value[:i] can be put together with op n times,
	// and 2 is often.
	var with [3][]bool
	for n := range with {
		with[n] = make([]bool, len(value)+1)
	}
	with[0][0] = true
	for at := range len(value) {
		for i := range operations {
			piece := &operations[i]
			begins := function(piece.Input) == history.Append || at == 0
			if !begins || !mayWrite(piece, value) || piece.Outcome == history.Failed || piece.Invoked > o.Culprit.Returned ||
				input(piece).Value == "" || !strings.HasPrefix(value[at:], input(piece).Value) {
				continue
			}
			for n := range with {
				if !with[n][at] {
					continue
				}
				if piece.Invoked == op.Invoked {
					n = min(n+1, 2)
				}
				with[n][at+len(input(piece).Value)] = true
			}
		}
	}
	end := len(value)
	return with[0][end] || with[1][end], with[2][end]
}
