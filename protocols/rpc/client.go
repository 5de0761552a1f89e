package rpc

import (
	"errors"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// ErrUnknown says that no answer came in time: the request may have taken
// effect, or may yet.
var ErrUnknown = errors.New("no answer in time: the outcome is unknown")

// A Meaning is what a reply says about the request.
type Meaning uint8

// What a reply may mean.
const (
	Answered Meaning = iota // this is the answer
	NotMe                   // ask another server
	Busy                    // ask this one again, after a while
)

// Patience is how a client waits for answers.
type Patience struct {
	Try      time.Duration // how long for the first server. Default 100 ms
	Deadline time.Duration // how long it goes on with one operation. Default 1 s
	Roams    bool          // whether it begins each at any server, instead of where it last had an answer
}

// A Client asks servers, whose replies are of type R, for a process.
type Client[R sim.Message] struct {
	Patience

	process    *sim.Process
	servers    []sim.NodeID
	meaning    func(R) (Meaning, sim.NodeID)
	next       int  // index of the server to ask
	turn       int  // index of the one that was asked for want of a better
	redirected bool // next is there because a server named it
	pause      *choice.Stream
	start      *choice.Stream
}

// NewClient returns a client of servers, which begins with a different one for
// each process. Meaning says what a reply means, and with [NotMe] who may serve
// the request, 0 if that is not known; nil: each is the answer.
func NewClient[R sim.Message](p *sim.Process, servers []sim.NodeID, meaning func(R) (Meaning, sim.NodeID)) *Client[R] {
	if meaning == nil {
		meaning = func(R) (Meaning, sim.NodeID) { return Answered, 0 }
	}
	first := int(p.ID()) % len(servers)
	return &Client[R]{
		Patience: Patience{Try: 100 * time.Millisecond, Deadline: time.Second},
		process:  p, servers: servers, meaning: meaning, next: first, turn: first,
		pause: p.Rand("client pause"), start: p.Rand("client start"),
	}
}

// Begin begins an operation, which may be several requests, and returns until when
// it may go on, by the process's monotonic clock.
func (c *Client[R]) Begin() (until time.Duration) {
	if c.Roams {
		c.next, c.redirected = int(c.start.N(uint64(len(c.servers)))), false
	}
	return c.process.Elapsed() + c.Deadline
}

// TurnTo turns to a server of the caller's choice, such as one nearby.
func (c *Client[R]) TurnTo(server sim.NodeID) {
	if i := slices.Index(c.servers, server); i >= 0 {
		c.next, c.turn, c.redirected = i, i, false
	}
}

// Ask asks one server after another until one has an answer, or returns
// [ErrUnknown]. It waits longer for each, up to a quarter of the deadline: to ask
// again sooner than a slow cluster can answer would go on for ever.
func (c *Client[R]) Ask(m sim.Message, until time.Duration) (R, error) {
	try := c.Try
	for c.process.Elapsed() < until {
		answer, err := c.process.Call(c.servers[c.next], m, try)
		if err != nil {
			c.goOn()
			try = max(try, min(2*try, c.Deadline/4))
			continue
		}
		reply := answer.(R)
		switch meaning, who := c.meaning(reply); meaning {
		case NotMe:
			if !c.follow(who) {
				c.goOn()
				c.process.Sleep(c.pause.Between(time.Millisecond, 20*time.Millisecond))
			}
		case Busy:
			c.process.Sleep(c.pause.Between(time.Millisecond, 10*time.Millisecond))
		default:
			c.redirected = false
			return reply, nil
		}
	}
	var none R
	return none, ErrUnknown
}

// goOn turns to the server whose turn it is.
func (c *Client[R]) goOn() {
	c.turn = (c.turn + 1) % len(c.servers)
	c.next, c.redirected = c.turn, false
}

// follow turns to the server that another has named, and reports whether it
// does: not if it came here by such a word already. Two servers that are out of
// date could send it back and forth between them.
func (c *Client[R]) follow(who sim.NodeID) bool {
	i := slices.Index(c.servers, who)
	if i < 0 || i == c.next || c.redirected {
		return false
	}
	c.next, c.redirected = i, true
	return true
}
