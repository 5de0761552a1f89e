package scenarios_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/protocols/replication/primarybackup"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

func runPrimaryBackup(t testing.TB, config experiment.Config) *experiment.Result {
	t.Helper()
	scenario, err := scenarios.Find("primarybackup")
	if err != nil {
		t.Fatal(err)
	}
	result, err := scenario.Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// primaryBackupSettings are the ways in which the scenario can be set up that
// matter to the protocol: each must hold.
var primaryBackupSettings = []map[string]string{
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
}

func TestCorrectPrimaryBackupHoldsHoweverItIsSetUp(t *testing.T) {
	for _, parameters := range primaryBackupSettings {
		t.Run(fmt.Sprint(parameters), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(40) {
				result := runPrimaryBackup(t, experiment.Config{Seed: seed, Parameters: parameters})
				if result.Verdict != checkers.Holds {
					t.Fatalf("seed %d: %v, %v\n%v", seed, result.Verdict, result.Violations, result.Plan)
				}
			}
		})
	}
}

func TestPrimaryBackupChangesNoMessageThatItHasSent(t *testing.T) {
	for _, parameters := range primaryBackupSettings {
		guarded := runPrimaryBackup(t, experiment.Config{Parameters: parameters, Guard: true})
		plain := runPrimaryBackup(t, experiment.Config{Parameters: parameters})
		if len(guarded.Violations) > 0 || guarded.Hash != plain.Hash {
			t.Errorf("%v: %v, and not guarded %v; %v", parameters, guarded.Hash, plain.Hash, guarded.Violations)
		}
	}
}

func TestEveryPointOfPrimaryBackupIsPassedAndEveryAlternativeTaken(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range uint64(40) {
		result := runPrimaryBackup(t, experiment.Config{Seed: seed, Record: true, Parameters: map[string]string{"faults": "chaos"}})
		for _, e := range result.World.Trace().Events {
			switch {
			case e.Kind == sim.PointEvent:
				seen["point: "+e.Name] = true
			case e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Node != 0:
				seen["alternative: "+e.Detail] = true
			}
		}
	}
	var want []string
	for _, name := range primarybackup.Points() {
		want = append(want, "point: "+name)
	}
	for _, name := range primarybackup.Alternatives() {
		want = append(want, "alternative: "+name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("(-said to be there +passed or taken):\n%s", diff)
	}
}

// Each mistake is found within a few hundred runs, by a checker that is said to
// see it.
func TestMistakesOfPrimaryBackupAreFound(t *testing.T) {
	for _, m := range primarybackup.Mistakes().Known() {
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(400) {
				if result := runPrimaryBackup(t, experiment.Config{Seed: seed, Mistake: m.ID}); result.Verdict == checkers.Violated {
					return
				}
			}
			t.Error("not found")
		})
	}
}

// In async mode updates are lost that were acknowledged, and clients see so; in
// the others none are. Where any replica answers, reads are stale.
func TestWhatEachModeLoses(t *testing.T) {
	for _, mode := range []string{"sync", "semi-sync", "async"} {
		for _, reads := range []string{"primary", "any"} {
			lost, stale := false, false
			for seed := range uint64(40) {
				result := runPrimaryBackup(t, experiment.Config{Seed: seed, Parameters: map[string]string{"mode": mode, "reads": reads}})
				stale = stale || len(checkers.MeasureStaleness(result.World.History()).Stale) > 0
				for _, s := range result.World.Situations() {
					lost = lost || s.Name == "an acknowledged update was lost" && s.Held > 0
				}
			}
			if lost != (mode == "async") {
				t.Errorf("mode %s, reads %s: acknowledged updates were lost: %v", mode, reads, lost)
			}
			if mode != "async" && stale != (reads == "any") {
				t.Errorf("mode %s, reads %s: reads were stale: %v", mode, reads, stale)
			}
		}
	}
}

// BenchmarkPrimaryBackup measures a whole run: three replicas, five clients, 200
// operations, swarm faults, and the judgement.
func BenchmarkPrimaryBackup(b *testing.B) {
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		if result := runPrimaryBackup(b, experiment.Config{Seed: seed}); result.Verdict != checkers.Holds {
			b.Fatal(seed, result.Violations)
		}
		seed++
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s")
}
