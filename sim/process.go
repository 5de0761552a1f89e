package sim

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// ErrTimeout says that no answer came in time. Whether the request took effect
// is unknown.
var ErrTimeout = errors.New("timed out")

// A Process is sequential code that blocks: a client ([World.Go]), or a server
// that reads better so than as a state machine ([World.Serve]), such as an
// orchestrator. It runs on a coroutine, so that a switch costs tens of
// nanoseconds and needs no scheduler. Its methods are for use inside the
// function given to the world, and nowhere else. It has what an [Env] has, but
// for timers: it sleeps, or waits for a message for so long.
type Process struct {
	actor   *actor
	resume  func() (struct{}, bool)
	stop    func()
	yield   func(struct{}) bool
	alarm   *timer
	waiting string // what it is blocked in, for reports
	target  NodeID // whom it waits for, if anyone

	port     uint64 // the call that is under way, 0 if none
	ports    uint64 // ports handed out in this incarnation
	answer   Message
	woken    bool // by what it waited for, as opposed to its alarm
	mailbox  ring[letter]
	state    State // as it was last published
	finished bool
}

// A letter is a message that came to a process's own address.
type letter struct {
	from    NodeID
	message Message
	cause   uint64 // the trace event of its delivery
}

func newProcess(a *actor) *Process {
	p := &Process{actor: a}
	p.alarm = a.newTimer(nil)
	p.ports = uint64(a.incarnation) << 32 // a late reply to an earlier life finds nobody
	p.resume, p.stop = iter.Pull(func(yield func(struct{}) bool) {
		p.yield = yield
		defer func() {
			thrown := recover()
			if a.ending != running {
				panic(interrupted{a}) // whatever its deferred functions threw instead
			}
			if thrown != nil {
				panic(processPanic{thrown, callers(0)})
			}
		}()
		a.body(p)
		p.finished = true
	})
	return p
}

// step lets the process run until it blocks again.
func (p *Process) step() { p.resume() }

// park blocks the process until step is called. What wakes it is set up by the
// caller.
func (p *Process) park(waiting string, target NodeID) {
	p.waiting, p.target, p.woken = waiting, target, false
	if !p.yield(struct{}{}) {
		p.actor.leave(killed)
	}
	p.waiting, p.target = "", 0
}

// kill unwinds a process whose machine has crashed. Its deferred functions run,
// because Go wants it so, but nothing that they do or throw has any effect.
func (p *Process) kill() {
	defer func() {
		_ = recover()
		p.actor.ending = running
	}()
	p.stop()
}

// receive takes a message that has arrived at one of the process's ports.
func (p *Process) receive(port uint64, from NodeID, m Message) {
	switch {
	case p.finished:
	case port == 0:
		p.mailbox.push(letter{from, m, p.actor.world.cause})
		if p.waiting == waitingForMessage {
			p.woken = true
			p.step()
		}
	case port == p.port:
		p.port, p.answer, p.woken = 0, m, true
		p.step()
	}
	// Anything else is the late or second answer to a call that is over.
}

// Waiting says what a process is blocked in, for the report of a run that got
// stuck: "Call to node 2", by the other's name; "" if it has finished or is down.
func (w *World) Waiting(id NodeID) string {
	p := w.actor(id).process
	switch {
	case p == nil || p.waiting == "":
		return ""
	case p.target != 0:
		return fmt.Sprintf("%s to %s", p.waiting, w.Name(p.target))
	default:
		return p.waiting
	}
}

// Client returns a client's number, by which the history knows it, from 1; 0
// for a server.
func (w *World) Client(id NodeID) int { return w.actor(id).client }

// Clients returns the addresses of all clients: of client 1, client 2, ...
func (w *World) Clients() []NodeID { return w.clients }

// Finished reports whether a process has come to the end of its function.
func (w *World) Finished(id NodeID) bool {
	p := w.actor(id).process
	return p != nil && p.finished
}

const waitingForMessage = "Receive"

// ID returns the process's address.
func (p *Process) ID() NodeID { return p.actor.id }

// Call sends m to a node and waits for its answer: the first message that the
// node sends to where m came from. It returns [ErrTimeout] when none came
// within timeout on the process's monotonic clock.
func (p *Process) Call(to NodeID, m Message, timeout time.Duration) (Message, error) {
	p.ports++
	p.port = p.ports
	p.actor.send(p.actor.id.withPort(p.port), to, m)
	p.alarm.Reset(timeout)
	p.park("Call", to)
	if !p.woken {
		p.port = 0
		return nil, ErrTimeout
	}
	p.alarm.Stop()
	answer := p.answer
	p.answer = nil
	return answer, nil
}

// Send sends m to a node and does not wait.
func (p *Process) Send(to NodeID, m Message) { p.actor.Send(to, m) }

// Receive waits for a message to the process's own address: not for an answer
// to its calls. It returns [ErrTimeout] when none came within timeout; one of
// [MaxTime] is as long as the run. A reply goes to from, now or later.
func (p *Process) Receive(timeout time.Duration) (from NodeID, m Message, err error) {
	if p.mailbox.len() == 0 {
		p.alarm.Reset(timeout)
		p.park(waitingForMessage, 0)
		if !p.woken {
			return 0, nil, ErrTimeout
		}
		p.alarm.Stop()
	}
	first := p.mailbox.pop()
	p.actor.world.cause = first.cause
	return first.from, first.message, nil
}

// Publish gives the process's abstract state, which it is in until it publishes
// another: what [Stated] is to a state machine.
func (p *Process) Publish(s State) { p.state = s }

// Sleep waits for d on the process's monotonic clock.
func (p *Process) Sleep(d time.Duration) {
	p.alarm.Reset(d)
	p.park("Sleep", 0)
}

// Now returns the process's own wall clock.
func (p *Process) Now() time.Time { return p.actor.Now() }

// Elapsed returns the process's own monotonic clock.
func (p *Process) Elapsed() time.Duration { return p.actor.Elapsed() }

// Rand returns the process's stream of choices for one purpose.
func (p *Process) Rand(purpose string) *choice.Stream { return p.actor.Rand(purpose) }

// Disk returns the process's disk, whose operations block.
func (p *Process) Disk() storage.Disk { return p.actor.Disk() }

// Log notes what happened, for a person who reads the trace.
func (p *Process) Log(format string, args ...any) { p.actor.Log(format, args...) }

// Sometimes notes whether a situation worth testing has come up.
func (p *Process) Sometimes(situation string, ok bool) { p.actor.Sometimes(situation, ok) }

// Point names a point of the process's code at which faults may strike.
func (p *Process) Point(name string) { p.actor.Point(name) }

// Buggify asks whether to take an alternative that is as right as the usual
// way but rarer.
func (p *Process) Buggify(alternative string) bool { return p.actor.Buggify(alternative) }

// Halt ends the process on purpose; its supervisor starts it again after a
// while.
func (p *Process) Halt(reason error) { p.actor.Halt(reason) }
