package rpc

import (
	"time"

	"seedbed.example/protocols/backoff"
	"seedbed.example/sim"
)

// A Request is what a node asks of another, again and again, until it is told
// that this is answered, or a deadline has passed. It holds one request at a
// time and one timer; it dies with the node's crash.
type Request struct {
	env    sim.Env
	timer  sim.Timer
	waits  *backoff.Backoff
	gaveUp func()

	to      sim.NodeID
	message sim.Message
	until   time.Duration
}

// NewRequest returns a request that waits so long between two tries, and calls
// gaveUp when its deadline has passed: the node then does not know whether what
// it asked for was done.
func NewRequest(env sim.Env, waits *backoff.Backoff, gaveUp func()) *Request {
	r := &Request{env: env, waits: waits, gaveUp: gaveUp}
	r.timer = env.NewTimer(r.again)
	return r
}

// Ask sends m now, and again until it is answered or deadline has passed. A
// request that is still under way is forgotten.
func (r *Request) Ask(to sim.NodeID, m sim.Message, deadline time.Duration) {
	r.to, r.message, r.until = to, m, r.env.Elapsed()+deadline
	r.waits.Reset()
	r.send()
}

// Answered ends the request. Whether an answer is the one to what was asked
// last, the node must see by what it says: answers come late, and twice.
func (r *Request) Answered() { r.timer.Stop() }

func (r *Request) again() {
	if r.env.Elapsed() >= r.until {
		r.gaveUp()
		return
	}
	r.send()
}

// send sends the request, and sets the timer to the next try or the deadline.
func (r *Request) send() {
	r.env.Send(r.to, r.message)
	r.timer.Reset(min(r.waits.Next(), r.until-r.env.Elapsed()))
}
