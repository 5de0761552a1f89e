package simtest

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

func TestADrawnChoiceIsDrawnOnce(t *testing.T) {
	draws := uint64(0)
	source := drawnOver(0, func(_ *choice.Topic, n uint64) uint64 { draws++; return draws % n })
	a, b := choice.NewTopic("rand", "a"), choice.NewTopic("rand", "b")
	first := []uint64{source.Choose(&a, 0, 10), source.Choose(&b, 0, 10), source.Choose(&a, 7, 10)}
	again := []uint64{source.Choose(&a, 0, 10), source.Choose(&b, 0, 10), source.Choose(&a, 7, 10)}
	if diff := cmp.Diff([]uint64{1, 2, 3}, first); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("asked again:\n%s", diff)
	}
	if got := source.Choose(&a, 7, 2); got != 1 {
		t.Errorf("of fewer answers the greatest is %d", got)
	}
}

// The bulk and what comes after the first thousand is one seed's.
func TestTheBulkIsNotDrawn(t *testing.T) {
	const seed = 99
	source := drawnOver(seed, func(_ *choice.Topic, n uint64) uint64 { return 0 })
	latency, loss := choice.NewTopic("network latency", "1->2 Vote"), choice.NewTopic("network loss", "1->2 Vote")
	for i := range uint64(mostDrawn + 100) {
		if got, want := source.Choose(&latency, i, 1e9), choice.Seed(seed).Choose(&latency, i, 1e9); got != want {
			t.Fatalf("latency %d: %d, want %d", i, got, want)
		}
		want := uint64(0)
		if i >= mostDrawn {
			want = choice.Seed(seed).Choose(&loss, i, 1e9)
		}
		if got := source.Choose(&loss, i, 1e9); got != want {
			t.Fatalf("loss %d: %d, want %d", i, got, want)
		}
	}
	if got := drawnOver(0, nil).Choose(&latency, 0, 1e9); got != 0 {
		t.Errorf("the seed 0 is not benign: %d", got)
	}
}

func TestBytesAreSpreadOverTheAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(2, math.MaxUint64).Draw(t, "n")
		bytes := rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "bytes")
		if got := fromBytes(&bytes, n); got >= n {
			t.Fatalf("%d of [0, %d)", got, n)
		}
	})
	for _, n := range []uint64{2, 3, 256, 257, 1e6, math.MaxUint64} {
		none, zeros, most := []byte{}, []byte{0, 0, 0}, []byte{255, 255, 7}
		if a, b, c := fromBytes(&none, n), fromBytes(&zeros, n), fromBytes(&most, n); a != 0 || b != 0 || c != n-1 {
			t.Errorf("of %d answers: %d for nothing, %d for zeros, %d for the greatest", n, a, b, c)
		}
	}
}

func TestNoBytesAndZerosAreTheCalmestRun(t *testing.T) {
	p := newProperty("FuzzX", forgetfulWorld)
	calm, err := p.scenario.Run(experiment.Config{Choices: "zero", Plan: faults.Plan{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []fuzzInput{{}, {make([]byte, 100), make([]byte, 100)}} {
		result, err := p.scenario.Run(experiment.Config{Source: newByteSource(in.plan, in.choices)})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Plan) > 0 || result.Hash != calm.Hash {
			t.Errorf("%d bytes: a plan of %d, hash %v, want none and %v", len(in.plan), len(result.Plan), result.Hash, calm.Hash)
		}
	}
}

// What bytes lead to can be run again without them.
func TestARunFromBytesIsSavedWithoutThem(t *testing.T) {
	p := newProperty("FuzzX", forgetfulWorld)
	rapid.Check(t, func(t *rapid.T) {
		source := newByteSource(rapid.SliceOf(rapid.Byte()).Draw(t, "plan"), rapid.SliceOf(rapid.Byte()).Draw(t, "choices"))
		first, err := p.scenario.Run(experiment.Config{Source: source})
		if err != nil {
			t.Fatal(err)
		}
		second, err := p.scenario.Run(source.config(first))
		if err != nil {
			t.Fatal(err)
		}
		if first.Hash != second.Hash || first.Verdict != second.Verdict {
			t.Fatalf("%v %v, then %v %v", first.Hash, first.Verdict, second.Hash, second.Verdict)
		}
	})
}

func TestADrawnPlanFitsItsWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := faults.Shape{Nodes: rapid.IntRange(1, 7).Draw(t, "nodes"), Span: 5 * time.Second, Kinds: []string{"Vote"}}
		plan := Plan(t, shape)
		if err := plan.Check(shape); err != nil {
			t.Fatal(err)
		}
		for i, e := range plan {
			if i > 0 && e.At < plan[i-1].At {
				t.Fatalf("not in the order of time:\n%v", plan)
			}
		}
		for _, e := range Plan(t, shape, "crash") {
			if faults.KindOf(e.Fault) != "crash" {
				t.Fatalf("only crashes were asked for: %v", e)
			}
		}
	})
}

func FuzzARegisterThatSyncsHoldsWhateverIsDoneToIt(f *testing.F) {
	Fuzz(f, func(w *sim.World) experiment.Setup { return registerWorld(w, true) })
}

func TestARegisterThatSyncsHoldsOverManySeeds(t *testing.T) {
	Run(t, Seeds(1000), func(w *sim.World) experiment.Setup { return registerWorld(w, true) })
}
