package scenarios_test

import (
	"testing"

	"seedbed.example/experiment"
	"seedbed.example/scenarios"
)

// What is worth testing comes up where servers duel.
func TestWhatMattersToPaxosComesUp(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range uint64(60) {
		result := runOf(t, scenarios.Paxos(), experiment.Config{Seed: seed, Parameters: map[string]string{"faults": "chaos", "tuning": "duels"}})
		for _, s := range result.World.Situations() {
			if s.Held > 0 {
				seen[s.Name] = true
			}
		}
	}
	for _, name := range []string{
		"a value was taken over from another ballot", "votes of different values were found",
		"a proposer was outbid between its phases", "a read came too late for a ballot that found nothing",
	} {
		if !seen[name] {
			t.Errorf("never: %s", name)
		}
	}
}
