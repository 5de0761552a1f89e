package sim

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
)

// sendLimit is how many messages one handler may send: far beyond any
// protocol, and soon reached by a loop that does not end.
const sendLimit = 1_000_000

// tallied is how many events before the limit are counted by who and what, so
// that the report can say where the run went round.
const tallied = 10_000

// loopTally counts the last events before the limit.
type loopTally map[string]int

// runaway is thrown to end a handler that never would; it is reported first.
type runaway struct{}

// tick counts an event that is about to be handled by a (nil: by the world),
// and stops a run that has reached its limit.
func (w *World) tick(a *actor, what string) {
	w.counts.Events++
	if w.counts.Events+tallied < w.options.EventLimit {
		return
	}
	if w.loop == nil {
		w.loop = make(loopTally)
	}
	who := "the run itself"
	if a != nil {
		who = a.name
	}
	w.loop[who+": "+what]++
	if w.counts.Events >= w.options.EventLimit {
		w.Violate("event limit", "%d events by virtual time %v and no end; most of the last: %s",
			w.counts.Events, w.now, w.loop.most())
	}
}

// guardLoop stops a handler that sends without end.
func (w *World) guardLoop(a *actor) {
	if a.sends++; a.sends > sendLimit {
		w.Violate("event limit", "%s sent more than %d messages in one handler at virtual time %v, at\n%s",
			a.name, sendLimit, w.now, handlerFrames(debug.Stack()))
		panic(runaway{})
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
		if a.times != b.times {
			return b.times - a.times
		}
		return strings.Compare(a.what, b.what)
	})
	var parts []string
	for _, e := range entries[:min(3, len(entries))] {
		parts = append(parts, fmt.Sprintf("%s (%d times)", e.what, e.times))
	}
	return strings.Join(parts, ", ")
}

// stackHere returns the stack of the caller.
func stackHere() []byte { return debug.Stack() }
