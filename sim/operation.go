package sim

import "seedbed.example/history"

// An Operation is something a process asked of the system under test, from
// its invocation on. Unless it is told how it ended, its outcome is unknown.
type Operation struct {
	process *Process
	id      history.ID
}

// Invoke records that a client begins an operation. In the history it has its
// number, from 1 in the order in which clients were added, however many nodes
// there are. A server has none, and panics.
func (p *Process) Invoke(input any) Operation {
	p.actor.enter()
	w := p.actor.world
	if p.actor.client == 0 {
		panic("sim: Invoke: a server has no operations of its own: World.Go adds a client")
	}
	if w.trace != nil {
		w.trace.add(w.now, InvokeEvent, w.cause, p.actor.id, 0, w.describe(input), "")
	}
	return Operation{p, w.history.Invoke(p.actor.client, w.now, input)}
}

// OK records that the operation took effect and gave output.
func (o Operation) OK(output any) { o.end(history.OK, output) }

// Failed records that the operation certainly did not and will not take effect.
func (o Operation) Failed() { o.end(history.Failed, nil) }

// Unknown records that the process has given up: the operation may have taken
// effect, or may yet.
func (o Operation) Unknown() { o.end(history.Unknown, nil) }

func (o Operation) end(outcome history.Outcome, output any) {
	o.process.actor.enter()
	w := o.process.actor.world
	if w.trace != nil {
		w.trace.add(w.now, ReturnEvent, w.cause, o.process.actor.id, 0, outcome.String(), w.describe(output))
	}
	w.hash.add(uint64(w.now), uint64(o.process.actor.id)<<48|4<<8|uint64(outcome))
	w.history.Return(o.id, w.now, outcome, output)
}
