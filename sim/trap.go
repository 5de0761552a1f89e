package sim

import (
	"slices"
	"time"
)

// A trap waits for its actor to do a thing.
type trap struct {
	does    deed
	left    int // so many times it is still to be done
	springs func(now time.Duration)
}

// A deed is what traps wait for.
type deed struct {
	what deedKind
	name string // of the kind of message, or of the point
}

type deedKind uint8

const (
	sends  deedKind = iota // a message of a kind
	passes                 // a point of its code
)

// WhenSends lets f happen, once, at the moment at which a node or process has
// handed so many messages of that kind to the network, from now on: in the
// midst of its handler. A crash that f plans for now strikes right there. The
// function that it returns calls it off.
func (w *World) WhenSends(id NodeID, times int, kind string, f func(now time.Duration)) (callOff func()) {
	return w.actor(id).trap(deed{sends, kind}, times, f)
}

// WhenPasses is like [World.WhenSends] for the moment at which a node or
// process comes so many times to the [Env.Point] of that name.
func (w *World) WhenPasses(id NodeID, times int, point string, f func(now time.Duration)) (callOff func()) {
	return w.actor(id).trap(deed{passes, point}, times, f)
}

func (a *actor) trap(does deed, times int, f func(now time.Duration)) (callOff func()) {
	t := &trap{does, times, f}
	a.traps = append(a.traps, t)
	return func() { a.traps = slices.DeleteFunc(a.traps, func(other *trap) bool { return other == t }) }
}

// Point implements [Env].
func (a *actor) Point(name string) {
	a.enter()
	if w := a.world; w.trace != nil {
		w.trace.add(a.localNow(), PointEvent, w.cause, a.id, 0, name, "")
	}
	if len(a.traps) > 0 {
		a.spring(deed{passes, name})
	}
}

// spring lets the traps happen for which this deed is the last.
func (a *actor) spring(done deed) {
	var sprung []*trap
	a.traps = slices.DeleteFunc(a.traps, func(t *trap) bool {
		if t.does != done {
			return false
		}
		if t.left--; t.left > 0 {
			return false
		}
		sprung = append(sprung, t)
		return true
	})
	for _, t := range sprung {
		t.springs(a.localNow())
	}
	if a.world.deciding == a && a.localNow() >= a.crashAt {
		a.leave(crashed)
	}
}
