package scenarios_test

import (
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/models"
	"seedbed.example/scenarios"
)

// Where quorums do not meet reads are stale, and the scenario does not mind. Where
// they meet the same worlds are linearizable.
func TestQuorumsThatAreSetNotToMeetAreStale(t *testing.T) {
	model, _ := models.Find("register")
	stale := map[string]int{}
	for _, r := range []string{"1", "2"} {
		for seed := range uint64(30) {
			result := runOf(t, scenarios.Quorum(), experiment.Config{Seed: seed, Parameters: map[string]string{"r": r, "w": "2"}})
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
