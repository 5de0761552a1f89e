package primarybackup

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/history"
	"seedbed.example/protocols/values"
	"seedbed.example/sim"
)

func drawEntry(t *rapid.T) Entry {
	text := rapid.StringN(0, 3, -1)
	return Entry{
		Session: rapid.Uint64Range(0, 3).Draw(t, "session"), Sequence: rapid.Uint64Range(1, 4).Draw(t, "sequence"),
		Command: values.AppendInput(nil, history.Input{
			F:   rapid.SampledFrom([]history.Function{history.Write, history.Append, history.CAS, history.Delete}).Draw(t, "f"),
			Key: text.Draw(t, "key"), Value: text.Draw(t, "value"), Old: text.Draw(t, "old"),
		}),
	}
}

func TestNotesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sim.NodeID { return sim.NodeID(rapid.IntRange(1, 300).Draw(t, "id")) }), 0, 4)
		v := View{rapid.Uint64().Draw(t, "number"), 2, ids.Draw(t, "backups"), ids.Draw(t, "joined")}
		highWatermark := rapid.Uint64().Draw(t, "high watermark")
		got, mark, err := decodeNote(encodeNote(v, highWatermark))
		if diff := cmp.Diff(v, got, cmpopts.EquateEmpty()); diff != "" || mark != highWatermark || err != nil {
			t.Fatalf("%d of %d, %v, view (-want +got):\n%s", mark, highWatermark, err, diff)
		}
	})
}

// A machine that is made again of its bytes goes on like the one they were made
// of, sessions and all, and the same state has the same bytes.
func TestAMachineIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := newMachine()
		for range rapid.IntRange(0, 10).Draw(t, "before") {
			e := drawEntry(t)
			one.apply(&e)
		}
		other, err := decodeMachine(one.encode())
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 10).Draw(t, "after") {
			e := drawEntry(t)
			one.apply(&e)
			other.apply(&e)
		}
		if !bytes.Equal(one.encode(), other.encode()) {
			t.Fatalf("%q and %q", one.encode(), other.encode())
		}
	})
}

func TestACommandTakesEffectOnce(t *testing.T) {
	m := newMachine()
	add := func(sequence uint64, word string) {
		m.apply(&Entry{Session: 7, Sequence: sequence, Command: values.AppendInput(nil, history.Input{F: history.Append, Key: "k", Value: word})})
	}
	for range 3 {
		add(1, "a")
	}
	add(2, "b")
	add(1, "a") // late
	expect(t, "value", m.values["k"], "ab")
	_, answered := m.answered(7, 1)
	expect(t, "the answer to a command that another has followed", answered, false)
}

func FuzzNote(f *testing.F) {
	f.Add(encodeNote(View{Number: 3, Primary: 2, Backups: []sim.NodeID{3, 4}, Joined: []sim.NodeID{4}}, 7))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, mark, err := decodeNote(data)
		if err != nil {
			return
		}
		again, other, err := decodeNote(encodeNote(v, mark))
		if diff := cmp.Diff(v, again); diff != "" || other != mark || err != nil {
			t.Errorf("read %d, and of that %d, %v (-want +got):\n%s", mark, other, err, diff)
		}
	})
}

func FuzzMachine(f *testing.F) {
	m := newMachine()
	m.apply(&Entry{Session: 7, Sequence: 1, Command: values.AppendInput(nil, history.Input{F: history.Append, Key: "k", Value: "a"})})
	f.Add(m.encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeMachine(data)
		if err != nil {
			return
		}
		if _, err := decodeMachine(m.encode()); err != nil {
			t.Errorf("read, encoded, and then %v", err)
		}
	})
}
