package history

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawHistory draws a history of a few clients, each with one operation under
// way at a time; some never return.
func drawHistory(t *rapid.T) *History {
	h := new(History)
	open := map[int]ID{}
	now := time.Duration(0)
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab<\"\\\n\u2028é世")), 0, 4, -1)
	for range rapid.IntRange(1, 40).Draw(t, "events") {
		now += time.Duration(rapid.IntRange(0, 3).Draw(t, "step"))
		client := rapid.IntRange(-1, 4).Draw(t, "client")
		id, busy := open[client]
		if !busy {
			in := Input{
				F: rapid.SampledFrom(Functions()).Draw(t, "f"), Key: text.Draw(t, "key"),
				Value: text.Draw(t, "value"), Old: text.Draw(t, "old"),
				From: text.Draw(t, "from"), To: text.Draw(t, "to"), Amount: rapid.Int64().Draw(t, "amount"),
			}
			open[client] = h.Invoke(client, now, in.meaning())
			continue
		}
		delete(open, client)
		switch outcome := Outcome(rapid.IntRange(0, 2).Draw(t, "outcome")); outcome {
		case OK:
			h.Return(id, now, OK, drawOutput(t, h.Operations()[id].Input.(Input).F, text))
		default:
			h.Return(id, now, outcome, nil)
		}
	}
	return h
}

func drawOutput(t *rapid.T, f Function, text *rapid.Generator[string]) Output {
	out := Output{Value: text.Draw(t, "out"), Found: rapid.Bool().Draw(t, "found"), Applied: rapid.Bool().Draw(t, "applied")}
	return out.meaning(f)
}

func TestAHistoryWrittenAndReadIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, model := drawHistory(t), rapid.SampledFrom([]string{"", "kv"}).Draw(t, "model")
		var b strings.Builder
		if err := Encode(&b, h, model); err != nil {
			t.Fatal(err)
		}
		format, err := Detect([]byte(b.String()))
		if err != nil || format != JSONLines {
			t.Fatalf("detected as %q, %v", format, err)
		}
		recording, err := Decode(strings.NewReader(b.String()), format)
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if diff := cmp.Diff(h.Operations(), recording.History.Operations()); diff != "" || recording.Model != model {
			t.Fatalf("model %q, want %q; operations (-written +read):\n%s", recording.Model, model, diff)
		}
		if recording.History.Hash() != h.Hash() {
			t.Fatal("the digest changed")
		}
	})
}

// However many lines of a recording are missing at its end, it is noticed.
func TestARecordingCutShortIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		if err := Encode(&b, drawHistory(t), "kv"); err != nil {
			t.Fatal(err)
		}
		whole := strings.TrimSuffix(b.String(), "\n")
		cut := whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "length")]
		if _, err := Decode(strings.NewReader(cut), JSONLines); err == nil {
			t.Fatalf("read without complaint:\n%s", cut)
		}
	})
}

func TestAnOperationLeftWithoutAWordEndsAsUnknown(t *testing.T) {
	var h History
	h.Invoke(1, 5, Input{F: Write, Value: "1"})
	id := h.Invoke(1, 9, Input{F: Read})
	h.Return(id, 10, OK, Output{Value: "1", Found: true})
	var b strings.Builder
	if err := Encode(&b, &h, ""); err != nil {
		t.Fatal(err)
	}
	recording, err := Decode(strings.NewReader(b.String()), JSONLines)
	if err != nil {
		t.Fatal(err)
	}
	want := []Operation{
		{Client: 1, Input: Input{F: Write, Value: "1"}, Call: 5, Return: 9, Invoked: 1, Returned: 2},
		{Client: 1, Input: Input{F: Read}, Output: Output{Value: "1", Found: true}, Outcome: OK, Call: 9, Return: 10, Invoked: 3, Returned: 4},
	}
	if diff := cmp.Diff(want, recording.History.Operations()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeWrittenExactlyIsRefused(t *testing.T) {
	for says, add := range map[string]func(h *History){
		"want a history.Input":  func(h *History) { h.Invoke(1, 0, "read") },
		"want a history.Output": func(h *History) { h.Return(h.Invoke(1, 0, Input{}), 1, OK, nil) },
		"not UTF-8":             func(h *History) { h.Invoke(1, 0, Input{Key: "\xff"}) },
		"is not known":          func(h *History) { h.Invoke(1, 0, Input{F: 99}) },
		"means nothing to a read": func(h *History) {
			h.Invoke(1, 0, Input{F: Read, Value: "1"})
		},
		"means nothing to a add": func(h *History) {
			h.Invoke(1, 0, Input{F: Add, Amount: 1, To: "a"})
		},
		"says what means nothing there": func(h *History) {
			h.Return(h.Invoke(1, 0, Input{F: Write}), 1, OK, Output{Found: true})
		},
		"says what means nothing": func(h *History) {
			h.Return(h.Invoke(1, 0, Input{F: Read}), 1, OK, Output{Value: "1"})
		},
		"holds U+FFFD":   func(h *History) { h.Return(h.Invoke(1, 0, Input{}), 1, OK, Output{Value: "\ufffd", Found: true}) },
		"never decrease": func(h *History) { h.Return(h.Invoke(1, 5, Input{}), 4, Unknown, nil) },
		"two things at once": func(h *History) {
			first := h.Invoke(1, 0, Input{})
			h.Invoke(1, 0, Input{})
			h.Return(first, 1, Failed, nil)
		},
	} {
		var h History
		add(&h)
		if err := Encode(new(strings.Builder), &h, ""); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %q", err, says)
		}
	}
}

// Whatever a client could see differently, the digest tells.
func TestTheDigestTellsHistoriesApart(t *testing.T) {
	base := func() *History {
		h := new(History)
		h.Return(h.Invoke(1, 5, Input{F: CAS, Key: "k", Value: "v", Old: "o"}), 7, OK, Output{Value: "x"})
		return h
	}
	if once, again := base().Hash(), base().Hash(); once != again {
		t.Fatal("one history has two digests")
	}
	seen := map[uint64]int{base().Hash(): -1}
	for i, change := range []func(op *Operation){
		func(op *Operation) { op.Client = 2 },
		func(op *Operation) { op.Call = 6 },
		func(op *Operation) { op.Return = 8 },
		func(op *Operation) { op.Invoked = 2 },
		func(op *Operation) { op.Returned = 3 },
		func(op *Operation) { op.Outcome = Failed },
		func(op *Operation) { op.Output = nil },
		func(op *Operation) { op.Output = Output{Value: "x", Found: true} },
		func(op *Operation) { op.Output = Output{Value: "x", Applied: true} },
		func(op *Operation) { op.Output = Output{Value: "y"} },
		func(op *Operation) { op.Input = Input{F: CAS, Key: "kv", Old: "o"} },
		func(op *Operation) { op.Input = Input{F: CAS, Key: "k", Value: "vo"} },
		func(op *Operation) { op.Input = Input{F: Write, Key: "k", Value: "v", Old: "o"} },
		func(op *Operation) { op.Input = Input{F: Transfer, From: "a", To: "b", Amount: 1} },
		func(op *Operation) { op.Input = Input{F: Transfer, From: "ab", Amount: 1} },
		func(op *Operation) { op.Input = Input{F: Transfer, To: "ab", Amount: 1} },
		func(op *Operation) { op.Input = Input{F: Transfer, From: "a", To: "b", Amount: -1} },
		func(op *Operation) { op.Input = "something else" },
	} {
		h := base()
		change(&h.operations[0])
		if other, ok := seen[h.Hash()]; ok {
			t.Errorf("changes %d and %d have the same digest", i, other)
		}
		seen[h.Hash()] = i
	}
}

func TestTheDigestIsTheSameEverywhere(t *testing.T) {
	var h History
	h.Return(h.Invoke(1, 5, Input{F: Write, Key: "k", Value: "v"}), 7, OK, Output{})
	h.Return(h.Invoke(2, 8, 12), 9, OK, "twelve")
	if got, want := h.Hash(), uint64(4926792924577261279); got != want {
		t.Errorf("the digest is %d, want %d: every digest ever published has changed", got, want)
	}
}

func TestACallIsToldInFew(t *testing.T) {
	for want, in := range map[string]Input{
		`read`:                           {F: Read},
		`write x "1"`:                    {F: Write, Key: "x", Value: "1"},
		`cas x "1" to "2"`:               {F: CAS, Key: "x", Old: "1", Value: "2"},
		`add hits 3`:                     {F: Add, Key: "hits", Amount: 3},
		`deposit 5 to "a"`:               {F: Deposit, To: "a", Amount: 5},
		`transfer bank 5 from "a" to ""`: {F: Transfer, Key: "bank", From: "a", Amount: 5},
		`Function(99) x`:                 {F: 99, Key: "x", Value: "1"},
	} {
		if got := in.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// BenchmarkRecord measures what a simulation pays for one operation.
func BenchmarkRecord(b *testing.B) {
	b.ReportAllocs()
	var h History
	var input, output any = Input{F: Write, Key: "k", Value: "v"}, Output{}
	for b.Loop() {
		if h.Len() == 1000 {
			h = History{operations: h.operations[:0]}
		}
		h.Return(h.Invoke(1, 5, input), 7, OK, output)
	}
}
