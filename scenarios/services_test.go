package scenarios_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/protocols/outbox"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

// services are the scenarios of services that tell each other by messages.
var services = []struct {
	scenario             *experiment.Scenario
	settings             []map[string]string // ways to set it up, beside the profiles of faults
	points, alternatives []string
	rare                 []string // mistakes that a few hundred runs may miss
}{
	{
		scenario: scenarios.Outbox(),
		settings: []map[string]string{
			{}, {"tuning": "fixed"}, {"nodes": "5", "clients": "5"}, {"nodes": "9", "operations": "100"},
		},
		points: outbox.Points(), alternatives: outbox.Alternatives(),
		rare: []string{"outbox.publishBeforeCommit"},
	},
	{
		scenario: scenarios.Saga(),
		settings: []map[string]string{
			{}, {"tuning": "fixed"}, {"nodes": "5"}, {"nodes": "9", "clients": "5", "operations": "25"},
		},
		points: outbox.Points(), alternatives: outbox.Alternatives(),
	},
}

func runOf(t testing.TB, s *experiment.Scenario, config experiment.Config) *experiment.Result {
	t.Helper()
	result, err := s.Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestCorrectServicesHoldHoweverTheyAreSetUp(t *testing.T) {
	for _, service := range services {
		settings := slices.Clone(service.settings)
		for _, profile := range []string{"chaos", "network", "crash", "disk", "clock"} {
			settings = append(settings, map[string]string{"faults": profile})
		}
		for _, parameters := range settings {
			t.Run(fmt.Sprint(service.scenario.ID, parameters), func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(60) {
					result := runOf(t, service.scenario, experiment.Config{Seed: seed, Parameters: parameters})
					if result.Verdict != checkers.Holds {
						t.Fatalf("seed %d: %v, %v\n%v", seed, result.Verdict, result.Violations, result.Plan)
					}
				}
			})
		}
	}
}

// Every mistake that is not rare is found, by a checker that is said to see it.
func TestMistakesOfServicesAreFound(t *testing.T) {
	for _, service := range services {
		for _, m := range service.scenario.Mistakes {
			if slices.Contains(service.rare, m.ID) {
				continue
			}
			t.Run(m.ID, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(300) {
					result := runOf(t, service.scenario, experiment.Config{Seed: seed, Mistake: m.ID})
					if result.Verdict != checkers.Violated {
						continue
					}
					if by := result.Violations[0].Checker; !strings.Contains(m.SeenBy, by) {
						t.Errorf("seen by %s, and should be by %s: %v", by, m.SeenBy, result.Violations)
					}
					return
				}
				t.Error("no run of 300 shows it")
			})
		}
	}
}

func TestServicesChangeNoMessageThatTheyHaveSent(t *testing.T) {
	for _, service := range services {
		for _, parameters := range service.settings {
			for seed := range uint64(5) {
				guarded := runOf(t, service.scenario, experiment.Config{Seed: seed, Parameters: parameters, Guard: true})
				recorded := runOf(t, service.scenario, experiment.Config{Seed: seed, Parameters: parameters, Record: true})
				if len(guarded.Violations) > 0 || guarded.Hash != recorded.Hash {
					t.Errorf("%s, %v: %v, and recorded %v; %v", service.scenario.ID, parameters, guarded.Hash, recorded.Hash, guarded.Violations)
				}
			}
		}
	}
}

// Faults can strike at every point that services are said to have, and every
// alternative is taken: at none that they do not have.
func TestServicesPassEveryPointAndTakeEveryAlternative(t *testing.T) {
	for _, service := range services {
		seen := make(map[string]bool)
		for seed := range uint64(20) {
			for _, e := range runOf(t, service.scenario, experiment.Config{Seed: seed, Record: true, Parameters: map[string]string{"faults": "chaos"}}).World.Trace().Events {
				switch {
				case e.Kind == sim.PointEvent:
					seen["point: "+e.Name] = true
				case e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Node != 0:
					seen["alternative: "+e.Detail] = true
				}
			}
		}
		var want []string
		for _, name := range service.points {
			want = append(want, "point: "+name)
		}
		for _, name := range service.alternatives {
			want = append(want, "alternative: "+name)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
			t.Errorf("%s (-said to be there +passed or taken):\n%s", service.scenario.ID, diff)
		}
	}
}

// BenchmarkServices measures whole runs under swarm faults, with the judgement.
func BenchmarkServices(b *testing.B) {
	for _, service := range services {
		b.Run(service.scenario.ID, func(b *testing.B) {
			b.ReportAllocs()
			seed := uint64(0)
			for b.Loop() {
				if result := runOf(b, service.scenario, experiment.Config{Seed: seed}); result.Verdict != checkers.Holds {
					b.Fatal(seed, result.Violations)
				}
				seed++
			}
			b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}
