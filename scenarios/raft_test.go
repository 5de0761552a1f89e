package scenarios_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

func raft(t testing.TB) *experiment.Scenario {
	t.Helper()
	s, err := scenarios.Find("raft")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t testing.TB, config experiment.Config) *experiment.Result {
	t.Helper()
	return runOf(t, raft(t), config)
}

func TestARecordedRunIsTheSameRun(t *testing.T) {
	for seed := range uint64(20) {
		plain, recorded := run(t, experiment.Config{Seed: seed}), run(t, experiment.Config{Seed: seed, Record: true})
		if plain.Hash != recorded.Hash || plain.World.History().Hash() != recorded.World.History().Hash() {
			t.Errorf("seed %d: %v, and recorded %v", seed, plain.Hash, recorded.Hash)
		}
	}
}

func TestAPlanIsAllThatAProfileDoes(t *testing.T) {
	for seed := range uint64(20) {
		drawn := run(t, experiment.Config{Seed: seed})
		plan := drawn.Plan
		if plan == nil {
			plan = faults.Plan{}
		}
		if given := run(t, experiment.Config{Seed: seed, Plan: plan}); given.Hash != drawn.Hash {
			t.Errorf("seed %d: %v when the plan is drawn, %v when it is given", seed, drawn.Hash, given.Hash)
		}
	}
}

// An override of one choice changes the run, and by nothing else.
func TestAnOverrideChangesOneChoice(t *testing.T) {
	calm := map[string]string{"faults": "calm"}
	plain := run(t, experiment.Config{Seed: 5, Parameters: calm})
	early := choice.Override{Key: choice.Key{Domain: "rand", Subject: "node 1 election timeout", Index: 0}, Value: 0}
	changed := run(t, experiment.Config{Seed: 5, Parameters: calm, Overrides: []choice.Override{early}, Record: true})
	if changed.Hash == plain.Hash || changed.Verdict != checkers.Holds {
		t.Fatalf("hash %v and %v with the override, %v", plain.Hash, changed.Hash, changed.Verdict)
	}
	for _, e := range changed.World.Trace().Events {
		if e.Kind == sim.NoteEvent && strings.HasPrefix(e.Detail, "became leader") {
			if e.Node != 1 {
				t.Errorf("node %v leads first, although node 1 waits least", e.Node)
			}
			return
		}
	}
	t.Error("nobody became leader")
}

// Without a quorum there is no progress, and the report says who waits for what.
func TestARunWithoutAQuorumSaysWhoWaitsForWhat(t *testing.T) {
	plan := faults.Plan{{At: 0, Fault: faults.BitRot{Node: 1, Rate: choice.Always}}, {At: 0, Fault: faults.BitRot{Node: 2, Rate: choice.Always}}}
	for at := 500 * time.Millisecond; at < 4*time.Second; at += 500 * time.Millisecond {
		plan = append(plan, faults.Entry{At: at, For: 20 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{1, 2}}})
	}
	result := run(t, experiment.Config{Plan: plan, Parameters: map[string]string{"nodes": "3", "bound": "5s"}})
	if result.Verdict != checkers.Violated || result.Violations[0].Checker != "liveness" {
		t.Fatalf("%v, %v", result.Verdict, result.Violations)
	}
	for _, want := range []string{"waits in Call to node", "node 1: down, it halted: ", "node 3: pre-candidate", "5s later not every client has got on"} {
		if !strings.Contains(result.Violations[0].Message, want) {
			t.Errorf("the report does not say %q:\n%s", want, result.Violations[0].Message)
		}
	}
}

func TestARunBeyondItsEventLimitSaysWhere(t *testing.T) {
	result := run(t, experiment.Config{EventLimit: 1000, Parameters: map[string]string{"faults": "calm"}})
	if result.Verdict != checkers.Violated || result.Violations[0].Checker != "event limit" || !strings.Contains(result.Violations[0].Message, ": AppendEntriesReply (") {
		t.Errorf("%v, %v", result.Verdict, result.Violations)
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	for what, config := range map[string]experiment.Config{
		"mistake":   {Mistake: "raft.none"},
		"parameter": {Parameters: map[string]string{"node": "3"}},
	} {
		_, err := raft(t).Run(config)
		var unknown *experiment.UnknownError
		if !errors.As(err, &unknown) || unknown.What != what || len(unknown.Known) == 0 {
			t.Errorf("%s: the error is %v", what, err)
		}
	}
	for _, config := range []experiment.Config{
		{Parameters: map[string]string{"nodes": "0"}},
		{Parameters: map[string]string{"faults": "stormy"}},
		{Parameters: map[string]string{"span": "2h"}},
		{Plan: faults.Plan{{Fault: faults.Pause{Node: 6}}}},
	} {
		if _, err := raft(t).Run(config); err == nil {
			t.Errorf("%+v was run", config)
		}
	}
}
