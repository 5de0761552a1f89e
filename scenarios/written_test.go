package scenarios

import (
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/history"
)

// Where quorums do not meet a read may be old, but not of what was never written
// there.
func TestWhatNobodyWroteIsFound(t *testing.T) {
	for _, test := range []struct {
		name string
		read history.Input
		saw  history.Output
		want checkers.Verdict
	}{
		{"nothing", history.Input{Key: "a"}, history.Output{}, checkers.Holds},
		{"a value", history.Input{Key: "a"}, history.Output{Value: "one", Found: true}, checkers.Holds},
		{"an older value", history.Input{Key: "a"}, history.Output{Value: "zero", Found: true}, checkers.Holds},
		{"the value of another key", history.Input{Key: "b"}, history.Output{Value: "one", Found: true}, checkers.Violated},
		{"an invented value", history.Input{Key: "a"}, history.Output{Value: "two", Found: true}, checkers.Violated},
	} {
		var h history.History
		for i, value := range []string{"zero", "one"} {
			h.Return(h.Invoke(1, 0, history.Input{F: history.Write, Key: "a", Value: value}), 0, []history.Outcome{history.OK, history.Unknown}[i], history.Output{})
		}
		test.read.F = history.Read
		h.Return(h.Invoke(2, 0, test.read), 0, history.OK, test.saw)
		verdict, found := onlyWritten(&h)
		if verdict != test.want || (len(found) > 0) != (verdict == checkers.Violated) {
			t.Errorf("%s: %v, %v", test.name, verdict, found)
		}
	}
}
