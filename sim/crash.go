package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/clock"
)

// boot starts a node or process at its next event time. It goes through the
// queue so that whatever Start does happens inside the run.
func (w *World) boot(a *actor) {
	incarnation := a.incarnation
	w.At(w.now, func() {
		if a.state == up || a.incarnation != incarnation {
			return
		}
		a.state, a.paused, a.haltReason = up, false, nil
		w.hash.add(uint64(w.now), uint64(a.id)<<48|1)
		if w.trace != nil {
			w.cause = w.trace.add(w.now, BootEvent, w.cause, a.id, 0, a.name, "")
		}
		a.begin()
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

// Crash takes a node or process down now: its memory, timers and inbox die,
// and its disk keeps what its faults let it keep. If it is in the midst of
// handling an event, it finishes that first; [World.CrashAt] can strike in
// the midst. Crashing what is down does nothing.
func (w *World) Crash(id NodeID) {
	a := w.actor(id)
	switch {
	case a.state == down:
		a.incarnation++ // calls off a boot that is under way
	case w.deciding == a:
		w.At(w.now, func() { w.Crash(id) })
	case a.busyUntil > w.now:
		incarnation := a.incarnation
		w.At(a.busyUntil, func() {
			if a.incarnation == incarnation && a.state == up {
				a.die(w.now, "crash")
			}
		})
	default:
		a.die(w.now, "crash")
	}
}

// CrashAt plans a crash at virtual time at. When the node is then in the midst
// of a handler that takes virtual time (a sync of its disk, say), it strikes
// right there: what the handler did before has happened, and nothing after.
func (w *World) CrashAt(at time.Duration, id NodeID) {
	a := w.actor(id)
	a.planned = append(a.planned, at)
	slices.Sort(a.planned)
	a.crashAt = a.planned[0]
	w.At(at, func() {
		if i := slices.Index(a.planned, at); i >= 0 {
			a.planned = slices.Delete(a.planned, i, i+1)
			w.Crash(id)
		}
		a.crashAt = never
		if len(a.planned) > 0 {
			a.crashAt = a.planned[0]
		}
	})
}

// CallOffCrashes forgets the crashes that are planned for a node.
func (w *World) CallOffCrashes(id NodeID) {
	a := w.actor(id)
	a.planned, a.crashAt = nil, never
}

// die takes the actor down at virtual time at.
func (a *actor) die(at time.Duration, why string) {
	w := a.world
	w.hash.add(uint64(at), uint64(a.id)<<48|2)
	var crash uint64
	if w.trace != nil {
		crash = w.trace.add(at, CrashEvent, w.cause, a.id, 0, why, "")
	}
	a.state, a.paused = down, false
	a.incarnation++
	a.spent, a.busyUntil, a.node = 0, 0, nil
	for a.inbox.len() > 0 {
		e := a.inbox.pop()
		if e.kind == deliverEvent {
			w.drop(e.ref, "receiver crashed")
		} else {
			w.timers.values[e.ref].done()
		}
	}
	if a.disk != nil {
		w.cause = crash
		a.disk.Crash()
	}
	if p := a.process; p != nil {
		a.process = nil
		p.kill()
	}
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

// Pause freezes a node or process, as a long garbage collection or a stopped
// virtual machine does: time goes on, messages and timers queue up.
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
	a.perEvent = perEvent
	w.noteFault(a, "slow")
}

// AdjustClock lets f change a node's clock, and its pending timers follow.
func (w *World) AdjustClock(id NodeID, f func(c *clock.Clock, now time.Duration)) {
	a := w.actor(id)
	f(&a.clock, w.now)
	w.noteFault(a, "clock")
	for _, t := range w.timers.values {
		if t != nil && t.actor == a && t.armed && t.incarnation == a.incarnation {
			t.enqueue(w.now)
		}
	}
}

func (w *World) noteFault(a *actor, what string) {
	w.hash.add(uint64(w.now)^hashText(what), uint64(a.id)<<48|3)
	w.trace.add(w.now, FaultEvent, w.cause, a.id, 0, what, "")
}

// Halt implements [Env].
func (a *actor) Halt(reason error) {
	a.haltReason = reason
	panic(interrupted{a})
}

// HaltReason returns why a node ended itself, nil if it did not, or has been
// started again.
func (w *World) HaltReason(id NodeID) error { return w.actor(id).haltReason }

// interrupted is thrown to end a handler in its midst: by a planned crash, or
// by the node's own Halt.
type interrupted struct{ a *actor }

// processPanic carries a panic, and where it happened, out of a coroutine.
type processPanic struct {
	value any
	stack []byte
}

// unwound settles what a handler threw. It reports whether the run is over.
func (w *World) unwound(thrown any) bool {
	if stop, ok := thrown.(interrupted); ok {
		a := stop.a
		w.deciding = nil
		if a.haltReason == nil {
			a.planned = slices.Delete(a.planned, 0, 1)
			a.die(a.crashAt, "crash")
			return false
		}
		reason := a.haltReason
		a.die(a.localNow(), "halt: "+reason.Error())
		a.haltReason = reason
		incarnation := a.incarnation
		w.At(w.now+w.options.RestartAfter, func() {
			if a.incarnation == incarnation {
				w.Restart(a.id)
			}
		})
		return false
	}
	if _, ok := thrown.(runaway); ok {
		return true // already reported
	}
	value, stack := thrown, stackHere()
	if p, ok := thrown.(processPanic); ok {
		value, stack = p.value, p.stack
	}
	who := "the run itself"
	if w.deciding != nil {
		who = fmt.Sprintf("%s (node %v)", w.deciding.name, w.deciding.id)
	}
	w.deciding = nil
	w.Violate("panic", "%s panicked: %v\n%s", who, value, handlerFrames(stack))
	return true
}

// handlerFrames cuts a stack down to the frames between the panic and the
// engine: the handler's own.
func handlerFrames(stack []byte) string {
	lines := strings.Split(strings.TrimSpace(string(stack)), "\n")
	start := 1
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") {
			start = i + 2
		}
	}
	var frames []string
	for i := start; i+1 < len(lines); i += 2 {
		if strings.HasPrefix(lines[i], "seedbed.example/sim.(*World)") || strings.HasPrefix(lines[i], "seedbed.example/sim.newProcess") {
			break
		}
		call, _, _ := strings.Cut(lines[i], "(0x")
		place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
		frames = append(frames, "  "+call+"\n    "+place)
	}
	return strings.Join(frames, "\n")
}
