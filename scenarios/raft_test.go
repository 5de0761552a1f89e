package scenarios_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	protocol "seedbed.example/protocols/raft"
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
	result, err := raft(t).Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// settings are the ways in which the scenario can be set up that matter to a
// protocol: each must hold.
var settings = []map[string]string{
	{},
	{"faults": "chaos"},
	{"faults": "network", "nodes": "3"},
	{"faults": "crash", "nodes": "4"},
	{"faults": "disk", "nodes": "3"},
	{"faults": "clock", "reads": "lease"},
	{"reads": "log"},
	{"membership": "yes"},
	{"membership": "yes", "reads": "lease", "faults": "chaos"},
	{"nodes": "1", "clients": "2"},
	{"nodes": "2"},
	{"nodes": "7", "keys": "1", "snapshot": "5"},
}

func TestCorrectRaftHoldsHoweverItIsSetUp(t *testing.T) {
	for _, parameters := range settings {
		t.Run(fmt.Sprint(parameters), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(60) {
				result := run(t, experiment.Config{Seed: seed, Parameters: parameters})
				if result.Verdict != checkers.Holds {
					t.Fatalf("seed %d: %v, %v\n%v", seed, result.Verdict, result.Violations, result.Plan)
				}
			}
		})
	}
}

func TestARecordedRunIsTheSameRun(t *testing.T) {
	for seed := range uint64(20) {
		plain, recorded := run(t, experiment.Config{Seed: seed}), run(t, experiment.Config{Seed: seed, Record: true})
		if plain.Hash != recorded.Hash || plain.World.History().Hash() != recorded.World.History().Hash() {
			t.Errorf("seed %d: %v, and recorded %v", seed, plain.Hash, recorded.Hash)
		}
	}
}

// A plan that was drawn is the same plan when it is given.
func TestRaftChangesNoMessageThatItHasSent(t *testing.T) {
	for _, parameters := range settings {
		guarded := run(t, experiment.Config{Parameters: parameters, Guard: true})
		plain := run(t, experiment.Config{Parameters: parameters})
		if len(guarded.Violations) > 0 || guarded.Hash != plain.Hash {
			t.Errorf("%v: %v, and not guarded %v; %v", parameters, guarded.Hash, plain.Hash, guarded.Violations)
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

// Faults can strike at every point that Raft is said to have, and every
// alternative is taken: at none that it does not have.
func TestEveryPointIsPassedAndEveryAlternativeTaken(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range uint64(30) {
		for _, e := range run(t, experiment.Config{Seed: seed, Record: true, Parameters: map[string]string{"faults": "chaos"}}).World.Trace().Events {
			switch {
			case e.Kind == sim.PointEvent:
				seen["point: "+e.Name] = true
			case e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Node != 0:
				seen["alternative: "+e.Detail] = true
			}
		}
	}
	var want []string
	for _, name := range protocol.Points() {
		want = append(want, "point: "+name)
	}
	for _, name := range protocol.Alternatives() {
		want = append(want, "alternative: "+name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("(-said to be there +passed or taken):\n%s", diff)
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

// BenchmarkRaft measures a whole run: five nodes, five clients, 200 operations,
// swarm faults, and the judgement of Porcupine.
func BenchmarkRaft(b *testing.B) {
	scenario, seed := raft(b), uint64(0)
	for b.Loop() {
		if result, err := scenario.Run(experiment.Config{Seed: seed}); err != nil || result.Verdict != checkers.Holds {
			b.Fatal(seed, err, result.Violations)
		}
		seed++
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s")
}
