package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// callLimit is how many calls of its Env one handler may make: far beyond any
// protocol, and soon reached by a loop that does not end.
const callLimit = 1_000_000

// tallied is how many events before the limit are counted by who and what, so
// that the report can say where the run went round.
const tallied = 10_000

// loopTally counts the last events before the limit.
type loopTally map[string]int

// tick counts an event that is about to be handled by a (nil: by the world),
// and stops a run that has reached its limit.
func (w *World) tick(a *actor, what string) {
	w.counts.Events++
	if w.counts.Events+tallied >= w.options.EventLimit {
		w.tally(a, what)
	}
}

// tally notes who handles what, shortly before the limit.
func (w *World) tally(a *actor, what string) {
	if w.loop == nil {
		w.loop = make(loopTally)
	}
	who := "the run itself"
	if a != nil {
		who = a.name
	}
	w.loop[who+": "+what]++
	if w.counts.Events >= w.options.EventLimit {
		w.Violate("event limit", "", "%d events by virtual time %v and no end; most of the last: %s",
			w.counts.Events, w.now, w.loop.most())
	}
}

// most lists what was counted most, at most three.
func (t loopTally) most() string {
	type entry struct {
		what  string
		times int
	}
	var entries []entry
	for what, times := range t {
		entries = append(entries, entry{what, times})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.times, a.times), strings.Compare(a.what, b.what))
	})
	var parts []string
	for _, e := range entries[:min(3, len(entries))] {
		parts = append(parts, fmt.Sprintf("%s (%d times)", e.what, e.times))
	}
	return strings.Join(parts, ", ")
}

// enter begins each call of an Env. It stops a handler that calls without end,
// and one that goes on after its node is gone.
func (a *actor) enter() {
	if a.calls++; a.calls > callLimit {
		a.refuse()
	}
}

// refuse ends the handler that has come to its limit of calls.
func (a *actor) refuse() {
	w := a.world
	switch {
	case a.ending != running:
		a.leave(a.ending)
	case w.deciding != a: // outside of any handler, by a test
		a.calls = 0
	default:
		w.Violate("event limit", "", "%s made more than %d calls in one handler at virtual time %v, at\n%s",
			a.name, callLimit, w.now, handlerFrames(callers(2)))
		a.leave(stopped)
	}
}
