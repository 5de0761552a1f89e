package kv

import (
	"errors"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/protocols/raft"
	"seedbed.example/sim"
)

// Errors of a [Client].
var (
	// ErrUnknown says that no answer came in time: the operation may have
	// taken effect, or may yet.
	ErrUnknown = errors.New("no answer in time: the outcome is unknown")
	// ErrNotDone says that the operation certainly had no effect.
	ErrNotDone = errors.New("no server took the request: it had no effect")
)

// A Client is a session with the store, held by a process.
type Client struct {
	Try      time.Duration // how long it waits for the first server. Default 100 ms
	Deadline time.Duration // how long it goes on with one operation. Default 1 s
	Roams    bool          // whether it begins each operation at any server, instead of where it last had an answer

	process    *sim.Process
	servers    []sim.NodeID
	next       int  // index of the server to ask
	turn       int  // index of the one that was asked for want of a better
	redirected bool // next is there because a server named it
	session    uint64
	sequence   uint64
	pause      *choice.Stream
	start      *choice.Stream
}

// NewClient returns a client of servers, which begins with a different one for
// each process.
func NewClient(p *sim.Process, servers []sim.NodeID) *Client {
	first := int(p.ID()) % len(servers)
	return &Client{
		Try: 100 * time.Millisecond, Deadline: time.Second,
		process: p, servers: servers, next: first, turn: first, pause: p.Rand("client pause"), start: p.Rand("client start"),
	}
}

// Do carries out one operation.
func (c *Client) Do(in history.Input) (history.Output, error) {
	until := c.process.Elapsed() + c.Deadline
	if c.Roams {
		c.next, c.redirected = int(c.start.N(uint64(len(c.servers)))), false
	}
	if in.F == history.Read {
		reply, err := c.ask(&raft.Read{Query: encodeInput(in)}, until)
		if err != nil {
			return history.Output{}, err
		}
		return decodeOutput(reply.Result), nil
	}
	if c.session == 0 {
		reply, err := c.ask(&raft.OpenSession{}, until)
		if err != nil {
			return history.Output{}, ErrNotDone
		}
		c.session, c.sequence = reply.Session, 0
	}
	c.sequence++
	reply, err := c.ask(&raft.Propose{Session: c.session, Sequence: c.sequence, Command: encodeInput(in)}, until)
	if err != nil {
		return history.Output{}, err
	}
	if reply.Status != raft.OK { // the session is gone, and with it the memory of an earlier try
		c.session = 0
		return history.Output{}, ErrUnknown
	}
	return decodeOutput(reply.Result), nil
}

// ask asks one server after another until one has an answer. It waits longer
// for each, up to a quarter of the deadline: to ask again sooner than a slow
// cluster can answer would go on for ever.
func (c *Client) ask(m sim.Message, until time.Duration) (*raft.Reply, error) {
	try := c.Try
	for c.process.Elapsed() < until {
		answer, err := c.process.Call(c.servers[c.next], m, try)
		if err != nil {
			c.goOn()
			try = max(try, min(2*try, c.Deadline/4))
			continue
		}
		switch reply := answer.(*raft.Reply); reply.Status {
		case raft.NotLeader:
			if !c.follow(reply.Leader) {
				c.goOn()
				c.process.Sleep(c.pause.Between(time.Millisecond, 20*time.Millisecond))
			}
		case raft.Busy:
			c.process.Sleep(c.pause.Between(time.Millisecond, 10*time.Millisecond))
		default:
			c.redirected = false
			return reply, nil
		}
	}
	return nil, ErrUnknown
}

// goOn turns to the server whose turn it is.
func (c *Client) goOn() {
	c.turn = (c.turn + 1) % len(c.servers)
	c.next, c.redirected = c.turn, false
}

// follow turns to the leader that a server has named, and reports whether it
// does: not if it came here by such a word already. Two servers that are out of
// date could send it back and forth between them.
func (c *Client) follow(leader sim.NodeID) bool {
	i := slices.Index(c.servers, leader)
	if i < 0 || i == c.next || c.redirected {
		return false
	}
	c.next, c.redirected = i, true
	return true
}
