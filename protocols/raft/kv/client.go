package kv

import (
	"errors"
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
	Try      time.Duration // how long it waits for one server. Default 100 ms
	Deadline time.Duration // how long it goes on with one operation. Default 1 s

	process  *sim.Process
	servers  []sim.NodeID
	next     int // index of the server to ask
	session  uint64
	sequence uint64
	pause    *choice.Stream
}

// NewClient returns a client of servers, which begins with a different one for
// each process.
func NewClient(p *sim.Process, servers []sim.NodeID) *Client {
	return &Client{
		Try: 100 * time.Millisecond, Deadline: time.Second,
		process: p, servers: servers, next: int(p.ID()) % len(servers), pause: p.Rand("client pause"),
	}
}

// Do carries out one operation.
func (c *Client) Do(in history.Input) (history.Output, error) {
	until := c.process.Elapsed() + c.Deadline
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

// ask asks one server after another until one has an answer.
func (c *Client) ask(m sim.Message, until time.Duration) (*raft.Reply, error) {
	for c.process.Elapsed() < until {
		answer, err := c.process.Call(c.servers[c.next], m, c.Try)
		if err != nil {
			c.next = (c.next + 1) % len(c.servers)
			continue
		}
		switch reply := answer.(*raft.Reply); reply.Status {
		case raft.NotLeader:
			c.goOn(reply.Leader)
		case raft.Busy:
			c.process.Sleep(c.pause.Between(time.Millisecond, 10*time.Millisecond))
		default:
			return reply, nil
		}
	}
	return nil, ErrUnknown
}

// goOn turns to the leader if one is known, and else to the next server after
// a pause.
func (c *Client) goOn(leader sim.NodeID) {
	for i, id := range c.servers {
		if id == leader && i != c.next {
			c.next = i
			return
		}
	}
	c.next = (c.next + 1) % len(c.servers)
	c.process.Sleep(c.pause.Between(time.Millisecond, 20*time.Millisecond))
}
