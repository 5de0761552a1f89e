package scenarios_test

import (
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/scenarios"
)

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
