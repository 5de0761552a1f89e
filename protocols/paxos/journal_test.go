package paxos

import (
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/sim"
)

func drawBallot(t *rapid.T, name string) Ballot {
	return Ballot{rapid.Uint64().Draw(t, name), sim.NodeID(rapid.Uint64().Draw(t, name))}
}

func TestWhatIsDurableIsDecoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		s := durable{rapid.Uint64().Draw(t, "round"), drawBallot(t, "promised"), Vote{drawBallot(t, "voted"), rapid.String().Draw(t, "value")}}
		record := s.encode(nil, name)
		gotName, got, err := decode(record)
		if gotName != name || got != s || err != nil {
			t.Fatalf("%q, %+v, %v", gotName, got, err)
		}
		if _, _, err := decode(record[:rapid.IntRange(0, len(record)-1).Draw(t, "length")]); err == nil {
			t.Fatal("a record that is cut short was taken for one")
		}
	})
}

// The decoder must refuse what it does not understand, and never panic or hang.
func FuzzRecord(f *testing.F) {
	f.Add((&durable{7, Ballot{3, 1}, Vote{Ballot{2, 2}, "blue"}}).encode(nil, "a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if name, s, err := decode(data); err == nil {
			if again, same, err := decode(s.encode(nil, name)); again != name || same != s || err != nil {
				t.Errorf("decoded, encoded and decoded: %q, %+v, %v", again, same, err)
			}
		}
	})
}
