package scenarios_test

import (
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/scenarios"
)

// In async mode updates are lost that were acknowledged, and clients see so; in
// the others none are. Where any replica answers, reads are stale.
func TestWhatEachModeLoses(t *testing.T) {
	for _, mode := range []string{"sync", "semi-sync", "async"} {
		for _, reads := range []string{"primary", "any"} {
			lost, stale := false, false
			for seed := range uint64(40) {
				result := runOf(t, scenarios.PrimaryBackup(), experiment.Config{Seed: seed, Parameters: map[string]string{"mode": mode, "reads": reads}})
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
