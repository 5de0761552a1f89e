package checkers

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/models"
)

// BenchmarkLinearizable measures the check that follows every run of a hunt:
// 200 operations of 5 clients on 3 keys. The budget is 300 µs. The floor is to
// split them by key, and to step the model once for each.
func BenchmarkLinearizable(b *testing.B) {
	for _, unknown := range []choice.Rate{0, 10 * choice.Percent, 30 * choice.Percent} {
		var histories []*history.History
		for seed := range 20 {
			histories = append(histories, simulated(choice.Seed(seed), 200, 5, 3, unknown))
		}
		b.Run(fmt.Sprint("unknown ", unknown), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if result := Linearizable(histories[i%len(histories)], kv(), time.Second); result.Verdict != Holds {
					b.Fatal(result)
				}
			}
		})
		b.Run(fmt.Sprint("floor ", unknown), func(b *testing.B) {
			b.ReportAllocs()
			model := kv().Porcupine
			for i := 0; b.Loop(); i++ {
				for _, operations := range models.Partition(histories[i%len(histories)]) {
					state := model.Init()
					for k := range operations {
						_, state = model.Step(state, operations[k].Input, nil)
					}
				}
			}
		})
	}
}

// BenchmarkAccount measures what follows when a run of a hunt has no order:
// to convict it and to find few operations that do.
func BenchmarkAccount(b *testing.B) {
	for _, unknown := range []choice.Rate{0, 10 * choice.Percent, 30 * choice.Percent} {
		b.Run(fmt.Sprint("unknown ", unknown), func(b *testing.B) {
			var histories []*history.History
			for seed := range 40 {
				h := stale(seed, 200, unknown)
				if Linearizable(h, kv(), 0).Verdict == Violated {
					histories = append(histories, h)
				}
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				Linearizable(histories[i%len(histories)], kv(), 0)
			}
		})
	}
}
