package sim

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The queue against a list that is sorted anew each time.
func TestEventsComeInTheOrderOfTheirTimesAndThenOfTheirQueueing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var model []event
		for i, at := range rapid.SliceOfN(rapid.IntRange(-5, 20), 1, 300).Draw(t, "operations") {
			if at >= 0 { // else pop
				e := event{at: time.Duration(at), ref: uint32(i)}
				q.push(e)
				e.seq = q.seq - 1
				model = append(model, e)
				slices.SortStableFunc(model, func(a, b event) int { return cmp.Compare(a.at, b.at) })
			} else if len(model) > 0 {
				if got := q.pop(); got != model[0] {
					t.Fatalf("popped %+v, want %+v", got, model[0])
				}
				model = model[1:]
			}
			if q.len() != len(model) {
				t.Fatalf("%d events, want %d", q.len(), len(model))
			}
		}
		for _, want := range model {
			if got := q.pop(); got != want {
				t.Fatalf("popped %+v, want %+v", got, want)
			}
		}
	})
}

func TestARingGivesWhatItWasGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r ring[int]
		var model []int
		for i, push := range rapid.SliceOf(rapid.Bool()).Draw(t, "pushes") {
			if push {
				r.push(i)
				model = append(model, i)
			} else if len(model) > 0 {
				if got := r.pop(); got != model[0] {
					t.Fatalf("popped %d, want %d", got, model[0])
				}
				model = model[1:]
			}
			if r.len() != len(model) {
				t.Fatalf("%d values, want %d", r.len(), len(model))
			}
		}
	})
}
