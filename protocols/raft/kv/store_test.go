package kv

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/history"
)

func expect[T any](t rapid.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAStoreCarriesOutEveryFunction(t *testing.T) {
	s := NewStore()
	for _, step := range []struct {
		in   history.Input
		want history.Output
	}{
		{history.Input{F: history.Read, Key: "a"}, history.Output{}},
		{history.Input{F: history.CAS, Key: "a", Old: "", Value: "0"}, history.Output{}},
		{history.Input{F: history.Write, Key: "a", Value: "1"}, history.Output{}},
		{history.Input{F: history.Read, Key: "a"}, history.Output{Value: "1", Found: true}},
		{history.Input{F: history.Append, Key: "a", Value: "2"}, history.Output{}},
		{history.Input{F: history.CAS, Key: "a", Old: "1", Value: "x"}, history.Output{}},
		{history.Input{F: history.CAS, Key: "a", Old: "12", Value: "3"}, history.Output{Applied: true}},
		{history.Input{F: history.Append, Key: "b", Value: "4"}, history.Output{}},
		{history.Input{F: history.Read, Key: "b"}, history.Output{Value: "4", Found: true}},
		{history.Input{F: history.Delete, Key: "b"}, history.Output{}},
		{history.Input{F: history.Read, Key: "b"}, history.Output{}},
		{history.Input{F: history.Write, Key: "c", Value: ""}, history.Output{}},
		{history.Input{F: history.Read, Key: "c"}, history.Output{Found: true}},
		{history.Input{F: history.Read, Key: "a"}, history.Output{Value: "3", Found: true}},
	} {
		expect(t, "answer to "+step.in.String(), decodeOutput(s.Apply(encodeInput(step.in))), step.want)
	}
}

func drawInput(t *rapid.T) history.Input {
	text := rapid.StringN(0, 3, -1)
	return history.Input{
		F:   rapid.SampledFrom([]history.Function{history.Read, history.Write, history.Append, history.CAS, history.Delete}).Draw(t, "f"),
		Key: text.Draw(t, "key"), Value: text.Draw(t, "value"), Old: text.Draw(t, "old"),
	}
}

func TestInputsAndOutputsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		got, err := decodeInput(encodeInput(in))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "input", got, in)
		out := history.Output{Value: rapid.String().Draw(t, "value"), Found: rapid.Bool().Draw(t, "found"), Applied: rapid.Bool().Draw(t, "applied")}
		expect(t, "output", decodeOutput(encodeOutput(out)), out)
	})
}

// A store that is restored from a snapshot goes on like the one it was taken
// of, and the same state has the same bytes.
func TestARestoredStoreIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := NewStore(), NewStore()
		apply := func() {
			command := encodeInput(drawInput(t))
			expect(t, "answer", other.Apply(command), one.Apply(command))
		}
		for range rapid.IntRange(0, 10).Draw(t, "before") {
			one.Apply(encodeInput(drawInput(t)))
		}
		other.Apply(encodeInput(history.Input{F: history.Write, Key: "old", Value: "gone"}))
		if err := other.Restore(one.Snapshot()); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 10).Draw(t, "after") {
			apply()
		}
		if !bytes.Equal(one.Snapshot(), other.Snapshot()) {
			t.Fatalf("snapshots %q and %q", one.Snapshot(), other.Snapshot())
		}
	})
}

func TestASnapshotThatIsCutShortChangesNothing(t *testing.T) {
	s := NewStore()
	s.Apply(encodeInput(history.Input{F: history.Write, Key: "a", Value: "1"}))
	before := s.Snapshot()
	for length := 1; length < len(before); length++ {
		if err := s.Restore(before[:length]); err == nil {
			t.Errorf("restored from %d of %d bytes", length, len(before))
		}
		expect(t, "state", s.Snapshot(), before)
	}
}

func FuzzInput(f *testing.F) {
	f.Add(encodeInput(history.Input{F: history.CAS, Key: "a", Old: "1", Value: "2"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := decodeInput(data)
		if err != nil {
			return
		}
		again, err := decodeInput(encodeInput(in))
		if err != nil || again != in {
			t.Errorf("decoded %v, encoded, and decoded %v, %v", in, again, err)
		}
	})
}

func FuzzRestore(f *testing.F) {
	s := NewStore()
	s.Apply(encodeInput(history.Input{F: history.Write, Key: "a", Value: "1"}))
	f.Add(s.Snapshot())
	f.Fuzz(func(t *testing.T, data []byte) {
		s := NewStore()
		if s.Restore(data) != nil {
			return
		}
		if err := NewStore().Restore(s.Snapshot()); err != nil {
			t.Errorf("restored, taken again, and then %v", err)
		}
	})
}
