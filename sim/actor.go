package sim

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/storage"
)

// An actor is whoever lives at an address: a server or a client, a state
// machine or a process (a coroutine). It is the machine around them: clock,
// disk, inbox. It implements [Env].
type actor struct {
	world   *World
	id      NodeID
	name    string
	newNode func() Node    // for a state machine
	body    func(*Process) // for a process
	client  int            // a client's number among clients, from 1; 0 for a server

	node    Node
	process *Process

	state       actorState
	paused      bool
	waking      bool            // a wakeEvent for busyUntil is queued
	ending      ending          // how the running handler has been ended in its midst
	incarnation uint32          // counts boots
	calls       int             // of its Env by the running handler
	perEvent    time.Duration   // what handling any event costs: a slow machine
	spent       time.Duration   // what the running handler has cost so far
	busyUntil   time.Duration   // when the last handler will have finished, or has died
	crashAt     time.Duration   // the next planned crash, never if none
	planned     []time.Duration // all planned crashes, in order
	traps       []*trap         // what is to happen when it sends something
	inbox       ring[event]     // what arrived while paused or busy
	haltReason  error

	clock   clock.Clock
	disk    *storage.Simulated
	streams map[[2]string]*choice.Stream // by domain and what they are about
}

type actorState uint8

const (
	down actorState = iota
	up
)

// never is a virtual time that does not come.
const never = time.Duration(1<<63 - 1)

// addActor adds a node or process. Two of one name would draw the same jitter.
func (w *World) addActor(name string) *actor {
	number := len(w.actors)
	if number >= 1<<nodeBits {
		panic(fmt.Sprintf("sim: more than %d nodes and processes in one world", 1<<nodeBits-1))
	}
	for _, other := range w.actors[1:] {
		if other.name == name {
			name = fmt.Sprintf("%s (%d)", name, number)
			break
		}
	}
	a := &actor{world: w, id: NodeID(number), name: name, crashAt: never}
	w.actors = append(w.actors, a)
	w.network.Grow(number)
	return a
}

// actor returns the actor at id. An id that was never handed out is a mistake
// of the caller's program.
func (w *World) actor(id NodeID) *actor {
	number := int(id.Node())
	if number == 0 || number >= len(w.actors) {
		panic(fmt.Sprintf("sim: no node %v: this world has nodes 1 to %d", id, len(w.actors)-1))
	}
	return w.actors[number]
}

// localNow is the true time that the actor has got to: in a handler, at this
// point of it; else now, or when the last handler will have finished.
func (a *actor) localNow() time.Duration { return max(a.world.now, a.busyUntil) + a.spent }

// free reports whether the actor can handle an event now.
func (a *actor) free() bool {
	return !a.paused && a.busyUntil <= a.world.now && a.inbox.len() == 0
}

// hold keeps an event that has come due until the actor is free.
func (a *actor) hold(e event) {
	a.inbox.push(e)
	a.wakeLater()
}

func (a *actor) wakeLater() {
	if a.paused || a.waking || a.inbox.len() == 0 {
		return
	}
	a.waking = true
	a.world.queue.push(event{at: max(a.busyUntil, a.world.now), kind: wakeEvent, ref: uint32(a.id)})
}

// wake handles what the inbox holds until the actor is busy again.
func (w *World) wake(a *actor) {
	a.waking = false
	for a.inbox.len() > 0 && a.state == up && !a.paused && a.busyUntil <= w.now && len(w.violations) == 0 {
		e := a.inbox.pop()
		if e.kind == deliverEvent {
			w.deliver(e.ref)
		} else if t := w.timers.values[e.ref]; t.due() {
			w.fire(t)
		}
	}
	a.wakeLater()
}

// begin opens the handling of one event by a, end closes it.
func (a *actor) begin(what string) {
	a.calls = 0
	a.world.deciding = a
	if g := a.world.guard; g != nil {
		g.begins(a.name, what)
	}
	if a.perEvent > 0 {
		a.spent = a.perEvent
		if a.localNow() >= a.crashAt {
			a.ending = crashed
			panic(interrupted{a})
		}
	}
}

func (a *actor) end() {
	a.world.deciding = nil
	if g := a.world.guard; g != nil {
		g.ends(a.world)
	}
	if a.ending != running {
		a.settle() // its code has recovered from what was to unwind it
	} else if a.spent > 0 {
		a.busyUntil = a.localNow()
		a.spent = 0
	}
	if a.world.coverage != nil {
		a.world.coverage.sample(a)
	}
}

// ID implements [Env].
func (a *actor) ID() NodeID { return a.id }

// Now implements [Env].
func (a *actor) Now() time.Time {
	a.enter()
	return a.clock.Wall(a.localNow())
}

// Elapsed implements [Env].
func (a *actor) Elapsed() time.Duration {
	a.enter()
	return a.clock.Monotonic(a.localNow())
}

// Rand implements [Env].
func (a *actor) Rand(purpose string) *choice.Stream {
	a.enter()
	return a.stream("rand", purpose)
}

// stream returns the actor's stream of choices of a domain about something.
func (a *actor) stream(domain, about string) *choice.Stream {
	key := [2]string{domain, about}
	stream := a.streams[key]
	if stream == nil {
		stream = choice.NewStream(a.world.options.Choices, domain, a.name+" "+about)
		if a.streams == nil {
			a.streams = make(map[[2]string]*choice.Stream)
		}
		a.streams[key] = stream
	}
	return stream
}

// Disk implements [Env].
func (a *actor) Disk() storage.Disk {
	a.enter()
	return a.simulatedDisk()
}

func (a *actor) simulatedDisk() *storage.Simulated {
	if a.disk == nil {
		a.disk = storage.New(a.world.options.Choices, a.name, diskHost{a})
		a.disk.SetConditions(a.world.options.Disk)
		if a.world.trace != nil {
			a.disk.Observe(a.traceDisk)
		}
	}
	return a.disk
}

// diskHost lets a disk take its owner's time.
type diskHost struct{ a *actor }

// Spend lets the running handler take d of virtual time, for a disk operation
// that blocks. A crash planned inside that time strikes here.
func (h diskHost) Spend(d time.Duration) {
	a := h.a
	a.enter()
	switch {
	case d <= 0:
	case a.world.deciding != a: // looked at from outside of any handler, by a test
	case a.process != nil:
		cause := a.world.cause
		a.process.Sleep(d)
		a.world.cause = cause // what it does next it does not do because of the disk
	default:
		a.spent = min(a.spent+min(d, MaxTime), MaxTime)
		if a.localNow() >= a.crashAt {
			a.leave(crashed)
		}
	}
}

// Log implements [Env].
func (a *actor) Log(format string, args ...any) {
	a.enter()
	if w := a.world; w.trace != nil {
		w.trace.add(a.localNow(), NoteEvent, w.cause, a.id, 0, "log", fmt.Sprintf(format, args...))
	}
}

// Sometimes implements [Env].
func (a *actor) Sometimes(situation string, ok bool) {
	a.enter()
	a.world.Sometimes(situation, ok)
}
