package outbox

import "seedbed.example/sim"

// Options are what services of one kind have in common.
type Options struct {
	Broker   sim.NodeID
	Rules    *Rules // nil: the correct ones
	Compacts int    // the log of a database is written anew every so many records; 0: 64
}

// An Endpoint is a service's way to others: its database, a relay for what it
// sends, and an inbox for what it receives. A node makes one at each boot and lets
// it see what it receives.
type Endpoint struct {
	*Database
	env    sim.Env
	relay  *relay
	effect func(Message) Transaction
}

// Open returns the endpoint of a node that boots, with state as it was. Effect
// says what a message that has not been seen changes and answers; it must not
// change anything itself.
func Open(env sim.Env, state State, effect func(Message) Transaction, o Options) *Endpoint {
	if o.Rules == nil {
		o.Rules = Correct()
	}
	d := OpenDatabase(env, state, o.Rules, o.Compacts)
	return &Endpoint{Database: d, env: env, relay: newRelay(env, d, o.Broker), effect: effect}
}

// Receive takes what comes from the broker, and reports whether m did.
func (e *Endpoint) Receive(from sim.NodeID, m sim.Message) bool {
	switch m := m.(type) {
	case *Published:
		e.relay.published(m.ID)
	case *Deliver:
		if !e.Seen(m.ID) {
			tx := e.effect(m.Message)
			tx.Cause = &m.ID
			e.Commit(tx)
		}
		e.env.Send(from, &Acknowledge{m.Number})
	default:
		return false
	}
	return true
}

// State implements [sim.Stated], for the node that the endpoint is of.
func (e *Endpoint) State() sim.State {
	overtaken := uint64(0)
	for _, seen := range e.inbox {
		overtaken += uint64(len(seen.Beyond))
	}
	return sim.State{Own: uint64(min(len(e.rows), 3)) | min(overtaken, 3)<<2}
}
