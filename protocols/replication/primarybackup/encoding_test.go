package primarybackup

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/history"
	"seedbed.example/sim"
)

func drawEntry(t *rapid.T) Entry {
	text := rapid.StringN(0, 3, -1)
	return Entry{
		Position: Position{rapid.Uint64().Draw(t, "epoch"), rapid.Uint64().Draw(t, "index")},
		Session:  rapid.Uint64Range(0, 3).Draw(t, "session"), Sequence: rapid.Uint64Range(1, 4).Draw(t, "sequence"),
		Input: history.Input{
			F:   rapid.SampledFrom([]history.Function{history.Write, history.Append, history.CAS, history.Delete}).Draw(t, "f"),
			Key: text.Draw(t, "key"), Value: text.Draw(t, "value"), Old: text.Draw(t, "old"),
		},
	}
}

func TestEntriesAndViewsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t)
		r := newReader(e.encode(nil))
		if diff := cmp.Diff(e, r.entry(), cmpopts.IgnoreUnexported(Entry{})); diff != "" || r.End() != nil {
			t.Fatalf("entry (-want +got):\n%s\n%v", diff, r.End())
		}
		ids := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sim.NodeID { return sim.NodeID(rapid.IntRange(1, 300).Draw(t, "id")) }), 0, 4)
		v := View{rapid.Uint64().Draw(t, "number"), 2, ids.Draw(t, "backups"), ids.Draw(t, "joined")}
		r = newReader(v.encode(nil))
		if diff := cmp.Diff(v, r.view(), cmpopts.EquateEmpty()); diff != "" || r.End() != nil {
			t.Fatalf("view (-want +got):\n%s\n%v", diff, r.End())
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
		m.apply(&Entry{Session: 7, Sequence: sequence, Input: history.Input{F: history.Append, Key: "k", Value: word}})
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

func FuzzRecords(f *testing.F) {
	e := Entry{Position: Position{1, 1}, Session: 7, Sequence: 1, Input: history.Input{F: history.CAS, Key: "a", Old: "1", Value: "2"}}
	f.Add(e.encode([]byte{entryRecord}))
	f.Add(View{Number: 3, Primary: 2, Backups: []sim.NodeID{3, 4}, Joined: []sim.NodeID{4}}.encode([]byte{viewRecord}))
	f.Add(encodeBase(nil, Position{2, 9}, 77))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d durable
		if d.take(data) != nil || len(d.entries) == 0 {
			return
		}
		again := d.entries[0].encode([]byte{entryRecord})
		var other durable
		if err := other.take(again); err != nil {
			t.Errorf("taken, encoded, and then %v", err)
		}
	})
}

func FuzzMachine(f *testing.F) {
	m := newMachine()
	m.apply(&Entry{Session: 7, Sequence: 1, Input: history.Input{F: history.Append, Key: "k", Value: "a"}})
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
