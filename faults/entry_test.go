package faults_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

func drawShape(t *rapid.T) faults.Shape {
	return faults.Shape{
		Nodes: rapid.IntRange(1, 7).Draw(t, "nodes"), Span: 5 * time.Second,
		Kinds: rapid.SliceOfN(rapid.SampledFrom([]string{"Vote", "Append"}), 0, 2).Draw(t, "kinds"), AllNeeded: rapid.Bool().Draw(t, "all needed"),
	}
}

// What a profile says that it may draw is what it draws, over seeds enough.
func TestAProfileDrawsTheKindsThatThereIsRoomFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		profile := rapid.SampledFrom(faults.Profiles()).Draw(t, "profile")
		shape := drawShape(t)
		drawn := make(map[string]bool)
		for seed := range choice.Seed(100) {
			for _, e := range profile.Draw(seed, shape) {
				drawn[faults.KindOf(e.Fault)] = true
			}
		}
		kinds := profile.Kinds(shape)
		for _, kind := range kinds {
			if !drawn[kind] {
				t.Errorf("%s may draw %s, and did not", profile.ID, kind)
			}
		}
		if len(drawn) > len(kinds) {
			t.Errorf("%s may draw %v, and drew %v", profile.ID, kinds, drawn)
		}
	})
}

func TestAWorldWithoutNodesHasNoFaults(t *testing.T) {
	chaos, _ := faults.FindProfile("chaos")
	if kinds := chaos.Kinds(faults.Shape{Span: time.Second}); len(kinds) > 0 {
		t.Error(kinds)
	}
}

func TestOneEntryIsOfItsKindAndFitsItsWorld(t *testing.T) {
	chaos, _ := faults.FindProfile("chaos")
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t)
		rotten := sim.NodeID(shape.Nodes)
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		for _, kind := range chaos.Kinds(shape) {
			e := chaos.DrawEntry(kind, seed, shape, rotten)
			if got := faults.KindOf(e.Fault); got != kind {
				t.Errorf("a %s instead of a %s", got, kind)
			}
			if err := (faults.Plan{e}).Check(shape); err != nil {
				t.Error(err)
			}
			if rot, ok := e.Fault.(faults.BitRot); ok && rot.Node != rotten {
				t.Errorf("the disk of node %v rots, and only that of %v may", rot.Node, rotten)
			}
		}
	})
}
