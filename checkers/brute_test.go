package checkers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/history"
	"seedbed.example/models"
)

// ordered tries every order there is, by the definition: an operation may come
// next if no other that is left has returned before it was called; one of
// unknown outcome may come at any time since its call, or never; one that failed
// never comes. It knows nothing of keys, of Porcupine, or of what is seen.
func ordered(operations []history.Operation, list bool) bool {
	done := make([]bool, len(operations))
	var try func(store map[string]history.Output) bool
	try = func(store map[string]history.Output) bool {
		finished := true
		for i, op := range operations {
			finished = finished && (done[i] || op.Outcome != history.OK)
		}
		if finished {
			return true
		}
		for i, op := range operations {
			if done[i] || op.Outcome == history.Failed || comesLater(op, operations, done) {
				continue
			}
			after := make(map[string]history.Output)
			for key, held := range store {
				after[key] = held
			}
			in := op.Input.(history.Input)
			if in.F == history.Append && list && after[in.Key].Found {
				in.Value = " " + in.Value
			}
			if out := apply(after, in); op.Outcome == history.OK && out != op.Output {
				continue
			}
			done[i] = true
			if try(after) {
				return true
			}
			done[i] = false
		}
		return false
	}
	return try(make(map[string]history.Output))
}

// comesLater reports whether an operation that is left has to come before op.
func comesLater(op history.Operation, operations []history.Operation, done []bool) bool {
	for i, other := range operations {
		if !done[i] && other.Outcome == history.OK && other.Returned < op.Invoked {
			return true
		}
	}
	return false
}

// drawHistory draws a short history in which much goes on at the same time and
// few values are used, some of them part of others, so that about as many have
// an order as have none.
func drawHistory(t *rapid.T, model string) *history.History {
	functions := map[string][]history.Function{
		"register":     {history.Read, history.Read, history.Write},
		"cas-register": {history.Read, history.Read, history.Write, history.CAS},
		"kv":           {history.Read, history.Read, history.Write, history.Append, history.CAS, history.Delete},
		"append-list":  {history.Read, history.Read, history.Append},
	}[model]
	h := new(history.History)
	key := rapid.SampledFrom([]string{"x", "x", "x", "x", "y"})
	value := rapid.SampledFrom([]string{"1", "1", "2", "12", ""})
	open := make(map[int]history.ID)
	store := make(map[string]history.Output)
	for h.Len() < 7 {
		client := rapid.IntRange(0, 3).Draw(t, "client")
		id, busy := open[client]
		if !busy {
			in := history.Input{F: rapid.SampledFrom(functions).Draw(t, "f"), Key: key.Draw(t, "key")}
			switch in.F {
			case history.CAS:
				in.Old, in.Value = value.Draw(t, "old"), value.Draw(t, "value")
			case history.Write, history.Append:
				in.Value = value.Draw(t, "value")
			}
			open[client] = h.Invoke(client, time.Duration(h.Len()), in)
			continue
		}
		delete(open, client)
		in := h.Operations()[id].Input.(history.Input)
		if in.F == history.Append && model == "append-list" && store[in.Key].Found {
			in.Value = " " + in.Value
		}
		out := apply(store, in) // an order in which operations take effect as they return
		switch rapid.IntRange(0, 9).Draw(t, "outcome") {
		case 0, 1, 2:
			h.Return(id, time.Duration(h.Len()), history.Unknown, nil)
		case 3:
			h.Return(id, time.Duration(h.Len()), history.Failed, nil)
		case 4: // a lie
			out = history.Output{Value: value.Draw(t, "lie")}
			out.Found = out.Value != "" || rapid.Bool().Draw(t, "found")
			if in.F == history.CAS {
				out = history.Output{Applied: rapid.Bool().Draw(t, "applied")}
			} else if in.F != history.Read {
				out = history.Output{}
			}
			fallthrough
		default:
			h.Return(id, time.Duration(h.Len()), history.OK, out)
		}
	}
	return h
}

func show(h *history.History) string {
	var b strings.Builder
	for _, op := range h.Operations() {
		fmt.Fprintf(&b, "%d-%d %v %s\n", op.Invoked, op.Returned, op.Outcome, describe(&op))
	}
	return b.String()
}

// For every model: the verdict is that of trying every order; what is told of
// an offence is itself an offence, and before the culprit's return there was
// none; and nothing is called lost that has an order.
func TestTheVerdictIsThatOfTryingEveryOrder(t *testing.T) {
	for _, model := range models.All() {
		t.Run(model.ID, func(t *testing.T) {
			count := make(map[Verdict]int)
			rapid.Check(t, func(t *rapid.T) {
				h := drawHistory(t, model.ID)
				list := model.ID == "append-list"
				want := Violated
				if ordered(h.Operations(), list) {
					want = Holds
				}
				count[want]++
				result := Linearizable(h, model, 0)
				if result.Verdict != want {
					t.Fatalf("%v, want %v\n%s", result, want, show(h))
				}
				if lost := Durable(h); len(lost) > 0 && want == Holds {
					t.Fatalf("called lost, and it has an order: %v\n%s", lost, show(h))
				}
				if want == Violated {
					checkOffence(t, result.Offence, h, list)
				}
			})
			t.Log(count)
			if count[Holds] < 10 || count[Violated] < 10 {
				t.Errorf("histories are too much alike to tell anything: %v", count)
			}
		})
	}
}

func checkOffence(t *rapid.T, o *Offence, h *history.History, list bool) {
	if ordered(o.Window, list) {
		t.Fatalf("the window has an order: %v\n%s", o, show(h))
	}
	if !o.tells(&o.Culprit) {
		t.Fatalf("the culprit is not in the window: %v", o)
	}
	var before []history.Operation
	for _, op := range h.Operations() {
		if op.Input.(history.Input).Key != o.Key || op.Invoked > o.Culprit.Returned {
			continue
		}
		if op.Outcome == history.OK && op.Returned >= o.Culprit.Returned {
			op.Outcome, op.Output = history.Unknown, nil
		}
		before = append(before, op)
	}
	if !ordered(before, list) {
		t.Fatalf("there was no order before the culprit returned: %v\n%s", o, show(h))
	}
}
