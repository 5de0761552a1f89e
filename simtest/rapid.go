package simtest

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// Rapid checks a property of worlds whose choices, and whatever else property
// draws, rapid generates and shrinks. The property fills the world that it is
// given, runs it and looks at it; afterwards every violation of the world fails
// it too, and the world is closed. What fails is kept by rapid itself, under
// testdata/rapid, and runs first the next time.
//
// Draw from rt between runs of the world, never inside of one: there a process
// or a node has its own Rand, which rapid draws as well.
func Rapid(t *testing.T, property func(rt *rapid.T, w *sim.World)) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		source := newRapidSource(rt)
		w := experiment.NewWorld(sim.Options{Choices: source})
		defer w.Close()
		defer source.settle()
		property(rt, w)
		source.settle()
		if !w.End() {
			rt.Fatalf("%s", source.tell(w))
		}
	})
}

// A rapidSource is the choices of a world, drawn by rapid.
type rapidSource struct {
	*drawn
	thrown any // what rapid threw when it had nothing more to draw
}

func newRapidSource(rt *rapid.T) *rapidSource {
	quiet := quietly(rt)
	s := &rapidSource{}
	s.drawn = drawnOver(rapid.Uint64().Draw(quiet, ""), func(_ *choice.Topic, n uint64) uint64 { return s.draws(quiet, n) })
	return s
}

// draws draws one answer. The engine would take what rapid throws for a panic of
// the node that asked, so it is kept for later, and the run goes on benignly.
func (s *rapidSource) draws(rt *rapid.T, n uint64) (answer uint64) {
	if s.thrown != nil {
		return 0
	}
	defer func() {
		if s.thrown = recover(); s.thrown != nil {
			answer = 0
		}
	}()
	return uniform(rt, n)
}

// settle throws what was kept.
func (s *rapidSource) settle() {
	if s.thrown != nil {
		panic(s.thrown)
	}
}

// quietly returns a T that draws from the same bits and logs nothing: a run has
// hundreds of choices, and which of them matter is told at the end.
func quietly(rt *rapid.T) *rapid.T {
	return rapid.Custom(func(inner *rapid.T) hidden {
		coin.Draw(inner, "") // a generator must draw something
		return hidden{inner}
	}).Draw(rt, "choices of the world").T
}

// hidden is a T that is not worth showing.
type hidden struct{ *rapid.T }

// GoString implements [fmt.GoStringer].
func (hidden) GoString() string { return "told below, if any is not benign" }

// mostChoices is how many choices are told of a failing run.
const mostChoices = 12

// tell tells a failing run: what it broke, and the choices that were not benign.
func (s *rapidSource) tell(w *sim.World) string {
	var b strings.Builder
	for i, v := range w.Violations() {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: at %v: %s", v.Checker, v.At, firstLines(v.Message, mostViolationLines))
	}
	told := 0
	for _, o := range s.overrides() {
		if o.Value == 0 {
			continue
		}
		if told++; told <= mostChoices {
			fmt.Fprintf(&b, "\n    choice %v: %d", o.Key, o.Value)
		}
	}
	if told > mostChoices {
		fmt.Fprintf(&b, "\n    (and %d more choices that are not benign)", told-mostChoices)
	}
	return b.String()
}
