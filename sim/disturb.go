package sim

import (
	"time"

	"seedbed.example/clock"
)

// Pause freezes a node or process, as a long garbage collection or a stopped
// virtual machine does: time goes on, messages and timers queue up. It does
// nothing to what is down.
func (w *World) Pause(id NodeID) {
	if a := w.actor(id); a.state == up && !a.paused {
		a.paused = true
		w.noteFault(a, "pause")
	}
}

// Resume lets a paused node or process handle all that has queued up.
func (w *World) Resume(id NodeID) {
	if a := w.actor(id); a.paused {
		a.paused = false
		w.noteFault(a, "resume")
		a.wakeLater()
	}
}

// Slow makes each event cost the node perEvent of virtual time, until it is
// called again with 0.
func (w *World) Slow(id NodeID, perEvent time.Duration) {
	a := w.actor(id)
	a.perEvent = min(perEvent, MaxTime)
	w.noteFault(a, "slow")
}

// AdjustClock lets f change a node's clock, and its pending timers follow. If
// it is in the midst of handling an event, the change is that of the time at
// which it will have finished.
func (w *World) AdjustClock(id NodeID, f func(c *clock.Clock, now time.Duration)) {
	a := w.actor(id)
	f(&a.clock, a.localNow())
	w.noteFault(a, "clock")
	for _, t := range w.timers.values {
		if t != nil && t.actor == a && t.armed && t.incarnation == a.incarnation {
			t.enqueue(a.localNow())
		}
	}
}

func (w *World) noteFault(a *actor, what string) {
	w.hash.add(uint64(w.now)^hashText(what), uint64(a.id)<<48|3)
	w.trace.add(w.now, FaultEvent, w.cause, a.id, 0, what, "")
}
