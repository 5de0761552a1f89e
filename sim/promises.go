package sim

import (
	"fmt"
	"maps"
	"slices"
)

// The promises that code states about itself, beside [World.Sometimes]. A node
// has only Always and Sometimes, because it is to run outside of a simulation
// too, where nobody knows of the end of a run; what belongs to the test, its
// world and its processes, has all four. Each is broken under its own name, so
// that a run which is made smaller goes on to break the same one.

// Always asserts a promise that must hold whenever it is asked. Where it does
// not, the run is violated.
func (w *World) Always(promise string, ok bool) {
	if !ok {
		w.broken("always", promise, "does not hold", nil)
	}
}

// Never asserts that something does not come up. Where it does, the run is
// violated.
func (w *World) Never(what string, bad bool) {
	if bad {
		w.broken("never", what, "has come up", nil)
	}
}

// Eventually asserts that a promise holds at least once in each run in which
// it is asked: [World.End] finds it broken if it never did.
func (w *World) Eventually(promise string, ok bool) {
	held, asked := w.eventually[promise]
	if held || asked && !ok {
		return
	}
	if w.eventually == nil {
		w.eventually = make(map[string]bool)
	}
	w.eventually[promise] = ok
}

// End says that the run is over, if no violation has ended it before: what was
// to hold [World.Eventually] and never did is a violation now. It reports
// whether there is none.
func (w *World) End() bool {
	if len(w.violations) > 0 {
		return false
	}
	for _, promise := range slices.Sorted(maps.Keys(w.eventually)) {
		if !w.eventually[promise] {
			w.broken("eventually", promise, "has not held once", nil)
		}
	}
	return len(w.violations) == 0
}

// broken reports a broken promise once; by whom, nil for the world itself.
func (w *World) broken(checker, promise, how string, by *actor) {
	if slices.ContainsFunc(w.violations, func(v Violation) bool { return v.Checker == checker && v.Kind == promise }) {
		return // a handler that has found it goes on to its end
	}
	where := ""
	if by != nil {
		where = fmt.Sprintf(" at %s (node %v)", by.name, by.id)
	}
	w.Violate(checker, promise, "%q %s%s", promise, how, where)
}

// Always implements [Env].
func (a *actor) Always(promise string, ok bool) {
	a.enter()
	if !ok {
		a.world.broken("always", promise, "does not hold", a)
	}
}

// Always asserts a promise that must hold whenever it is asked.
func (p *Process) Always(promise string, ok bool) { p.actor.Always(promise, ok) }

// Never asserts that something does not come up.
func (p *Process) Never(what string, bad bool) {
	p.actor.enter()
	if bad {
		p.actor.world.broken("never", what, "has come up", p.actor)
	}
}

// Eventually asserts that a promise holds at least once in each run in which
// it is asked.
func (p *Process) Eventually(promise string, ok bool) {
	p.actor.enter()
	p.actor.world.Eventually(promise, ok)
}
