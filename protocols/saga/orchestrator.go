package saga

import (
	"fmt"
	"time"

	"seedbed.example/protocols/backoff"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// Options are an orchestrator's settings.
type Options struct {
	outbox.Options
	Saga    *Rules        // nil: the correct ones
	Timeout time.Duration // after which a step that has not answered is given up. Default 300 ms

	// Watch is given the orchestrator's state at each boot, for tests to look
	// at, if it is not nil.
	Watch func(*Sagas)
}

// Orchestrator returns the code of an orchestrator, for [sim.World.Serve]. It
// carries sagas out, one after another, from wherever each of them stands.
func Orchestrator(o Options) func(p *sim.Process) {
	if o.Rules == nil {
		o.Rules = outbox.Correct()
	}
	if o.Saga == nil {
		o.Saga = Correct()
	}
	if o.Timeout == 0 {
		o.Timeout = 300 * time.Millisecond
	}
	return func(p *sim.Process) { boot(p, o).run() }
}

// An orchestrator is one that runs.
type orchestrator struct {
	*sim.Process
	options  Options
	database *outbox.Database
	sagas    *Sagas
	broker   *rpc.Client[*outbox.Published]
	waits    *backoff.Backoff // until a command is given again
	reply    *outbox.Deliver  // that has come, and has had no effect yet
}

func boot(p *sim.Process, options Options) *orchestrator {
	o := &orchestrator{Process: p, options: options, sagas: &Sagas{}}
	o.database = outbox.OpenDatabase(p, o.sagas, options.Rules, options.Compacts)
	if options.Watch != nil {
		options.Watch(o.sagas)
	}
	o.broker = rpc.NewClient[*outbox.Published](p, []sim.NodeID{options.Broker}, nil)
	o.waits = backoff.New(p.Rand("command again"), options.Timeout, 8*options.Timeout)
	return o
}

// run carries out whatever there is to carry out.
func (o *orchestrator) run() {
	if s := o.sagas.Unfinished(); s != nil && s.Phase != Placed {
		o.Log("resumes %s: %s %s", s.ID, s.Phase, s.service())
		o.Sometimes("a saga is resumed", true)
	}
	for {
		if s := o.sagas.Unfinished(); s != nil {
			o.carryOut(s)
		} else {
			o.hear(nil, sim.MaxTime)
		}
	}
}

// carryOut brings a saga to its end. Each step is done in its turn (T1, T2, ..);
// if one is refused, or does not answer, those that may have been done are
// compensated the other way round (.., C2, C1).
func (o *orchestrator) carryOut(s *Saga) {
	last := len(Services()) - 1
	if s.Phase == Placed {
		o.move(s, Doing, 0)
	}
	for s.Phase == Doing {
		switch reply, ok := o.await(s, o.options.Timeout); {
		case !ok:
			o.Log("order %s: %s has not answered in %v: nobody knows whether it is done", s.ID, s.service(), o.options.Timeout)
			o.move(s, Undoing, s.Step)
		case !reply.OK && s.Step == 0:
			o.move(s, Aborted, 0)
		case !reply.OK:
			o.move(s, Undoing, s.Step-1)
		case s.Step < last:
			o.move(s, Doing, s.Step+1)
		default:
			o.move(s, Confirming, 0)
		}
	}
	for s.Phase == Undoing {
		if o.insist(s); s.Step > 0 {
			o.move(s, Undoing, s.Step-1)
		} else {
			o.move(s, Aborted, 0)
		}
	}
	for s.Phase == Confirming {
		if o.insist(s); s.Step < last {
			o.move(s, Confirming, s.Step+1)
		} else {
			o.move(s, Completed, 0)
		}
	}
}

// insist waits for the reply to a command that cannot be given up: it gives it
// again and again.
func (o *orchestrator) insist(s *Saga) {
	o.waits.Reset()
	for {
		reply, ok := o.await(s, o.waits.Next())
		if ok {
			o.Always("no service refuses to compensate or to confirm", reply.OK)
			return
		}
		o.database.Commit(outbox.Transaction{Messages: []outbox.Draft{{Topic: s.service(), Body: s.command().String()}}})
	}
}

// move writes where a saga stands from now on, the command that this is, and that
// the reply which has led there is dealt with: one transaction.
func (o *orchestrator) move(s *Saga, phase Phase, step int) {
	next := *s
	next.Phase, next.Step = phase, step
	o.Log("%s", next.note())
	tx := outbox.Transaction{Change: next.change()}
	if !next.Ended() {
		tx.Messages = []outbox.Draft{{Topic: next.service(), Body: next.command().String()}}
	}
	if o.reply != nil {
		tx.Cause = &o.reply.ID
	}
	o.commit(tx)
	o.publish(&next)
	if o.reply != nil {
		o.Send(o.options.Broker, &outbox.Acknowledge{Number: o.reply.Number})
		o.reply = nil
	}
}

// note tells people where a saga stands.
func (s *Saga) note() string {
	if s.Ended() {
		return fmt.Sprintf("order %s is %s", s.ID, s.Status())
	}
	return fmt.Sprintf("order %s: %s %s", s.ID, s.Phase, s.service())
}

// commit carries out a transaction that changes where a saga stands.
func (o *orchestrator) commit(tx outbox.Transaction) {
	if change := tx.Change; !o.options.Saga.SavePosition() {
		tx.Change = ""
		if err := o.sagas.Apply(change); err != nil {
			o.Halt(err)
		}
	}
	o.database.Commit(tx)
}

// await sends what is in the outbox, and waits so long for the reply to a saga's
// command.
func (o *orchestrator) await(s *Saga, timeout time.Duration) (Reply, bool) {
	o.relay()
	deadline := o.Elapsed() + timeout
	for {
		left := deadline - o.Elapsed()
		if left <= 0 {
			return Reply{}, false
		}
		if reply, ok := o.hear(s, left); ok {
			return reply, true
		}
	}
}

// relay sends what is in the outbox, each until the broker has it.
func (o *orchestrator) relay() {
	for message, more := o.database.Next(); more; message, more = o.database.Next() {
		published, err := o.broker.Ask(&outbox.Publish{Message: message}, o.broker.Begin())
		if err == nil {
			o.database.Sent(published.ID)
		}
	}
}

// hear deals with the next message, and waits for it so long. It returns the reply
// to a saga's command if it is that.
func (o *orchestrator) hear(s *Saga, timeout time.Duration) (Reply, bool) {
	from, m, err := o.Receive(timeout)
	if err != nil {
		return Reply{}, false
	}
	switch m := m.(type) {
	case *Place:
		if o.sagas.find(m.ID) == nil {
			o.Log("takes %s", m.Order)
			o.commit(outbox.Transaction{Change: Saga{Order: m.Order, Phase: Placed}.change()})
		}
		o.answer(from, m.ID)
	case *Read:
		o.answer(from, m.ID)
	case *outbox.Deliver:
		reply, err := parseReply(m.Body)
		if err != nil {
			o.Halt(fmt.Errorf("message %v: %w", m.Message, err))
		}
		if s != nil && s.answers(reply) {
			o.reply = m
			return reply, true
		}
		o.Send(from, &outbox.Acknowledge{Number: m.Number}) // it comes too late, or again
	}
	return Reply{}, false
}

// answer tells a customer how an order stands.
func (o *orchestrator) answer(to sim.NodeID, id string) {
	status := Unknown
	if s := o.sagas.find(id); s != nil {
		status = s.Status()
	}
	o.Send(to, &Answer{id, status})
}
