package models

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/history"
)

// naive is a store that keeps a list of pieces by key, as its clients think of
// it, and answers at once.
type naive struct {
	pieces map[string][]string
	blank  string // what stands between pieces when they are read
}

func newNaive(model string) *naive {
	n := &naive{pieces: make(map[string][]string)}
	if model == "append-list" {
		n.blank = " "
	}
	return n
}

func (n *naive) answer(in history.Input) history.Output {
	pieces, found := n.pieces[in.Key]
	text := strings.Join(pieces, n.blank)
	switch in.F {
	case history.Read:
		return history.Output{Value: text, Found: found}
	case history.Write:
		n.pieces[in.Key] = []string{in.Value}
	case history.Append:
		n.pieces[in.Key] = append(slices.Clone(pieces), in.Value)
	case history.Delete:
		delete(n.pieces, in.Key)
	case history.CAS:
		if found && text == in.Old {
			n.pieces[in.Key] = []string{in.Value}
			return history.Output{Applied: true}
		}
	}
	return history.Output{}
}

// drawInput draws what the model knows of, on one key.
func drawInput(t *rapid.T, model Model) history.Input {
	value := rapid.SampledFrom([]string{"", "1", "2", "12"})
	in := history.Input{F: rapid.SampledFrom(model.functions).Draw(t, "f")}
	switch in.F {
	case history.Write, history.Append:
		in.Value = value.Draw(t, "value")
	case history.CAS:
		in.Old, in.Value = value.Draw(t, "old"), value.Draw(t, "value")
	}
	return in
}

// One thing at a time, a model accepts the answer of a naive store and no
// other; and what is not known might have been any answer.
func TestAModelAnswersAsANaiveStoreDoes(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model Model) {
		store, state := newNaive(model.ID), model.Porcupine.Init()
		for range rapid.IntRange(1, 12).Draw(t, "operations") {
			in := drawInput(t, model)
			out := store.answer(in)
			unknown, after := model.Porcupine.Step(state, in, nil)
			accepts, same := model.Porcupine.Step(state, in, out)
			if !unknown || !accepts || !model.Porcupine.Equal(after, same) {
				t.Fatalf("%s after %s: unknown %v, known %v", Describe(in, out), describeState(state), unknown, accepts)
			}
			for _, lie := range lies(in.F, out) {
				if accepts, _ := model.Porcupine.Step(state, in, lie); accepts {
					t.Fatalf("%s after %s: a lie", Describe(in, lie), describeState(state))
				}
			}
			state = after
			if held, found := value(state); (history.Output{Value: held, Found: found}) != store.answer(history.Input{}) {
				t.Fatalf("after %s it holds %s, want %v", Describe(in, out), describeState(state), store.answer(history.Input{}))
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
	switch {
	case f == history.CAS:
		return []history.Output{{Applied: !out.Applied}}
	case f != history.Read:
		return nil
	case out.Found:
		return []history.Output{{}, {Value: out.Value + "x", Found: true}, {Value: "x" + out.Value, Found: true}}
	default:
		return []history.Output{{Found: true}, {Value: "1", Found: true}}
	}
}

// States are equal if and only if they read the same, and then have the same
// hash, however they came about.
func TestEqualStatesHaveEqualHashes(t *testing.T) {
	forEachModel(t, func(t *rapid.T, model Model) {
		draw := func(label string) (state any, read history.Output) {
			store := newNaive(model.ID)
			state = model.Porcupine.Init()
			for range rapid.IntRange(0, 4).Draw(t, label) {
				in := drawInput(t, model)
				store.answer(in)
				_, state = model.Porcupine.Step(state, in, nil)
			}
			return state, store.answer(history.Input{})
		}
		a, readA := draw("first")
		b, readB := draw("second")
		if equal := model.Porcupine.Equal(a, b); equal != (readA == readB) {
			t.Fatalf("%s and %s: equal is %v", describeState(a), describeState(b), equal)
		}
		if readA == readB && model.Porcupine.Hash(a) != model.Porcupine.Hash(b) {
			t.Fatalf("%s has two hashes", describeState(a))
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
		for f := history.Read; f <= history.Delete+1; f++ {
			var h history.History
			h.Return(h.Invoke(1, 0, history.Input{F: f}), 0, history.OK, history.Output{})
			err := model.Accepts(&h)
			if knows := slices.Contains(model.functions, f); knows != (err == nil) {
				t.Errorf("%s, %v: %v", model.ID, f, err)
			}
			if err != nil && !strings.Contains(err.Error(), "knows only read, ") {
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
	if got, want := fmt.Sprint(ids), "[register cas-register kv append-list]"; got != want {
		t.Errorf("the models are %s, want %s", got, want)
	}
	if _, ok := Find("queue"); ok {
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
