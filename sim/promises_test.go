package sim_test

import (
	"testing"
	"time"

	"seedbed.example/sim"
)

func TestAPromiseThatIsBrokenOnANodeIsAViolationThatNamesTheNode(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			env.After(3*time.Millisecond, func() {
				env.Always("one plus one is two", true)
				for range 3 {
					env.Always("a term never goes back", false)
				}
			})
		}}
	})
	if w.RunFor(time.Second) {
		t.Error("the run holds")
	}
	expect(t, "violations", w.Violations(), []sim.Violation{{
		Checker: "always", Kind: "a term never goes back",
		Message: `"a term never goes back" does not hold at server (node 1)`, At: 3 * time.Millisecond,
	}})
}

func TestAProcessMayRuleOutAndExpect(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(p *sim.Process)
		want string
	}{
		{"all is well", func(p *sim.Process) {
			p.Always("holds", true)
			p.Never("comes up", false)
			p.Eventually("a leader", false)
			p.Eventually("a leader", true)
			p.Eventually("a leader", false)
		}, ""},
		{"always", func(p *sim.Process) { p.Always("holds", false) }, `always: "holds" does not hold at client (node 1)`},
		{"never", func(p *sim.Process) { p.Never("two leaders", true) }, `never: "two leaders" has come up at client (node 1)`},
		{"eventually", func(p *sim.Process) { p.Eventually("a leader", false) }, `eventually: "a leader" has not held once`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := sim.NewWorld(sim.Options{})
			w.Go("client", c.f)
			w.RunFor(time.Second)
			held := w.End()
			got := ""
			for _, v := range w.Violations() {
				got += v.Checker + ": " + v.Message
			}
			expect(t, "violations", got, c.want)
			expect(t, "held", held, c.want == "")
		})
	}
}

func TestAWorldMayAssertAllFour(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.Always("a", true)
	w.Never("b", false)
	w.Sometimes("c", true)
	w.Eventually("e", false)
	w.Eventually("d", false)
	expect(t, "violations before the end", len(w.Violations()), 0)
	w.End()
	var kinds []string
	for _, v := range w.Violations() {
		kinds = append(kinds, v.Kind)
	}
	expect(t, "what never held, by name", kinds, []string{"d", "e"})
}

// What cut a run short is what is wrong with it; what would have come later is
// not known.
func TestARunThatWasViolatedOwesNothingElse(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.Eventually("a leader", false)
	w.Never("two leaders", true)
	expect(t, "held", w.End(), false)
	expect(t, "violations", len(w.Violations()), 1)
}

func TestACrashedHandlerPromisesNothing(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	id := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			defer func() { env.Always("what a dead node says", false) }()
			env.Halt(nil)
		}}
	})
	w.RunFor(time.Millisecond)
	expect(t, "violations", len(w.Violations()), 0)
	expect(t, "up", w.Up(id), false)
}

func TestAPromiseThatHoldsAllocatesNothing(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var env sim.Env
	w.AddNode("server", func() sim.Node { return &node{start: func(e sim.Env) { env = e }} })
	w.RunFor(0)
	w.Eventually("a leader", true)
	if n := testing.AllocsPerRun(1000, func() {
		env.Always("holds", true)
		w.Never("two leaders", false)
		w.Eventually("a leader", false)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
