package scenarios_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/protocols/paxos"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

func runPaxos(t testing.TB, config experiment.Config) *experiment.Result {
	t.Helper()
	result, err := scenarios.Paxos().Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// paxosSettings are the ways in which the scenario can be set up that matter to
// the protocol: each must hold.
var paxosSettings = []map[string]string{
	{},
	{"faults": "chaos"},
	{"faults": "network", "nodes": "3"},
	{"faults": "crash", "nodes": "4", "tuning": "duels"},
	{"faults": "disk", "nodes": "3"},
	{"faults": "clock", "tuning": "fixed"},
	{"tuning": "duels", "nodes": "3", "faults": "chaos"},
	{"nodes": "1", "clients": "2"},
	{"nodes": "2", "tuning": "duels"},
	{"nodes": "7", "keys": "1"},
	{"faults": "crash", "nodes": "3", "clients": "2", "operations": "30", "keys": "9"},
}

func TestCorrectPaxosHoldsHoweverItIsSetUp(t *testing.T) {
	for _, parameters := range paxosSettings {
		t.Run(fmt.Sprint(parameters), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(200) {
				result := runPaxos(t, experiment.Config{Seed: seed, Parameters: parameters})
				if result.Verdict != checkers.Holds {
					t.Fatalf("seed %d: %v, %v\n%v", seed, result.Verdict, result.Violations, result.Plan)
				}
			}
		})
	}
}

func TestPaxosChangesNoMessageThatItHasSent(t *testing.T) {
	for _, parameters := range paxosSettings {
		guarded := runPaxos(t, experiment.Config{Parameters: parameters, Guard: true})
		plain := runPaxos(t, experiment.Config{Parameters: parameters})
		if len(guarded.Violations) > 0 || guarded.Hash != plain.Hash {
			t.Errorf("%v: %v, and not guarded %v; %v", parameters, guarded.Hash, plain.Hash, guarded.Violations)
		}
	}
}

// Each mistake that is not rare is found among a few hundred seeds, by an
// invariant or by what clients see.
func TestMistakesOfPaxosAreFound(t *testing.T) {
	rare := []string{"paxos.promiseNotDurable", "paxos.acceptKeepsPromise", "paxos.ballotReuse"} // one run in a thousand or fewer
	for _, m := range scenarios.Paxos().Mistakes {
		if slices.Contains(rare, m.ID) {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(1000) {
				if result := runPaxos(t, experiment.Config{Seed: seed, Mistake: m.ID}); result.Verdict == checkers.Violated {
					if by := result.Violations[0].Checker; by != "invariants" && by != "linearizability" {
						t.Errorf("seed %d: found by %s", seed, by)
					}
					return
				}
			}
			t.Error("not found")
		})
	}
}

// Faults can strike at every point that Paxos is said to have, every alternative
// is taken, and what is worth testing comes up.
func TestWhatMattersToPaxosComesUp(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range uint64(60) {
		result := runPaxos(t, experiment.Config{Seed: seed, Record: true, Parameters: map[string]string{"faults": "chaos", "tuning": "duels"}})
		for _, e := range result.World.Trace().Events {
			switch {
			case e.Kind == sim.PointEvent:
				seen["point: "+e.Name] = true
			case e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Node != 0:
				seen["alternative: "+e.Detail] = true
			}
		}
		for _, s := range result.World.Situations() {
			seen["situation: "+s.Name] = seen["situation: "+s.Name] || s.Held > 0
		}
	}
	want := make(map[string]bool)
	for _, name := range paxos.Points() {
		want["point: "+name] = true
	}
	for _, name := range paxos.Alternatives() {
		want["alternative: "+name] = true
	}
	for _, name := range []string{
		"a value was taken over from another ballot", "votes of different values were found",
		"a proposer was outbid between its phases", "a read came too late for a ballot that found nothing",
	} {
		want["situation: "+name] = true
	}
	maps.DeleteFunc(seen, func(name string, came bool) bool { return came && !want[name] && name[0] == 's' }) // the engine's own
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-said to be there +came up):\n%s", diff)
	}
}

// BenchmarkPaxos measures a whole run: five nodes, five clients, 60 operations,
// swarm faults, and all judgement.
func BenchmarkPaxos(b *testing.B) {
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		if result := runPaxos(b, experiment.Config{Seed: seed}); result.Verdict != checkers.Holds {
			b.Fatal(seed, result.Violations)
		}
		seed++
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s")
}
