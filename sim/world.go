package sim

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/storage"
)

// Options says how a world is made. The zero value is a calm world that
// records nothing.
type Options struct {
	// Choices decides everything that could go one way or another; nil is
	// [choice.Zero].
	Choices choice.Source
	// Record keeps a structured trace of every event, with its cause, for
	// pictures and explanations. The hash is kept always.
	Record bool
	// Guard watches, at the price of many times slower runs, that messages stay
	// as they were sent. One that is changed, by its sender, its receiver or
	// whoever shares memory with it, is a violation that names where it was sent
	// and whose handler changed it. After each handler the 64 messages sent or
	// delivered last are looked at, and every other when it arrives. It changes
	// nothing else about a run. Messages of more than 100,000 values are let be.
	Guard bool
	// Cover collects the abstract states of nodes that are [Stated].
	Cover bool
	// EventLimit stops a run that never ends; 0 is [DefaultEventLimit].
	EventLimit uint64
	// RestartAfter is how long a supervisor waits before it starts a process
	// again that halted itself; 0 is [DefaultRestartAfter].
	RestartAfter time.Duration
	// Disk is how every disk behaves when no fault worsens it.
	Disk storage.Conditions
}

// MaxTime is the virtual time at which every run ends: a hundred years.
const MaxTime = 100 * 365 * 24 * time.Hour

// Defaults of [Options].
const (
	DefaultEventLimit   = 20_000_000
	DefaultRestartAfter = 500 * time.Millisecond
)

// A World is one simulated cluster: its nodes and processes, network, clocks
// and disks, on one virtual clock and in one thread. It is not safe for
// concurrent use; run many worlds to use many cores.
type World struct {
	options  Options
	now      time.Duration
	queue    queue
	hash     Hash
	network  *network.Network
	actors   []*actor // by node number; actors[0] is unused
	clients  []NodeID // in the order in which they were added
	kinds    kinds
	inFlight slab[envelope]
	timers   slab[*timer]
	actions  slab[action]
	trace    *Trace
	tells    func(v any) string // of DescribeWith, nil if not set
	coverage *coverage          // nil unless asked for
	cause    uint64             // the trace event that is being handled
	history  history.History
	register func(name string) int // network.Kind, bound once

	counts     Counts
	sometimes  map[string]*Situation
	eventually map[string]bool // whether what must hold once has
	violations []Violation
	// alternatives is how often each is taken that code offers by Buggify.
	alternatives map[string]choice.Rate
	deciding     *actor // whose handler is running
	guard        *guard // nil when messages are not guarded
	loop         loopTally
}

// An action is something that happens to the world at a certain time.
type action struct {
	do    func()
	cause uint64 // the trace event whose handler wanted it, 0 if none
}

// Counts says how much happened in a run.
type Counts struct {
	Events   uint64 // handled: messages delivered, timers fired, actions taken
	Messages uint64 // handed to the network
	Dropped  uint64 // lost, cut off, damaged beyond use, or for a process that was down
	Damaged  uint64 // of the messages: corrupted on their way
}

// NewWorld returns an empty world at virtual time 0.
func NewWorld(options Options) *World {
	if options.Choices == nil {
		options.Choices = choice.Zero{}
	}
	if options.EventLimit == 0 {
		options.EventLimit = DefaultEventLimit
	}
	if options.RestartAfter == 0 {
		options.RestartAfter = DefaultRestartAfter
	}
	w := &World{options: options, network: network.New(options.Choices), actors: make([]*actor, 1, 16)}
	w.register = w.network.Kind
	if options.Guard {
		w.guard = newGuard()
	}
	if options.Record {
		w.trace = &Trace{}
	}
	if options.Cover {
		w.coverage = newCoverage()
	}
	return w
}

// AddNode adds a node, which boots now. newNode makes its state machine, at
// boot and again at each restart. A name that is taken gets the node's number
// added: it is in the keys of choices.
func (w *World) AddNode(name string, newNode func() Node) NodeID {
	a := w.addActor(name)
	a.newNode = newNode
	w.boot(a)
	return a.id
}

// Go adds a client: a process that runs f, written as sequential code that
// blocks, from now on. It restarts, after a crash, at the beginning of f.
func (w *World) Go(name string, f func(p *Process)) NodeID {
	a := w.addActor(name)
	a.body = f
	w.clients = append(w.clients, a.id)
	a.client = len(w.clients)
	w.boot(a)
	return a.id
}

// Serve adds a server whose code blocks: a node, as those of [World.AddNode]
// are, that runs f as [World.Go] does. Messages to it wait until it takes them
// by [Process.Receive], and the answer to one goes where Receive says that it
// came from. After a crash f begins again, and finds its disk as that was
// left; what is to die with the crash are f's own variables. A server whose f
// has returned does nothing more until it is restarted.
func (w *World) Serve(name string, f func(p *Process)) NodeID {
	a := w.addActor(name)
	a.body = f
	w.boot(a)
	return a.id
}

// Now returns the true virtual time since the start of the run. No node sees it.
func (w *World) Now() time.Duration { return w.now }

// Node returns the state machine of a node, nil while it is down, and for one
// whose code blocks: for tests and reports, never for another node.
func (w *World) Node(id NodeID) Node { return w.actor(id).node }

// Name returns the name that a node or process was given.
func (w *World) Name(id NodeID) string { return w.actor(id).name }

// Disk returns a node's disk, to worsen its conditions.
func (w *World) Disk(id NodeID) *storage.Simulated { return w.actor(id).simulatedDisk() }

// BaseDisk returns how every disk behaves when no fault worsens it.
func (w *World) BaseDisk() storage.Conditions { return w.options.Disk }

// Network returns the network, to impose conditions on it.
func (w *World) Network() *network.Network { return w.network }

// History returns the operations that processes have recorded.
func (w *World) History() *history.History { return &w.history }

// Hash returns the digest of all that has happened.
func (w *World) Hash() Hash { return w.hash }

// Counts returns how much has happened.
func (w *World) Counts() Counts { return w.counts }

// Pending returns how many events are queued.
func (w *World) Pending() int { return w.queue.len() }

// Choices returns the source that decides this run.
func (w *World) Choices() choice.Source { return w.options.Choices }

// At lets f happen at virtual time at, or now if that has passed.
func (w *World) At(at time.Duration, f func()) {
	ref, place := w.actions.place()
	*place = action{f, w.cause}
	w.queue.push(event{at: max(at, w.now), kind: actionEvent, ref: ref})
}

// RunFor runs the world for d of virtual time. It stops early at a violation,
// and reports whether there was none.
func (w *World) RunFor(d time.Duration) bool { return w.RunUntil(w.now + min(d, MaxTime)) }

// RunUntil runs the world until virtual time at, [MaxTime] at most. It stops
// early at a violation, and reports whether there was none.
func (w *World) RunUntil(at time.Duration) bool {
	w.RunWhile(func() bool { return true }, at)
	return len(w.violations) == 0
}

// RunWhile runs the world as long as waiting reports true, asked after each
// event, but not beyond virtual time limit. It reports whether the wait ended
// in time and without a violation.
func (w *World) RunWhile(waiting func() bool, limit time.Duration) bool {
	if w.deciding != nil {
		panic("sim: a handler cannot run the world that it is part of")
	}
	limit = min(limit, MaxTime)
	for !w.run(waiting, limit) {
	}
	w.cause = 0
	switch {
	case len(w.violations) > 0:
		return false
	case waiting():
		w.now = max(w.now, limit)
		return false
	default:
		return true
	}
}

// run handles events as long as waiting says so, one is due by limit, and no
// violation stands. A handler that crashes in its midst, or panics, unwinds to
// here, and the rest of the world may go on: then run has not finished.
func (w *World) run(waiting func() bool, limit time.Duration) (finished bool) {
	defer func() {
		if thrown := recover(); thrown != nil {
			w.unwound(thrown)
		}
	}()
	for len(w.violations) == 0 && waiting() && w.queue.len() > 0 && w.queue.heap[0].at <= limit {
		e := w.queue.pop()
		w.now = e.at
		switch e.kind {
		case deliverEvent:
			if w.arrives(e) {
				w.deliver(e.ref)
			}
		case timerEvent:
			if t := w.timers.values[e.ref]; t.expires(e) {
				w.fire(t)
			}
		case wakeEvent:
			w.wake(w.actors[e.ref])
		case actionEvent:
			a := w.actions.take(e.ref)
			w.tick(nil, "action")
			w.cause = a.cause
			w.happen(a.do)
		}
	}
	return true
}

// happen takes an action.
func (w *World) happen(do func()) {
	if w.guard == nil {
		do()
		return
	}
	w.guard.begins("the run itself", "an action")
	do()
	w.guard.ends(w)
}

// Violation is a promise that a run broke.
type Violation struct {
	Checker string        // who saw it
	Kind    string        // which of several promises that one checker watches; "" if it is one
	About   string        // what it is about, by the name that notes and operations have for it: a key; "" if it has none
	Message string        // what was broken, and by what
	At      time.Duration // virtual time at which it was seen
}

// Violate reports that checker found a promise broken. Kind says which one, if
// the checker watches several. The run stops there.
func (w *World) Violate(checker, kind, format string, args ...any) {
	w.ViolateAbout("", checker, kind, format, args...)
}

// ViolateAbout is [World.Violate] with the name of what the promise is about, so
// that a story of the run tells what was noted of that.
func (w *World) ViolateAbout(name, checker, kind, format string, args ...any) {
	v := Violation{Checker: checker, Kind: kind, About: name, Message: fmt.Sprintf(format, args...), At: w.now}
	w.violations = append(w.violations, v)
	if w.trace != nil {
		w.trace.Mark(w.trace.add(w.now, ViolationEvent, w.cause, 0, 0, checker, v.Message))
	}
}

// Violations returns the promises found broken so far, in the order found.
func (w *World) Violations() []Violation { return w.violations }

// Close ends all processes. Their coroutines would otherwise outlive the world
// and hold on to its memory: a program that makes many worlds closes each.
// What the world recorded stays to be read; nothing runs in it any more.
func (w *World) Close() {
	for _, a := range w.actors[1:] {
		if p := a.process; p != nil {
			a.process, a.state = nil, down
			p.kill()
		}
	}
	w.queue.heap = nil
}
