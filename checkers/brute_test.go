package checkers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/models"
)

// ordered tries every order there is, by the definition: an operation may come
// next if no other that is left has returned before it was called; one of
// unknown outcome may come at any time since its call, or never; one that failed
// never comes. It knows nothing of keys, of Porcupine, or of what is seen.
func ordered(operations []history.Operation, model string) bool {
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
			if out := answer(model, after, input(&op)); op.Outcome == history.OK && out != op.Output {
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

// answer is what a store answers that does as a model specifies. It keeps the
// values of a queue on a line each, and the accounts of a bank by their names.
func answer(model string, store map[string]history.Output, in history.Input) history.Output {
	at := store[in.Key]
	from, to := in.Key+" "+in.From, in.Key+" "+in.To
	switch {
	case in.F == history.Append && model == "append-list" && at.Found:
		in.Value = " " + in.Value
	case in.F == history.Enqueue:
		store[in.Key] = history.Output{Value: at.Value + in.Value + "\n"}
	case in.F == history.Dequeue:
		front, rest, found := strings.Cut(at.Value, "\n")
		store[in.Key] = history.Output{Value: rest}
		return history.Output{Value: front, Found: found}
	case in.F == history.Add:
		store[in.Key] = history.Output{Value: fmt.Sprint(amount(at) + in.Amount), Found: true}
	case in.F == history.Deposit:
		store[to] = history.Output{Value: fmt.Sprint(amount(store[to]) + in.Amount)}
	case in.F == history.Transfer && amount(store[from]) < in.Amount:
		return history.Output{}
	case in.F == history.Transfer:
		store[from] = history.Output{Value: fmt.Sprint(amount(store[from]) - in.Amount)}
		store[to] = history.Output{Value: fmt.Sprint(amount(store[to]) + in.Amount)}
		return history.Output{Applied: true}
	case in.F == history.Read && model == "counter":
		return history.Output{Value: fmt.Sprint(amount(at)), Found: true}
	case in.F == history.Read && model == "bank":
		return models.Balances(map[string]int64{"a": amount(store[in.Key+" a"]), "b": amount(store[in.Key+" b"])})
	}
	return apply(store, in)
}

// amount reads what a store holds; it is 0 if there is nothing.
func amount(held history.Output) int64 {
	n, _ := strconv.ParseInt(held.Value, 10, 64)
	return n
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
		"consensus":    {history.Read, history.Read, history.Propose, history.Propose},
		"queue":        {history.Enqueue, history.Dequeue, history.Dequeue},
		"counter":      {history.Read, history.Read, history.Add},
		"bank":         {history.Read, history.Read, history.Deposit, history.Transfer},
	}[model]
	h := new(history.History)
	key := rapid.SampledFrom([]string{"x", "x", "x", "x", "y"})
	value := rapid.SampledFrom([]string{"1", "1", "2", "12", ""})
	lies := []string{"1", "2", "12", "", "11", "21", "121", "1 1", "1 2", "2 1", "1 12"}
	switch model {
	case "counter":
		lies = []string{"0", "1", "2", "-1"}
	case "bank":
		lies = []string{"", "a=1", "a=2", "b=1", "a=1 b=1", "a=1 b=2"}
	}
	lie, account := rapid.SampledFrom(lies), rapid.SampledFrom([]string{"a", "b"})
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
			case history.Write, history.Append, history.Propose, history.Enqueue:
				in.Value = value.Draw(t, "value")
			case history.Add:
				in.Amount = rapid.Int64Range(-1, 2).Draw(t, "amount")
			case history.Deposit:
				in.To, in.Amount = account.Draw(t, "to"), rapid.Int64Range(1, 2).Draw(t, "amount")
			case history.Transfer:
				in.From, in.To, in.Amount = account.Draw(t, "from"), account.Draw(t, "to"), 1
			}
			open[client] = h.Invoke(client, time.Duration(h.Len()), in)
			continue
		}
		delete(open, client)
		in := h.Operations()[id].Input.(history.Input)
		out := answer(model, store, in) // an order in which operations take effect as they return
		switch rapid.IntRange(0, 9).Draw(t, "outcome") {
		case 0, 1, 2:
			h.Return(id, time.Duration(h.Len()), history.Unknown, nil)
		case 3:
			h.Return(id, time.Duration(h.Len()), history.Failed, nil)
		case 4: // a lie
			switch in.F {
			case history.CAS, history.Transfer:
				out.Applied = rapid.Bool().Draw(t, "applied")
			case history.Read, history.Propose, history.Dequeue:
				out.Value = lie.Draw(t, "lie")
				out.Found = out.Value != "" || rapid.Bool().Draw(t, "found")
			}
			fallthrough
		default:
			h.Return(id, time.Duration(h.Len()), history.OK, out)
		}
	}
	return h
}

// For every model: the verdict is that of trying every order; what is told of
// an offence is itself an offence, and before the culprit's return there was
// none; and nothing is called lost that has an order.
func TestTheVerdictIsThatOfTryingEveryOrder(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model models.Model, h *history.History) Verdict {
		want := Violated
		if ordered(h.Operations(), model.ID) {
			want = Holds
		}
		result := Linearizable(h, model, 0)
		if result.Verdict != want {
			t.Fatalf("%v, want %v\n%s", result, want, show(h))
		}
		if lost := Durable(h); len(lost) > 0 && want == Holds {
			t.Fatalf("called lost, and it has an order: %v\n%s", lost, show(h))
		}
		if want == Violated {
			checkOffence(t, result.Offence, h, model.ID)
		}
		return want
	})
}

// forEachModel checks short histories for each model, and that enough of them
// hold and enough do not.
func forEachModel(t *testing.T, check func(*rapid.T, models.Model, *history.History) Verdict) {
	for _, model := range models.All() {
		t.Run(model.ID, func(t *testing.T) {
			t.Parallel()
			count := make(map[Verdict]int)
			rapid.Check(t, func(t *rapid.T) {
				for range 10 {
					count[check(t, model, drawHistory(t, model.ID))]++
				}
			})
			t.Log(count)
			if count[Holds] < 10 || count[Violated] < 10 {
				t.Errorf("histories are too much alike to tell anything: %v", count)
			}
		})
	}
}

func checkOffence(t *rapid.T, o *Offence, h *history.History, model string) {
	if ordered(o.Window, model) {
		t.Fatalf("the window has an order: %v\n%s", o, show(h))
	}
	if !slices.Contains(o.Window, o.Culprit) {
		t.Fatalf("the culprit is not in the window: %v", o)
	}
	if ordered(knownAt(h, o.Key, o.Culprit.Returned), model) {
		t.Fatalf("there was still an order when the culprit had returned: %v\n%s", o, show(h))
	}
	if !ordered(knownAt(h, o.Key, o.Culprit.Returned-1), model) {
		t.Fatalf("there was no order before the culprit returned: %v\n%s", o, show(h))
	}
}

// knownAt is what was known of a key at the moment of one event.
func knownAt(h *history.History, key string, at uint64) []history.Operation {
	var begun []history.Operation
	for _, op := range h.Operations() {
		if op.Input.(history.Input).Key != key || op.Invoked > at {
			continue
		}
		if op.Outcome == history.OK && op.Returned > at {
			op.Outcome, op.Output = history.Unknown, nil
		}
		begun = append(begun, op)
	}
	return begun
}

// What is left when an account has become short has no order, and of each
// operation in it no less could be asked.
func TestNothingInAShortAccountCanBeSpared(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model models.Model, h *history.History) Verdict {
		s := newSearch(model, time.Time{})
		c, _ := s.judgeAll(model.Porcupine.Partition(forPorcupine(h.Operations())), 1<<20)
		if c == nil {
			return Holds
		}
		a := newAccountant(model)
		few, at := a.firstOffence(*c)
		kept := a.shorten(few, at)
		if ordered(asked(kept), model.ID) {
			t.Fatalf("%v has an order\n%s", kept, show(h))
		}
		for i := range kept {
			less, changed := withLess(kept, i, i+1, func(op *porcupine.Operation) bool { return op.Return != at && known(op.Output) })
			if changed && !ordered(asked(less), model.ID) {
				t.Fatalf("%v is not needed in %v\n%s", kept[i], kept, show(h))
			}
		}
		return Violated
	})
}

// An order of operations is one of those that are left, too, when one is left out
// that changes nothing.
func TestWhatChangesNothingCanBeLeftOut(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model models.Model, h *history.History) Verdict {
		if !ordered(h.Operations(), model.ID) {
			return Violated
		}
		all := forPorcupine(h.Operations())
		for i := range all {
			less := slices.DeleteFunc(slices.Clone(all), func(op porcupine.Operation) bool { return op.Call == all[i].Call })
			if changesNothing(&all[i]) && !ordered(asked(less), model.ID) {
				t.Fatalf("without %v there is no order\n%s", all[i], show(h))
			}
		}
		return Holds
	})
}

// asked turns operations that Porcupine is asked about back into operations.
func asked(operations []porcupine.Operation) []history.Operation {
	var back []history.Operation
	for _, op := range operations {
		b := history.Operation{Client: op.ClientId, Input: op.Input, Invoked: uint64(op.Call)}
		if known(op.Output) {
			b.Output, b.Outcome, b.Returned = op.Output, history.OK, uint64(op.Return)
		}
		back = append(back, b)
	}
	return back
}

// Histories too long to try every order: the verdict is that of Porcupine, asked
// about the whole of them at once.
func TestTheVerdictIsThatOfPorcupineAlone(t *testing.T) {
	model, _ := models.Find("kv")
	count := make(map[Verdict]int)
	rapid.Check(t, func(t *rapid.T) {
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		h := simulated(seed, 60, 4, 2, 20*choice.Percent)
		for range rapid.IntRange(0, 3).Draw(t, "lies") {
			lie(t, h)
		}
		want := Violated
		if porcupine.CheckOperations(model.Porcupine, forPorcupine(h.Operations())) {
			want = Holds
		}
		count[want]++
		if result := Linearizable(h, model, 0); result.Verdict != want {
			t.Fatalf("%v, want %v\n%s", result, want, show(h))
		}
	})
	if count[Holds] < 10 || count[Violated] < 10 {
		t.Errorf("histories are too much alike to tell anything: %v", count)
	}
}

// lie gives a read the answer of another one, if there are any.
func lie(t *rapid.T, h *history.History) {
	var reads []*history.Operation
	for i := range h.Operations() {
		if op := &h.Operations()[i]; function(op.Input) == history.Read && op.Outcome == history.OK {
			reads = append(reads, op)
		}
	}
	if len(reads) > 0 {
		rapid.SampledFrom(reads).Draw(t, "liar").Output = rapid.SampledFrom(reads).Draw(t, "truth").Output
	}
}
