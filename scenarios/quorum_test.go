package scenarios_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/models"
	"seedbed.example/protocols/replication/quorum"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

func runQuorum(t testing.TB, config experiment.Config) *experiment.Result {
	t.Helper()
	result, err := scenarios.Quorum().Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// quorumSettings are the ways in which replicas without a leader can be set up
// that matter: each must hold.
var quorumSettings = []map[string]string{
	{},
	{"faults": "chaos"},
	{"faults": "network", "nodes": "4"},
	{"faults": "crash", "compact": "1"},
	{"faults": "disk"},
	{"faults": "clock"},
	{"nodes": "1", "clients": "2"},
	{"nodes": "2"},
	{"nodes": "5", "keys": "1"},
	{"r": "1", "w": "3"},
	{"r": "3", "w": "1"},
	{"nodes": "5", "r": "2", "w": "4"},
	{"r": "1", "w": "1"},
	{"r": "1", "w": "2", "faults": "chaos"},
}

func TestCorrectQuorumsHoldHoweverTheyAreSetUp(t *testing.T) {
	for _, parameters := range quorumSettings {
		t.Run(fmt.Sprint(parameters), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(25) {
				if result := runQuorum(t, experiment.Config{Seed: seed, Parameters: parameters}); result.Verdict != checkers.Holds {
					t.Fatalf("seed %d: %v, %v\n%v", seed, result.Verdict, result.Violations, result.Plan)
				}
			}
		})
	}
}

// Each mistake is found within so many runs, and by one of the checkers that are
// said to see it; the correct twin holds over the same seeds.
func TestMistakesOfQuorumsAreFound(t *testing.T) {
	for id, within := range map[string]uint64{
		"quorum.noWriteBack": 600, "quorum.tieTimestamps": 10, "quorum.quorumsDontMeet": 20,
		"quorum.readersAgree": 100, "quorum.ackBeforeSync": 100,
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			for seed := range within {
				result := runQuorum(t, experiment.Config{Seed: seed, Mistake: id})
				if result.Verdict != checkers.Violated {
					continue
				}
				twin := map[string]string{}
				m, _ := scenarios.Quorum().Mistake(id)
				for _, need := range m.Needs {
					twin[need.Parameter] = need.Value
				}
				if result := runQuorum(t, experiment.Config{Seed: seed, Parameters: twin}); result.Verdict != checkers.Holds {
					t.Errorf("seed %d: the correct twin: %v", seed, result.Violations)
				}
				return
			}
			t.Errorf("not in %d runs", within)
		})
	}
}

// Where quorums do not meet reads are stale, and the scenario does not mind. Where
// they meet the same worlds are linearizable.
func TestQuorumsThatAreSetNotToMeetAreStale(t *testing.T) {
	model, _ := models.Find("register")
	stale := map[string]int{}
	for _, r := range []string{"1", "2"} {
		for seed := range uint64(30) {
			result := runQuorum(t, experiment.Config{Seed: seed, Parameters: map[string]string{"r": r, "w": "2"}})
			if result.Verdict != checkers.Holds {
				t.Fatalf("r = %s, seed %d: %v", r, seed, result.Violations)
			}
			if checkers.Linearizable(result.World.History(), model, 0).Verdict == checkers.Violated {
				stale[r]++
			}
		}
	}
	if stale["1"] < 3 || stale["2"] > 0 {
		t.Errorf("runs that are not linearizable, by r: %v", stale)
	}
}

// Faults can strike at every point that replicas are said to have, and every
// alternative is taken: at none that they do not have.
func TestEveryPointOfQuorumsIsPassedAndEveryAlternativeTaken(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range uint64(20) {
		for _, e := range runQuorum(t, experiment.Config{Seed: seed, Record: true, Parameters: map[string]string{"faults": "chaos"}}).World.Trace().Events {
			switch {
			case e.Kind == sim.PointEvent:
				seen["point: "+e.Name] = true
			case e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Node != 0:
				seen["alternative: "+e.Detail] = true
			}
		}
	}
	var want []string
	for _, name := range quorum.Points() {
		want = append(want, "point: "+name)
	}
	for _, name := range quorum.Alternatives() {
		want = append(want, "alternative: "+name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("(-said to be there +passed or taken):\n%s", diff)
	}
}

func TestQuorumsChangeNoMessageThatTheyHaveSent(t *testing.T) {
	for _, parameters := range quorumSettings {
		guarded := runQuorum(t, experiment.Config{Parameters: parameters, Guard: true})
		plain := runQuorum(t, experiment.Config{Parameters: parameters})
		if len(guarded.Violations) > 0 || guarded.Hash != plain.Hash {
			t.Errorf("%v: %v, and not guarded %v; %v", parameters, guarded.Hash, plain.Hash, guarded.Violations)
		}
	}
}

// BenchmarkQuorum measures a whole run: three replicas, five clients, 200
// operations, swarm faults, and the judgement of Porcupine.
func BenchmarkQuorum(b *testing.B) {
	scenario, seed := scenarios.Quorum(), uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		if result, err := scenario.Run(experiment.Config{Seed: seed}); err != nil || result.Verdict != checkers.Holds {
			b.Fatal(seed, err, result.Violations)
		}
		seed++
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s")
}
