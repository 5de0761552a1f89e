package simtest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/sim"
)

// longFailure is a failing run of which there is more to tell than anybody reads.
func longFailure() *explore.Shrunk {
	w := sim.NewWorld(sim.Options{})
	r := &experiment.Result{World: w, Violations: []checkers.Violation{
		{Checker: "panic", Message: "somebody panicked" + strings.Repeat("\n  a frame", 200)},
		{Checker: "panic", Message: "and so did somebody else"},
	}}
	for i := range 100 {
		r.Plan = append(r.Plan, faults.Entry{At: time.Duration(i) * time.Second, Fault: faults.Pause{Node: 1}})
		id := w.History().Invoke(3, time.Duration(i)*time.Second, history.Input{F: history.Write, Value: "x"})
		if i%2 == 0 {
			w.History().Return(id, time.Duration(i+1)*time.Second, history.OK, history.Output{})
		}
	}
	r.Operations = 100
	return &explore.Shrunk{Result: r, Runs: 321, Minimal: true, Before: explore.Size{Faults: 100, Operations: 100}, After: explore.Size{Faults: 7, Operations: 12}}
}

func TestAFailureIsToldInLessThanFortyLines(t *testing.T) {
	text := whole(longFailure(), "seed 7", "again", "file")
	if n := strings.Count(text, "\n") + 1; n >= 40 || n < 20 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	for _, want := range []string{
		"seed 7: panic\n    somebody panicked\n", "(188 more lines)", "(and 1 more)", "from 6s on, node 1 stands still", "(93 more lines)",
		`client 3: write "x"  [1m38s, 1m39s]`, `client 3: write "x" -> ?  [1m39s, ?]`,
		"Left are 7 of 100 faults and 12 of 100 operations, after 321 runs; without any one of them it holds.",
		"Again: again", "Saved: simtest/file",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not told: %s\n%s", want, text)
		}
	}
}

func TestAFileIsNamedAfterWhatItsRunBreaks(t *testing.T) {
	r := &experiment.Result{Config: experiment.Config{Seed: 42}, Hash: 0xfedcba9876543210}
	for _, c := range []struct{ checker, kind, want string }{
		{"linearizability", "", "linearizability-42-fedcba98.repro.json"},
		{"event limit", "", "event-limit-42-fedcba98.repro.json"},
		{"always", "a/../b: Überlauf", "always-a----b--überlauf-42-fedcba98.repro.json"},
		{"always", strings.Repeat("ü", 100), "always-" + strings.Repeat("ü", 33) + "-42-fedcba98.repro.json"},
	} {
		r.Violations = []checkers.Violation{{Checker: c.checker, Kind: c.kind}}
		if diff := cmp.Diff(c.want, reproName(r)); diff != "" {
			t.Error(diff)
		}
	}
}
