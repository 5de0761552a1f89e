package explore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
)

// One benign run of a profile leaves every kind that it may draw unstruck; a
// hundred seeds leave none.
func TestAHuntNamesTheFaultsThatNeverStruck(t *testing.T) {
	crash := map[string]string{"faults": "crash"}
	calm := run(t, explore.Hunt{Scenario: coin(nil), Seeds: 1, Config: experiment.Config{Choices: "zero", Parameters: crash}})
	if diff := cmp.Diff([]string{"crash", "crashloop", "pause", "powerloss", "slow"}, calm.Unstruck()); diff != "" {
		t.Error(diff)
	}
	many := run(t, explore.Hunt{Scenario: coin(nil), Seeds: 100, KeepGoing: true, Config: experiment.Config{Parameters: crash}})
	if unstruck := many.Unstruck(); len(unstruck) > 0 {
		t.Error(unstruck)
	}
}
