package sim

import (
	"errors"
	"slices"
	"time"
)

// boot starts a node or process at its next event time. It goes through the
// queue so that whatever Start does happens inside the run; and not before the
// time at which the node died in the midst of a handler.
func (w *World) boot(a *actor) {
	incarnation := a.incarnation
	w.At(a.busyUntil, func() {
		if a.state == up || a.incarnation != incarnation {
			return
		}
		a.state, a.haltReason = up, nil
		w.hash.add(uint64(w.now), uint64(a.id)<<48|1)
		if w.trace != nil {
			w.cause = w.trace.add(w.now, BootEvent, w.cause, a.id, 0, a.name, "")
		}
		a.begin("its start")
		if a.newNode != nil {
			a.node = a.newNode()
			a.node.Start(a)
		} else {
			a.process = newProcess(a)
			a.process.step()
		}
		a.end()
	})
}

// Restart starts a node or process that is down. It does nothing to one that
// is up.
func (w *World) Restart(id NodeID) {
	if a := w.actor(id); a.state == down {
		w.boot(a)
	}
}

// Up reports whether the node or process runs (paused or not).
func (w *World) Up(id NodeID) bool { return w.actor(id).state == up }

// Crash takes a node or process down now: its memory, timers and inbox die,
// and its disk keeps what its faults let it keep. If it is in the midst of
// handling an event, it finishes that first; [World.CrashAt] can strike in
// the midst. Crashing what is down calls off a restart that is under way.
func (w *World) Crash(id NodeID) {
	a := w.actor(id)
	switch {
	case a.state == down:
		a.incarnation++
	case w.deciding == a:
		w.At(w.now, func() { w.Crash(id) })
	case a.busyUntil > w.now:
		w.CrashAt(a.busyUntil, id)
	default:
		a.die(w.now, "crash")
	}
}

// CrashAt plans a crash at virtual time at, or now if that has passed. When
// the node is then in the midst of a handler that takes virtual time (a sync of
// its disk, say), it strikes right there: what the handler did before has
// happened, and nothing after.
func (w *World) CrashAt(at time.Duration, id NodeID) {
	a := w.actor(id)
	at = max(at, w.now)
	a.planned = append(a.planned, at)
	slices.Sort(a.planned)
	a.crashAt = a.planned[0]
	w.At(at, func() {
		i := slices.Index(a.planned, at)
		if i >= 0 {
			a.planned = slices.Delete(a.planned, i, i+1)
		}
		a.crashAt = never
		if len(a.planned) > 0 {
			a.crashAt = a.planned[0]
		}
		if i >= 0 {
			w.Crash(id)
		}
	})
}

// CallOffCrashes forgets the crashes that are planned for a node.
func (w *World) CallOffCrashes(id NodeID) {
	a := w.actor(id)
	a.planned, a.crashAt = nil, never
}

// die takes the actor down at virtual time at. It returns the trace event.
func (a *actor) die(at time.Duration, why string) (crash uint64) {
	w := a.world
	w.hash.add(uint64(at), uint64(a.id)<<48|2)
	crash = w.trace.add(at, CrashEvent, w.cause, a.id, 0, why, "")
	a.state, a.paused = down, false
	a.incarnation++
	a.spent, a.busyUntil, a.node = 0, at, nil
	for a.inbox.len() > 0 {
		e := a.inbox.pop()
		if e.kind == deliverEvent {
			w.drop(e.ref, "receiver crashed")
		} else {
			w.timers.values[e.ref].done()
		}
	}
	if a.disk != nil {
		cause := w.cause
		w.cause = crash
		a.disk.Crash()
		w.cause = cause
	}
	if p := a.process; p != nil {
		a.process = nil
		p.kill()
	}
	return crash
}

// Halt implements [Env].
func (a *actor) Halt(reason error) {
	a.enter()
	if reason == nil {
		reason = errNoReason
	}
	if a.state == down {
		return
	}
	a.haltReason = reason
	if a.world.deciding == a {
		a.leave(halted)
	}
	a.haltNow() // from outside of any handler
}

var errNoReason = errors.New("it gave no reason")

// haltNow takes down an actor that has ended itself; its supervisor will start
// it again.
func (a *actor) haltNow() {
	w, reason := a.world, a.haltReason
	crash := a.die(a.localNow(), "halt: "+reason.Error())
	incarnation, cause := a.incarnation, w.cause
	w.cause = crash
	w.At(a.busyUntil+w.options.RestartAfter, func() {
		if a.incarnation == incarnation {
			w.Restart(a.id)
		}
	})
	w.cause = cause
}

// HaltReason returns why a node ended itself, nil if it did not, or has been
// started again.
func (w *World) HaltReason(id NodeID) error { return w.actor(id).haltReason }
