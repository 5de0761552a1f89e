package raft

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

func drawServers(t *rapid.T, least int, name string) []sim.NodeID {
	return rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(1, 9), func(i int) sim.NodeID { return sim.NodeID(i) }), least, 5, rapid.ID).Draw(t, name)
}

func drawConfiguration(t *rapid.T) Configuration {
	return Configuration{Voters: drawServers(t, 1, "voters"), Outgoing: drawServers(t, 0, "outgoing"), Learners: drawServers(t, 0, "learners")}
}

func TestConfigurationsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConfiguration(t)
		got, err := decodeConfiguration(c.encode())
		if diff := cmp.Diff(c, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Fatalf("configuration, %v (-want +got):\n%s", err, diff)
		}
	})
}

// The state machine, its sessions and the configuration survive a snapshot,
// and the same state has the same bytes on every server.
func TestAMachineSurvivesItsSnapshot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := machine{state: &words{}, sessions: make(Sessions), limit: 4}
		var entries []Entry
		for i := range rapid.IntRange(0, 30).Draw(t, "entries") {
			entries = append(entries, Entry{
				Index: uint64(i + 1), Kind: rapid.SampledFrom([]uint8{Open, Command, Command}).Draw(t, "kind"),
				Session: rapid.Uint64Range(0, 10).Draw(t, "session"), Sequence: rapid.Uint64Range(1, 5).Draw(t, "sequence"),
				Command: []byte(rapid.StringMatching("[a-z]+").Draw(t, "command")),
			})
		}
		log := replog.Of(entries...)
		for i := range entries {
			m.apply(log.At(uint64(i + 1)))
		}
		config := drawConfiguration(t)
		data := m.encode(config, Correct().SnapshotSessions)
		restored := machine{state: &words{"old"}, sessions: Sessions{99: {}}, limit: 4}
		got, digest, err := restored.decode(data)
		if err != nil || digest != m.digest {
			t.Fatalf("digest %d, %v", digest, err)
		}
		if diff := cmp.Diff(config, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("configuration (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(m.sessions, restored.sessions, cmp.AllowUnexported(session{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("sessions (-want +got):\n%s", diff)
		}
		if again := restored.encode(got, Correct().SnapshotSessions); !bytes.Equal(again, data) {
			t.Fatalf("the same state has other bytes:\n%x\n%x", data, again)
		}
	})
}

func TestASnapshotThatIsCutShortIsRefused(t *testing.T) {
	m := machine{state: &words{}, sessions: Sessions{300: {sequence: 300, result: []byte("result"), used: 300}}, digest: 300}
	data := m.encode(Configuration{Voters: []sim.NodeID{1, 2, 3}}, Correct().SnapshotSessions)
	for length := range len(data) {
		if _, _, err := m.decode(data[:length]); err == nil {
			t.Errorf("%d of %d bytes are taken for a snapshot", length, len(data))
		}
	}
}

// A server remembers so many sessions, and forgets the one that was unused for
// longest.
func TestTheSessionUnusedForLongestIsForgotten(t *testing.T) {
	m := machine{state: &words{}, sessions: make(Sessions), limit: 2}
	m.apply(&Entry{Index: 1, Kind: Open})
	m.apply(&Entry{Index: 2, Kind: Open})
	m.apply(&Entry{Index: 3, Kind: Command, Session: 1, Sequence: 1})
	m.apply(&Entry{Index: 4, Kind: Open})
	expect(t, "sessions", slices.Sorted(maps.Keys(m.sessions)), []uint64{1, 4})
}

// The decoders must refuse what they don't understand, and never panic or hang.

func FuzzConfiguration(f *testing.F) {
	f.Add(Configuration{Voters: []sim.NodeID{1, 2, 3}, Outgoing: []sim.NodeID{1}, Learners: []sim.NodeID{4}}.encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := decodeConfiguration(data); err == nil {
			again, err := decodeConfiguration(c.encode())
			if diff := cmp.Diff(c, again); diff != "" || err != nil {
				t.Errorf("decoded, encoded and decoded, %v (-want +got):\n%s", err, diff)
			}
		}
	})
}

func FuzzSnapshot(f *testing.F) {
	m := machine{state: &words{"a", "b"}, sessions: Sessions{2: {sequence: 1, result: []byte("a"), used: 3}}}
	data := m.encode(Configuration{Voters: []sim.NodeID{1, 2, 3}}, Correct().SnapshotSessions)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		m := machine{state: &words{}}
		config, _, err := m.decode(data)
		if err != nil {
			return
		}
		again := machine{state: &words{}}
		if _, _, err := again.decode(m.encode(config, Correct().SnapshotSessions)); err != nil {
			t.Errorf("decoded, encoded, and then %v", err)
		}
	})
}
