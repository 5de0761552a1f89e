package sim

import "time"

// A timer is an alarm of one boot of an actor. Setting it later than it
// already stands queues nothing: when the earlier event comes, the timer is
// found not yet due and queued again. Election timeouts, which are put off
// by every heartbeat, therefore cost one store each.
type timer struct {
	actor       *actor
	incarnation uint32
	ref         uint32
	armed       bool
	once        bool          // made by After: gone once it has fired
	deadline    time.Duration // on the actor's monotonic clock
	queuedAt    time.Duration // when its earliest queued event comes; never if none
	queued      int           // events of the queue or of an inbox that name it
	cause       uint64        // the trace event whose handler set it
	fires       func()
}

// NewTimer implements [Env].
func (a *actor) NewTimer(f func()) Timer { return a.newTimer(f, false) }

// After implements [Env].
func (a *actor) After(d time.Duration, f func()) { a.newTimer(f, true).Reset(d) }

func (a *actor) newTimer(f func(), once bool) *timer {
	t := &timer{actor: a, incarnation: a.incarnation, once: once, queuedAt: never, fires: f}
	t.ref = a.world.timers.put(t)
	return t
}

// Reset implements [Timer].
func (t *timer) Reset(d time.Duration) {
	a := t.actor
	if t.incarnation != a.incarnation {
		return
	}
	t.armed = true
	t.cause = a.world.cause
	t.deadline = a.Elapsed() + max(d, 0)
	t.enqueue(a.localNow())
}

// Stop implements [Timer].
func (t *timer) Stop() { t.armed = false }

// enqueue sees to it that an event comes when the timer is due.
func (t *timer) enqueue(now time.Duration) {
	at := now + t.actor.clock.Until(now, t.deadline-t.actor.clock.Monotonic(now))
	if t.queuedAt <= at {
		return
	}
	t.queuedAt = at
	t.queued++
	t.actor.world.queue.push(event{at: at, kind: timerEvent, actor: uint16(t.actor.id), ref: t.ref})
}

// expire handles a timer's event of the queue.
func (w *World) expire(e event) {
	t := w.timers.values[e.ref]
	if t.queuedAt == e.at {
		t.queuedAt = never
	}
	a := t.actor
	switch {
	case t.incarnation != a.incarnation || !t.armed:
		t.done()
	case t.early():
		t.queued--
		t.enqueue(w.now)
	case a.free():
		w.fire(a, t)
	default:
		a.hold(e)
	}
}

// early reports whether the timer is not yet due on its actor's clock.
func (t *timer) early() bool { return t.actor.clock.Monotonic(t.actor.world.now) < t.deadline }

// done forgets one event of the timer, and the timer itself when nothing can
// set it again.
func (t *timer) done() {
	t.queued--
	gone := t.incarnation != t.actor.incarnation || (t.once && !t.armed)
	if gone && t.queued == 0 {
		t.actor.world.timers.take(t.ref)
	}
}

// fire lets the actor handle its timer, unless that was stopped or put off
// while the actor was busy.
func (w *World) fire(a *actor, t *timer) {
	if t.incarnation != a.incarnation || !t.armed {
		t.done()
		return
	}
	if t.early() {
		t.queued--
		t.enqueue(w.now)
		return
	}
	t.armed = false
	t.done()
	w.hash.add(uint64(w.now), uint64(a.id))
	w.cause = 0
	if w.trace != nil {
		w.cause = w.trace.add(w.now, TimerEvent, t.cause, a.id, 0, "timer", "")
	}
	w.tick(a, "timer")
	a.begin()
	t.fires()
	a.end()
}
