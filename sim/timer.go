package sim

import "time"

// A timer is an alarm of one boot of an actor. Setting it later than it
// already stands queues nothing: when the earlier event comes, the timer is
// found not yet due and queued again. Election timeouts, which are put off
// by every heartbeat, therefore cost one store each.
type timer struct {
	actor       *actor
	incarnation uint32
	ref         uint32 // its number among the world's timers, while events are queued
	armed       bool
	queued      int           // events of the queue or of an inbox that name it
	queuedAt    time.Duration // when the earliest one in the queue comes; never if none
	deadline    time.Duration // on the actor's monotonic clock
	cause       uint64        // the trace event whose handler set it
	fires       func()        // nil for the alarm of a process
}

// NewTimer implements [Env].
func (a *actor) NewTimer(f func()) Timer {
	a.enter()
	return a.newTimer(f)
}

// After implements [Env].
func (a *actor) After(d time.Duration, f func()) { a.newTimer(f).Reset(d) }

func (a *actor) newTimer(f func()) *timer {
	return &timer{actor: a, incarnation: a.incarnation, queuedAt: never, fires: f}
}

// Reset implements [Timer].
func (t *timer) Reset(d time.Duration) {
	a := t.actor
	a.enter()
	now := a.localNow()
	t.armed = true
	t.cause = a.world.cause
	t.deadline = a.clock.Monotonic(now) + min(max(d, 0), MaxTime)
	t.enqueue(now)
}

// Stop implements [Timer].
func (t *timer) Stop() { t.armed = false }

// enqueue sees to it that an event comes when the timer is due.
func (t *timer) enqueue(now time.Duration) {
	c := &t.actor.clock
	at := now + c.Until(now, t.deadline-c.Monotonic(now))
	if t.queuedAt <= at {
		return
	}
	w := t.actor.world
	if t.queued == 0 {
		ref, place := w.timers.place()
		t.ref, *place = ref, t
	}
	t.queuedAt = at
	t.queued++
	w.queue.push(event{at: at, kind: timerEvent, ref: t.ref})
}

// done forgets one event of the timer.
func (t *timer) done() {
	if t.queued--; t.queued == 0 {
		t.actor.world.timers.take(t.ref)
	}
}

// due reports whether the timer fires now, and if not, settles its event: it
// was stopped or put off since that was queued, or its actor has crashed.
func (t *timer) due() bool {
	a := t.actor
	if t.incarnation != a.incarnation || !t.armed {
		t.done()
		return false
	}
	if now := a.localNow(); a.clock.Monotonic(now) < t.deadline {
		t.enqueue(now)
		t.done()
		return false
	}
	return true
}

// expires reports whether the timer fires at its event of the queue. If it is
// due and its actor can't handle it now, it waits in the inbox.
func (t *timer) expires(e event) bool {
	if t.queuedAt == e.at {
		t.queuedAt = never
	}
	if !t.due() {
		return false
	}
	if !t.actor.free() {
		t.actor.hold(e)
		return false
	}
	return true
}

// fire lets the actor handle its timer, which is due.
func (w *World) fire(t *timer) {
	a := t.actor
	t.armed = false
	t.done()
	w.hash.add(uint64(w.now), uint64(a.id))
	if w.trace != nil {
		w.cause = w.trace.add(w.now, TimerEvent, t.cause, a.id, 0, "timer", "")
	}
	w.tick(a, "timer")
	a.begin("a timer")
	if t.fires != nil {
		t.fires()
	} else {
		a.process.step()
	}
	a.end()
}
