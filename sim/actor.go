package sim

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/storage"
)

// An actor is whoever lives at an address: a node (a state machine) or a
// process (a coroutine). It is the machine around them: clock, disk, inbox. It
// implements [Env].
type actor struct {
	world   *World
	id      NodeID
	name    string
	newNode func() Node    // for a node
	body    func(*Process) // for a process

	node    Node
	process *Process

	state       actorState
	paused      bool
	incarnation uint32          // counts boots
	perEvent    time.Duration   // what handling any event costs: a slow machine
	spent       time.Duration   // what the running handler has cost so far
	sends       int             // messages the running handler has sent
	busyUntil   time.Duration   // when the last handler will have finished
	waking      bool            // a wakeEvent for busyUntil is queued
	crashAt     time.Duration   // the next planned crash, never if none
	planned     []time.Duration // all planned crashes, in order
	inbox       ring            // what arrived while paused or busy
	haltReason  error

	clock   clock.Clock
	disk    *storage.Simulated
	streams map[string]*choice.Stream
}

type actorState uint8

const (
	down actorState = iota
	up
)

// never is a virtual time that does not come.
const never = time.Duration(1<<63 - 1)

func (w *World) addActor(name string) *actor {
	number := len(w.actors)
	if number >= 1<<nodeBits {
		panic(fmt.Sprintf("sim: more than %d nodes and processes in one world", 1<<nodeBits-1))
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

// localNow is the true time at this point of the running handler.
func (a *actor) localNow() time.Duration { return a.world.now + a.spent }

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
	a.world.queue.push(event{at: max(a.busyUntil, a.world.now), kind: wakeEvent, actor: uint16(a.id)})
}

// wake handles what the inbox holds until the actor is busy again.
func (w *World) wake(a *actor) {
	a.waking = false
	for a.inbox.len() > 0 && a.state == up && !a.paused && a.busyUntil <= w.now && len(w.violations) == 0 {
		e := a.inbox.pop()
		if e.kind == deliverEvent {
			w.deliver(a, e.ref)
		} else {
			w.fire(a, w.timers.values[e.ref])
		}
	}
	a.wakeLater()
}

// begin opens the handling of one event by a, end closes it.
func (a *actor) begin() {
	a.spent = a.perEvent
	a.sends = 0
	a.world.deciding = a
}

func (a *actor) end() {
	a.world.deciding = nil
	if a.spent > 0 {
		a.busyUntil = a.world.now + a.spent
		a.spent = 0
	}
}

// ID implements [Env].
func (a *actor) ID() NodeID { return a.id }

// Now implements [Env].
func (a *actor) Now() time.Time { return a.clock.Wall(a.localNow()) }

// Elapsed implements [Env].
func (a *actor) Elapsed() time.Duration { return a.clock.Monotonic(a.localNow()) }

// Rand implements [Env].
func (a *actor) Rand(purpose string) *choice.Stream {
	stream := a.streams[purpose]
	if stream == nil {
		stream = choice.NewStream(a.world.options.Choices, "rand", a.name+" "+purpose)
		if a.streams == nil {
			a.streams = make(map[string]*choice.Stream)
		}
		a.streams[purpose] = stream
	}
	return stream
}

// Disk implements [Env].
func (a *actor) Disk() storage.Disk { return a.simulatedDisk() }

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

func (h diskHost) Spend(d time.Duration) { h.a.Spend(d) }

// Spend lets the running handler take d of virtual time: a blocking disk
// operation, or a slow machine. A crash planned inside that time strikes here.
func (a *actor) Spend(d time.Duration) {
	if a.process != nil {
		a.process.Sleep(d)
		return
	}
	if a.world.deciding != a {
		return // looked at from outside of any handler, by a test
	}
	a.spent += d
	if a.localNow() >= a.crashAt {
		panic(interrupted{a})
	}
}

// Log implements [Env].
func (a *actor) Log(format string, args ...any) {
	if w := a.world; w.trace != nil {
		w.trace.add(a.localNow(), NoteEvent, w.cause, a.id, 0, "log", fmt.Sprintf(format, args...))
	}
}

// Sometimes implements [Env].
func (a *actor) Sometimes(situation string, ok bool) { a.world.Sometimes(situation, ok) }
