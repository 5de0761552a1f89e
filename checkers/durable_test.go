package checkers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/history"
)

// Nothing is called lost of a store that loses nothing, whatever its clients
// know of it.
func TestACorrectStoreLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unknown := choice.Rate(rapid.IntRange(0, 50).Draw(t, "unknown")) * choice.Percent
		h := simulated(choice.Seed(rapid.Uint64().Draw(t, "seed")), 200, 5, 2, unknown)
		if lost := Durable(h); len(lost) > 0 {
			t.Fatalf("%v\n%s", lost, show(h))
		}
	})
}

// Where clients only append, a read that misses anything that was acknowledged
// before it was called is found.
func TestEveryLostAppendIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := new(history.History)
		var held string
		lost := ""
		for i := range rapid.IntRange(1, 20).Draw(t, "appends") {
			value := "<" + strings.Repeat("i", i) + ">"
			id := h.Invoke(1, 0, history.Input{F: history.Append, Value: value})
			if rapid.Bool().Draw(t, "acknowledged") {
				h.Return(id, 0, history.OK, history.Output{})
				if lost == "" && rapid.Bool().Draw(t, "lost") {
					lost = value
					continue
				}
			} else {
				h.Return(id, 0, history.Unknown, nil)
			}
			held += value
		}
		h.Return(h.Invoke(2, 0, history.Input{F: history.Read}), 0, history.OK, history.Output{Value: held, Found: held != ""})
		found := Durable(h)
		if lost == "" && len(found) > 0 || lost != "" && (len(found) != 1 || !strings.Contains(found[0].Message, lost)) {
			t.Fatalf("lost %q, found %v\n%s", lost, found, show(h))
		}
	})
}

// A violation that is about operations carries them, for who wants more than
// its text.
func TestViolationsCarryTheOperationsThatConvict(t *testing.T) {
	h := script(t, "1 write x a\n1 ok\n2 write y b\n2 ok\n3 read x\n3 ok nothing")
	operations := h.Operations()
	want := []history.Operation{operations[0], operations[2]}
	for _, found := range [][]Violation{Durable(h), Linearizable(h, kv(), 0).Violations()} {
		if len(found) != 1 || found[0].Offence == nil {
			t.Fatalf("found %+v", found)
		}
		o := found[0].Offence
		if diff := cmp.Diff(want, o.Window); diff != "" || o.Key != "x" || o.Culprit != operations[2] {
			t.Errorf("%s carries %+v", found[0].Checker, o)
		}
		if !strings.Contains(o.Reason, `client 1's write x "a"`) {
			t.Errorf("the reason of %s is %q", found[0].Checker, o.Reason)
		}
	}
}

// A read that misses what was acknowledged is stale, and nothing was lost, if a
// later one shows it.
func TestWhatComesBackWasNotLost(t *testing.T) {
	for _, comesBack := range []bool{true, false} {
		h := new(history.History)
		do := func(in history.Input, out history.Output) { h.Return(h.Invoke(1, 0, in), 0, history.OK, out) }
		do(history.Input{F: history.Append, Value: "a"}, history.Output{})
		do(history.Input{F: history.Read}, history.Output{})
		do(history.Input{F: history.Read}, history.Output{Value: map[bool]string{true: "a"}[comesBack], Found: comesBack})
		if lost := Durable(h); len(lost) > 0 == comesBack {
			t.Errorf("it comes back: %v; called lost: %v", comesBack, lost)
		}
	}
}

func TestAViolationShowsAnotherOfItsKind(t *testing.T) {
	stale, twice, any := Violation{Checker: "c", Kind: "stale"}, Violation{Checker: "c", Kind: "twice"}, Violation{Checker: "c"}
	for _, test := range []struct {
		v, want Violation
		shows   bool
	}{{stale, stale, true}, {stale, twice, false}, {stale, any, true}, {any, stale, false}, {stale, Violation{Checker: "d"}, false}} {
		if got := test.v.Shows(&test.want); got != test.shows {
			t.Errorf("%+v shows %+v: %v", test.v, test.want, got)
		}
	}
}
