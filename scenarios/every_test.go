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
	"seedbed.example/protocols/paxos"
	protocol "seedbed.example/protocols/raft"
	"seedbed.example/protocols/replication/primarybackup"
	"seedbed.example/protocols/replication/quorum"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

// every is what is tested of every scenario. What is particular to one is tested in
// a file of its own.
var every = []struct {
	scenario             *experiment.Scenario
	seeds                uint64              // in each of its settings
	settings             []map[string]string // the ways to set it up that matter to its protocol: each must hold
	points, alternatives []string
	rare                 []string // mistakes that a thousand runs may miss
}{
	{
		scenario: scenarios.Raft(), seeds: 60, points: protocol.Points(), alternatives: protocol.Alternatives(),
		settings: []map[string]string{
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
		},
		rare: []string{"raft.commitOldTerm"},
	},
	{
		scenario: scenarios.Paxos(), seeds: 200, points: paxos.Points(), alternatives: paxos.Alternatives(),
		settings: []map[string]string{
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
		},
		rare: []string{"paxos.promiseNotDurable", "paxos.acceptKeepsPromise", "paxos.ballotReuse"},
	},
	{
		scenario: scenarios.PrimaryBackup(), seeds: 40, points: primarybackup.Points(), alternatives: primarybackup.Alternatives(),
		settings: []map[string]string{
			{},
			{"mode": "semi-sync"},
			{"mode": "async"},
			{"reads": "any"},
			{"mode": "semi-sync", "reads": "any"},
			{"mode": "async", "reads": "any", "faults": "network"},
			{"faults": "chaos"},
			{"mode": "semi-sync", "faults": "crash", "snapshot": "5"},
			{"mode": "async", "faults": "crash", "snapshot": "5"},
			{"faults": "disk"},
			{"faults": "clock", "mode": "semi-sync"},
			{"nodes": "1", "clients": "2"},
			{"nodes": "2"},
			{"nodes": "5", "mode": "semi-sync", "keys": "1"},
		},
	},
	{
		scenario: scenarios.Quorum(), seeds: 25, points: quorum.Points(), alternatives: quorum.Alternatives(),
		settings: []map[string]string{
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
		},
		rare: []string{"quorum.numberUsedAgain"},
	},
	{
		scenario: scenarios.Outbox(), seeds: 60, points: outbox.Points(), alternatives: outbox.Alternatives(),
		settings: append(profiles, []map[string]string{
			{}, {"tuning": "fixed"}, {"nodes": "5", "clients": "5"}, {"nodes": "9", "operations": "100"},
		}...),
		rare: []string{"outbox.publishBeforeCommit"},
	},
	{
		scenario: scenarios.Saga(), seeds: 60, points: outbox.Points(), alternatives: outbox.Alternatives(),
		settings: append(profiles, []map[string]string{
			{}, {"tuning": "fixed"}, {"nodes": "5"}, {"nodes": "9", "clients": "5", "operations": "25"},
		}...),
	},
}

// profiles are settings of nothing but faults.
var profiles = []map[string]string{{"faults": "chaos"}, {"faults": "network"}, {"faults": "crash"}, {"faults": "disk"}, {"faults": "clock"}}

func runOf(t testing.TB, s *experiment.Scenario, config experiment.Config) *experiment.Result {
	t.Helper()
	result, err := s.Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestTheTableHasEveryScenario(t *testing.T) {
	var tested, all []string
	for _, e := range every {
		tested = append(tested, e.scenario.ID)
	}
	for _, s := range scenarios.All() {
		all = append(all, s.ID)
	}
	if diff := cmp.Diff(all, tested); diff != "" {
		t.Errorf("(-there are +tested):\n%s", diff)
	}
}

func TestCorrectProtocolsHoldHoweverTheyAreSetUp(t *testing.T) {
	for _, e := range every {
		for _, parameters := range e.settings {
			t.Run(fmt.Sprint(e.scenario.ID, parameters), func(t *testing.T) {
				t.Parallel()
				for seed := range e.seeds {
					result := runOf(t, e.scenario, experiment.Config{Seed: seed, Parameters: parameters})
					if result.Verdict != checkers.Holds {
						t.Fatalf("seed %d: %v, %v\n%v", seed, result.Verdict, result.Violations, result.Plan)
					}
				}
			})
		}
	}
}

// Every mistake that is not rare is found, by a checker that is said to see it, and
// its correct twin holds.
func TestMistakesAreFound(t *testing.T) {
	for _, e := range every {
		for _, m := range e.scenario.Mistakes {
			if slices.Contains(e.rare, m.ID) {
				continue
			}
			t.Run(m.ID, func(t *testing.T) {
				t.Parallel()
				twin := make(map[string]string)
				for _, need := range m.Needs {
					twin[need.Parameter] = need.Value
				}
				for seed := range uint64(1000) {
					result := runOf(t, e.scenario, experiment.Config{Seed: seed, Mistake: m.ID})
					if result.Verdict != checkers.Violated {
						continue
					}
					if by := result.Violations[0].Checker; !strings.Contains(m.SeenBy, by) {
						t.Errorf("seed %d: seen by %s, and should be by %s: %v", seed, by, m.SeenBy, result.Violations)
					}
					if result := runOf(t, e.scenario, experiment.Config{Seed: seed, Parameters: twin}); result.Verdict != checkers.Holds {
						t.Errorf("seed %d: the correct twin: %v", seed, result.Violations)
					}
					return
				}
				t.Error("no run of 1000 shows it")
			})
		}
	}
}

func TestNoMessageIsChangedOnceItIsSent(t *testing.T) {
	for _, e := range every {
		for _, parameters := range e.settings {
			guarded := runOf(t, e.scenario, experiment.Config{Parameters: parameters, Guard: true})
			plain := runOf(t, e.scenario, experiment.Config{Parameters: parameters})
			if len(guarded.Violations) > 0 || guarded.Hash != plain.Hash {
				t.Errorf("%s, %v: %v, and not guarded %v; %v", e.scenario.ID, parameters, guarded.Hash, plain.Hash, guarded.Violations)
			}
		}
	}
}

// Faults can strike at every point that a protocol is said to have, and every
// alternative is taken: at none that it does not have.
func TestEveryPointIsPassedAndEveryAlternativeTaken(t *testing.T) {
	for _, e := range every {
		seen := make(map[string]bool)
		for seed := range uint64(60) {
			for _, e := range runOf(t, e.scenario, experiment.Config{Seed: seed, Record: true, Parameters: map[string]string{"faults": "chaos"}}).World.Trace().Events {
				switch {
				case e.Kind == sim.PointEvent:
					seen["point: "+e.Name] = true
				case e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Node != 0:
					seen["alternative: "+e.Detail] = true
				}
			}
		}
		var want []string
		for _, name := range e.points {
			want = append(want, "point: "+name)
		}
		for _, name := range e.alternatives {
			want = append(want, "alternative: "+name)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
			t.Errorf("%s (-said to be there +passed or taken):\n%s", e.scenario.ID, diff)
		}
	}
}

// BenchmarkScenarios measures whole runs under swarm faults, with the judgement.
func BenchmarkScenarios(b *testing.B) {
	for _, e := range every {
		b.Run(e.scenario.ID, func(b *testing.B) {
			b.ReportAllocs()
			seed := uint64(0)
			for b.Loop() {
				if result := runOf(b, e.scenario, experiment.Config{Seed: seed}); result.Verdict != checkers.Holds {
					b.Fatal(seed, result.Violations)
				}
				seed++
			}
			b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}
