package models

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/history"
)

// naive is what a model specifies, as its clients think of it: it keeps a list
// of pieces, and answers at once.
type naive struct {
	model    string
	pieces   []string
	found    bool // whether there is anything, be it an empty piece
	sum      int64
	accounts map[string]int64
}

func newNaive(model string) *naive { return &naive{model: model, accounts: make(map[string]int64)} }

// text is all pieces, as they are read.
func (n *naive) text() string {
	if n.model == "append-list" {
		return strings.Join(n.pieces, " ")
	}
	return strings.Join(n.pieces, "")
}

// holds is how the model describes it.
func (n *naive) holds() string {
	switch {
	case n.model == "counter":
		return fmt.Sprint(n.sum)
	case n.model == "bank" && n.read().Found:
		return n.read().Value
	case n.model == "queue" && len(n.pieces) > 0:
		return strings.Trim(fmt.Sprintf("%q", n.pieces), "[]")
	case n.model != "queue" && n.found:
		return fmt.Sprintf("%q", n.text())
	default:
		return "nothing"
	}
}

func (n *naive) read() history.Output {
	switch n.model {
	case "counter":
		return history.Output{Value: fmt.Sprint(n.sum), Found: true}
	case "bank":
		var told []string
		for _, name := range []string{"a", "b", "c"} {
			if n.accounts[name] != 0 {
				told = append(told, fmt.Sprint(name, "=", n.accounts[name]))
			}
		}
		return history.Output{Value: strings.Join(told, " "), Found: told != nil}
	default:
		return history.Output{Value: n.text(), Found: n.found}
	}
}

func (n *naive) set(pieces ...string) { n.pieces, n.found = pieces, true }

func (n *naive) answer(in history.Input) history.Output {
	switch in.F {
	case history.Read:
		return n.read()
	case history.Write:
		n.set(in.Value)
	case history.Append:
		n.set(append(n.pieces, in.Value)...)
	case history.Delete:
		n.pieces, n.found = nil, false
	case history.CAS:
		if n.found && n.text() == in.Old {
			n.set(in.Value)
			return history.Output{Applied: true}
		}
	case history.Propose:
		if !n.found {
			n.set(in.Value)
		}
		return history.Output{Value: n.text(), Found: true}
	case history.Enqueue:
		n.pieces = append(n.pieces, in.Value)
	case history.Dequeue:
		if len(n.pieces) > 0 {
			front := n.pieces[0]
			n.pieces = n.pieces[1:]
			return history.Output{Value: front, Found: true}
		}
	case history.Add:
		n.sum += in.Amount
	case history.Deposit:
		n.accounts[in.To] += in.Amount
	case history.Transfer:
		if n.accounts[in.From] < in.Amount {
			return history.Output{}
		}
		n.accounts[in.From] -= in.Amount
		n.accounts[in.To] += in.Amount
		return history.Output{Applied: true}
	}
	return history.Output{}
}

// drawInput draws what the model knows of, on one key.
func drawInput(t *rapid.T, model Model) history.Input {
	value := rapid.SampledFrom([]string{"", "1", "2", "12"})
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	in := history.Input{F: rapid.SampledFrom(model.functions).Draw(t, "f")}
	switch in.F {
	case history.Write, history.Append, history.Propose, history.Enqueue:
		in.Value = value.Draw(t, "value")
	case history.CAS:
		in.Old, in.Value = value.Draw(t, "old"), value.Draw(t, "value")
	case history.Add:
		in.Amount = rapid.Int64Range(-2, 2).Draw(t, "amount")
	case history.Deposit, history.Transfer:
		in.To, in.Amount = name.Draw(t, "to"), rapid.Int64Range(1, 3).Draw(t, "amount")
		if in.F == history.Transfer {
			in.From = name.Draw(t, "from")
		}
	}
	return in
}

// One thing at a time, a model accepts the answer of its naive twin and no
// other; and what is not known might have been any answer.
func TestAModelAnswersAsItsNaiveTwinDoes(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model Model) {
		twin, state := newNaive(model.ID), model.Porcupine.Init()
		for range rapid.IntRange(1, 12).Draw(t, "operations") {
			in := drawInput(t, model)
			before := model.Porcupine.DescribeState(state)
			out := twin.answer(in)
			unknown, after := model.Porcupine.Step(state, in, nil)
			accepts, same := model.Porcupine.Step(state, in, out)
			if !unknown || !accepts || !model.Porcupine.Equal(after, same) {
				t.Fatalf("%s after %s: unknown %v, known %v", Describe(in, out), before, unknown, accepts)
			}
			for _, lie := range lies(in.F, out) {
				if accepts, _ := model.Porcupine.Step(state, in, lie); accepts {
					t.Fatalf("%s after %s: a lie", Describe(in, lie), before)
				}
			}
			other := drawInput(t, model)
			model.Porcupine.Step(state, other, nil)
			if again := model.Porcupine.DescribeState(state); again != before || !model.Porcupine.Equal(after, same) {
				t.Fatalf("%s or %s changed the state before it, %s, or that after the other", Describe(in, out), other, before)
			}
			state = after
			if holds := model.Porcupine.DescribeState(state); holds != twin.holds() {
				t.Fatalf("after %s it holds %s, want %s", Describe(in, out), holds, twin.holds())
			}
		}
	})
}

func forEachModel(t *testing.T, check func(*rapid.T, Model)) {
	for _, model := range All() {
		t.Run(model.ID, func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { check(t, model) }) })
	}
}

// lies is answers that are not the true one.
func lies(f history.Function, out history.Output) []history.Output {
	switch f {
	case history.CAS, history.Transfer:
		return []history.Output{{Applied: !out.Applied}}
	case history.Read, history.Propose, history.Dequeue:
		if out.Found && out.Value != "" {
			return []history.Output{{}, {Found: true}, {Value: out.Value + "x", Found: true}, {Value: "x" + out.Value, Found: true}}
		}
		if out.Found {
			return []history.Output{{}, {Value: "1", Found: true}}
		}
		return []history.Output{{Found: true}, {Value: "1", Found: true}}
	default:
		return nil
	}
}

// States are equal if and only if they hold the same, and then have the same
// hash, however they came about.
func TestEqualStatesHaveEqualHashes(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model Model) {
		draw := func(label string) (state any, holds string) {
			twin := newNaive(model.ID)
			state = model.Porcupine.Init()
			for range rapid.IntRange(0, 4).Draw(t, label) {
				in := drawInput(t, model)
				twin.answer(in)
				_, state = model.Porcupine.Step(state, in, nil)
			}
			return state, twin.holds()
		}
		a, holdsA := draw("first")
		b, holdsB := draw("second")
		if equal := model.Porcupine.Equal(a, b); equal != (holdsA == holdsB) {
			t.Fatalf("%s and %s: equal is %v", holdsA, holdsB, equal)
		}
		if holdsA == holdsB && model.Porcupine.Hash(a) != model.Porcupine.Hash(b) {
			t.Fatalf("%s has two hashes", holdsA)
		}
	})
}

func TestAppendsInAnotherOrderAreAnotherState(t *testing.T) {
	for _, model := range All() {
		if !slices.Contains(model.functions, history.Append) {
			continue
		}
		var hashes []uint64
		for _, order := range []string{"abc", "acb", "bac", "bca", "cab", "cba"} {
			state := model.Porcupine.Init()
			for _, element := range order {
				_, state = model.Porcupine.Step(state, history.Input{F: history.Append, Value: string(element)}, nil)
			}
			hashes = append(hashes, model.Porcupine.Hash(state))
		}
		slices.Sort(hashes)
		if len(slices.Compact(hashes)) < 6 {
			t.Errorf("%s: six orders have %d hashes", model.ID, len(slices.Compact(hashes)))
		}
	}
}

func TestAModelRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, model := range All() {
		for _, f := range append(history.Functions(), 99) {
			var h history.History
			h.Return(h.Invoke(1, 0, history.Input{F: f, From: "a", To: "b", Amount: 1}), 0, history.OK, history.Output{})
			err := model.Accepts(&h)
			if knows := slices.Contains(model.functions, f); knows != (err == nil) {
				t.Errorf("%s, %v: %v", model.ID, f, err)
			}
			if err != nil && !strings.Contains(err.Error(), "knows only ") {
				t.Errorf("%s: %q does not say what it knows", model.ID, err)
			}
		}
	}
}

func TestAModelRefusesWhatIsNotOfAStore(t *testing.T) {
	lists, _ := Find("append-list")
	for says, add := range map[string]func(h *history.History){
		"operation 1 is a string: want a history.Input":                        func(h *history.History) { h.Invoke(1, 0, "read") },
		"the answer to operation 1, read, is a string: want a history.Output":  func(h *history.History) { h.Return(h.Invoke(1, 0, history.Input{}), 0, history.OK, "x") },
		"the answer to operation 1, read, is a <nil>: want a history.Output":   func(h *history.History) { h.Return(h.Invoke(1, 0, history.Input{}), 0, history.OK, nil) },
		`operation 1 is append "a b", and an element of a list holds no blank`: func(h *history.History) { h.Invoke(1, 0, history.Input{F: history.Append, Value: "a b"}) },
	} {
		var h history.History
		add(&h)
		if err := lists.Accepts(&h); err == nil || err.Error() != says {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}

func TestABankRefusesWhatItCouldNotTellApart(t *testing.T) {
	bank, _ := Find("bank")
	for in, says := range map[history.Input]string{
		{F: history.Read}:                                      "",
		{F: history.Deposit, To: "a", Amount: 1}:               "",
		{F: history.Deposit, To: "a", Amount: 0}:               "an amount has to be above 0",
		{F: history.Deposit, Amount: 1}:                        `"" is no name`,
		{F: history.Transfer, From: "a", To: "a", Amount: 1}:   "",
		{F: history.Transfer, From: "a", To: "b c", Amount: 1}: `"b c" is no name`,
		{F: history.Transfer, From: "a=7", To: "b", Amount: 1}: `"a=7" is no name`,
		{F: history.Transfer, From: "a", To: "b", Amount: -1}:  "an amount has to be above 0",
	} {
		var h history.History
		h.Invoke(1, 0, in)
		if err := bank.Accepts(&h); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%v: got %v, want %q", in, err, says)
		}
	}
}

func TestBalancesAreWrittenAsABankReadsThem(t *testing.T) {
	got := Balances(map[string]int64{"bob": 7, "alice": 3, "carol": 0})
	if want := (history.Output{Value: "alice=3 bob=7", Found: true}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Balances(nil); got != (history.Output{}) {
		t.Errorf("got %v of nobody", got)
	}
}

// What a model was not made for it answers with no rather than a panic.
func TestAStepOfSomethingElseFitsNothing(t *testing.T) {
	for _, model := range All() {
		for _, input := range []any{nil, "read", 7, history.Input{F: 99}} {
			if ok, _ := model.Porcupine.Step(model.Porcupine.Init(), input, nil); ok {
				t.Errorf("%s takes %v for an operation", model.ID, input)
			}
		}
	}
	if got, want := Describe("lock", true), "lock -> true"; got != want {
		t.Errorf("it is described as %q, want %q", got, want)
	}
}

func TestEveryModelIsFoundByItsName(t *testing.T) {
	var ids []string
	for _, model := range All() {
		found, ok := Find(model.ID)
		if !ok || found.ID != model.ID || found.Summary != model.Summary || found.Summary == "" {
			t.Errorf("%s is found as %v, %v", model.ID, found.ID, ok)
		}
		ids = append(ids, model.ID)
	}
	if got, want := fmt.Sprint(ids), "[register cas-register kv append-list consensus queue counter bank]"; got != want {
		t.Errorf("the models are %s, want %s", got, want)
	}
	if _, ok := Find("stack"); ok {
		t.Error("there is a model that nobody has written")
	}
}

// Each part has the operations on one key, in their order, and none is missing.
func TestPartsKeepKeysApartAndOperationsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h history.History
		for range rapid.IntRange(0, 30).Draw(t, "operations") {
			h.Invoke(h.Len(), 0, history.Input{Key: rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "key")})
		}
		next := make(map[string]int) // the operation after which the next one of a key comes
		total, first := 0, -1
		for _, part := range Partition(&h) {
			if part[0].Client <= first {
				t.Fatal("keys are not in the order of their first use")
			}
			first = part[0].Client
			key := part[0].Input.(history.Input).Key
			if _, twice := next[key]; twice {
				t.Fatalf("key %q has two parts", key)
			}
			last := -1
			for _, op := range part {
				if op.Input.(history.Input).Key != key || op.Client <= last {
					t.Fatalf("%+v in the part of %q, after operation %d", op, key, last)
				}
				last = op.Client
			}
			next[key] = last
			total += len(part)
		}
		if total != h.Len() {
			t.Fatalf("the parts have %d operations, want %d", total, h.Len())
		}
	})
}
