package simtest

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// mostEntries is how many entries a drawn plan has at the most.
const mostEntries = 20

// Plan draws a plan of faults that fits a shape, of those kinds, or of every
// kind there is room for. It shrinks by leaving entries out, and those that are
// left strike fewer, sooner and more briefly. [faults.Inject] carries it out.
func Plan(rt *rapid.T, shape faults.Shape, kinds ...string) faults.Plan {
	chaos, _ := faults.FindProfile("chaos")
	possible := chaos.Kinds(shape)
	for _, kind := range kinds {
		if !slices.Contains(possible, kind) {
			rt.Fatalf("simtest.Plan: in such a world there is no fault of the kind %q: want some of %s", kind, strings.Join(possible, ", "))
		}
	}
	if len(kinds) == 0 {
		kinds = possible
	}
	return rapid.Custom(func(rt *rapid.T) planStory {
		rotten := sim.NodeID(rapid.IntRange(1, max(1, shape.Nodes)).Draw(rt, "rotten"))
		entry := rapid.Custom(func(rt *rapid.T) faults.Entry {
			return chaos.DrawEntry(rapid.SampledFrom(kinds).Draw(rt, "kind"), answers{rt}, shape, rotten)
		})
		plan := faults.Plan(rapid.SliceOfN(entry, 0, mostEntries).Draw(rt, "entries"))
		plan.Sort()
		return planStory{plan}
	}).Draw(rt, "plan").Plan
}

// answers draws the parts of one entry, each of which is asked once.
type answers struct{ rt *rapid.T }

// Choose implements [choice.Source].
func (a answers) Choose(_ *choice.Topic, _, n uint64) uint64 { return uniform(a.rt, n) }

// A planStory is a plan that is shown as one.
type planStory struct{ faults.Plan }

// GoString implements [fmt.GoStringer].
func (s planStory) GoString() string {
	if len(s.Plan) == 0 {
		return "nothing goes wrong"
	}
	return fmt.Sprintf("\n    %s", indented(s.Plan.String()))
}
