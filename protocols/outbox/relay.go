package outbox

import (
	"time"

	"seedbed.example/protocols/backoff"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// A relay sends a database's outbox to the broker, one message at a time and in
// order, each until the broker has it.
type relay struct {
	database *Database
	broker   sim.NodeID
	request  *rpc.Request
	sending  bool // and waiting for the broker's answer
}

// patience is how long the relay tries before it begins anew, with short waits.
const patience = 2 * time.Second

func newRelay(env sim.Env, d *Database, broker sim.NodeID) *relay {
	r := &relay{database: d, broker: broker}
	waits := backoff.New(env.Rand("publish again"), 20*time.Millisecond, 500*time.Millisecond)
	r.request = rpc.NewRequest(env, waits, r.begin)
	d.written = r.next
	r.next()
	return r
}

// next sends the next message, unless one is under way.
func (r *relay) next() {
	if !r.sending {
		r.begin()
	}
}

func (r *relay) begin() {
	message, more := r.database.Next()
	if r.sending = more; !more {
		return
	}
	r.request.Ask(r.broker, &Publish{message}, patience)
	if !r.database.rules.KeepUntilPublished() {
		r.published(message.ID)
	}
}

// published hears that the broker has a message.
func (r *relay) published(id ID) {
	if message, ok := r.database.Next(); r.sending && ok && message.ID == id {
		r.request.Answered()
		r.database.Sent(id)
		r.begin()
	}
}
