package sim

import (
	"slices"
	"time"
)

// A trap waits for its actor to send a message of one kind.
type trap struct {
	kind    string
	left    int // so many are still to be sent
	springs func(now time.Duration)
}

// WhenSends lets f happen, once, at the moment at which a node or process has
// handed so many messages of that kind to the network, from now on: in the
// midst of its handler. A crash that f plans for now strikes right there. The
// function that it returns calls it off.
func (w *World) WhenSends(id NodeID, times int, kind string, f func(now time.Duration)) (callOff func()) {
	a := w.actor(id)
	t := &trap{kind, times, f}
	a.traps = append(a.traps, t)
	return func() { a.traps = slices.DeleteFunc(a.traps, func(other *trap) bool { return other == t }) }
}

// spring lets the traps happen for which a message of that kind is the last.
func (a *actor) spring(kind string) {
	var waiting []*trap
	a.traps = slices.DeleteFunc(a.traps, func(t *trap) bool {
		if t.kind != kind {
			return false
		}
		if t.left--; t.left > 0 {
			return false
		}
		waiting = append(waiting, t)
		return true
	})
	for _, t := range waiting {
		t.springs(a.localNow())
	}
	if a.world.deciding == a && a.localNow() >= a.crashAt {
		a.leave(crashed)
	}
}
