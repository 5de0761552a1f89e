package checkers

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/history"
)

// readAfter returns the operations of a client that writes and appends these
// texts in turn, and reads the value last, as one that a reader was told of.
func readAfter(inputs []history.Input, value string) (*Offence, []history.Operation) {
	h := new(history.History)
	for _, in := range inputs {
		h.Return(h.Invoke(1, 0, in), 0, history.OK, history.Output{})
	}
	h.Return(h.Invoke(2, 0, history.Input{F: history.Read}), 0, history.OK, history.Output{Value: value, Found: true})
	operations := h.Operations()
	return &Offence{Culprit: operations[len(operations)-1], Window: operations}, operations
}

// However alike the texts are, nothing is called repeated in what came about by
// each of them once.
func TestWhatTookEffectOnceIsNotCalledRepeated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var inputs []history.Input
		held := ""
		for range rapid.IntRange(1, 12).Draw(t, "operations") {
			in := history.Input{F: history.Append, Value: rapid.StringMatching("[ab]{0,3}").Draw(t, "text")}
			if rapid.IntRange(0, 5).Draw(t, "write") == 0 {
				in.F, held = history.Write, ""
			}
			held += in.Value
			inputs = append(inputs, in)
		}
		o, operations := readAfter(inputs, held)
		if why := repeated(held, o, operations); why != "" {
			t.Fatalf("%q %s, after %v", held, why, inputs)
		}
	})
}

// Where no text could be of another, one that is there twice is named.
func TestAnAppendThatTookEffectTwiceIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var inputs []history.Input
		appends := rapid.IntRange(1, 12).Draw(t, "appends")
		twice := rapid.IntRange(0, appends-1).Draw(t, "twice")
		held, again := "", ""
		for i := range appends {
			text := "<" + strings.Repeat("i", i) + ">"
			held += text
			if i == twice {
				again = text
			}
			if i >= twice && again != "" && rapid.Bool().Draw(t, "now") {
				held, again = held+again, ""
			}
			inputs = append(inputs, history.Input{F: history.Append, Value: text})
		}
		o, operations := readAfter(inputs, held+again)
		if why := repeated(held+again, o, operations); !strings.Contains(why, inputs[twice].String()) {
			t.Fatalf("%q: %q, and it is %v that came twice", held+again, why, inputs[twice])
		}
	})
}
