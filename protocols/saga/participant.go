package saga

import (
	"fmt"

	"seedbed.example/protocols/outbox"
	"seedbed.example/sim"
)

// A Participant is a service that carries out one step of each saga, and takes it
// back.
type Participant struct {
	*outbox.Endpoint
	Ledger  *Ledger
	env     sim.Env
	name    string
	rules   *Rules
	options outbox.Options
}

// NewParticipant returns the service of that name, one of [Services], that is
// about to boot. At its first boot it has so much at each place.
func NewParticipant(name string, places map[string]int64, rules *Rules, o outbox.Options) *Participant {
	return &Participant{name: name, Ledger: NewLedger(places), rules: rules, options: o}
}

// Start implements [sim.Node].
func (s *Participant) Start(env sim.Env) {
	s.env = env
	s.Endpoint = outbox.Open(env, s.Ledger, s.effect, s.options)
}

// Receive implements [sim.Node].
func (s *Participant) Receive(from sim.NodeID, m sim.Message) {
	s.Endpoint.Receive(from, m)
	place := s.Ledger.Overdrawn()
	if place != "" {
		s.env.Log("%s has %d left", place, s.Ledger.Places[place])
	}
	s.env.Always("nothing is overdrawn", place == "")
}

// effect is what a command changes, and the reply to it.
func (s *Participant) effect(m outbox.Message) outbox.Transaction {
	c, err := parseCommand(m.Body)
	if err != nil {
		s.env.Halt(fmt.Errorf("message %v: %w", m, err))
	}
	stage := s.Ledger.stage(c.Saga)
	s.env.Sometimes("an action comes after its compensation", c.Action == Do && stage == undone)
	s.env.Sometimes("a compensation comes again", c.Action == Undo && stage == undone)
	change, ok := s.Ledger.decide(c, s.rules)
	reply := Reply{s.name, c.Action, c.Saga, ok}
	s.env.Log("%s: %s", c.note(), reply.result())
	if change != "" {
		change += " " + c.String()
	}
	return outbox.Transaction{
		Change:   change,
		Messages: []outbox.Draft{{Topic: repliesTo(m.Source), Body: reply.String()}},
	}
}

// repliesTo is the topic on which an orchestrator hears of its commands.
func repliesTo(orchestrator sim.NodeID) string { return fmt.Sprintf("orchestrator %v", orchestrator) }

// Bindings are who is to have what a broker takes: services commands, by their
// names, which are in the order of [Services], and orchestrators replies.
func Bindings(services, orchestrators []sim.NodeID) (all []outbox.Binding) {
	for i, name := range Services() {
		all = append(all, outbox.Binding{Topic: name, Consumer: services[i]})
	}
	for _, id := range orchestrators {
		all = append(all, outbox.Binding{Topic: repliesTo(id), Consumer: id})
	}
	return all
}
