package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Hunts that did not find a mistake count as longer than all that did.
func TestQuartilesCountHuntsThatFoundNothing(t *testing.T) {
	for name, c := range map[string]struct {
		sample sample
		want   []string // of quartiles 1 to 4, runs and then seconds
	}{
		"all found": {
			sample{hunts: 4, most: 100, runs: []uint64{1, 2, 3, 1400}, seconds: []float64{.1, .2, .3, .4}},
			[]string{"2", "3", "1,400", "1,400", "0.20", "0.30", "0.40", "0.40"},
		},
		"half found": {
			sample{hunts: 4, missed: 2, most: 20_000, runs: []uint64{1, 2}, seconds: []float64{.1, .2}},
			[]string{"2", "> 20,000", "> 20,000", "> 20,000", "0.20", "-", "-", "-"},
		},
		"none found": {
			sample{hunts: 1, missed: 1, most: 5},
			[]string{"> 5", "> 5", "> 5", "> 5", "-", "-", "-", "-"},
		},
	} {
		var got []string
		for quartile := 1; quartile <= 4; quartile++ {
			got = append(got, c.sample.runsAt(quartile))
		}
		for quartile := 1; quartile <= 4; quartile++ {
			got = append(got, c.sample.secondsAt(quartile))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
