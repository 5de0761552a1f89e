package kv

import (
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

func TestOutputsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := history.Output{Value: rapid.String().Draw(t, "value"), Found: rapid.Bool().Draw(t, "found"), Applied: rapid.Bool().Draw(t, "applied")}
		expect(t, "output", decodeOutput(encodeOutput(out)), out)
	})
}

func TestWhatIsSentAsAQueryOnlyReads(t *testing.T) {
	s := NewStore()
	write := encodeInput(history.Input{F: history.Write, Key: "a", Value: "1"})
	expect(t, "answer to a query", decodeOutput(s.Query(write)), history.Output{})
	s.Apply(write)
	expect(t, "answer to a query", decodeOutput(s.Query(write)), history.Output{Value: "1", Found: true})
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
