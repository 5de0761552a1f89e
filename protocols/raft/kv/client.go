package kv

import (
	"errors"

	"seedbed.example/history"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// Errors of a [Client].
var (
	// ErrUnknown says that no answer came in time: the operation may have
	// taken effect, or may yet.
	ErrUnknown = rpc.ErrUnknown
	// ErrNotDone says that the operation certainly had no effect.
	ErrNotDone = errors.New("no server took the request: it had no effect")
)

// A Client is a session with the store, held by a process.
type Client struct {
	*rpc.Client[*raft.Reply]
	session  uint64
	sequence uint64
}

// NewClient returns a client of servers, which begins with a different one for
// each process.
func NewClient(p *sim.Process, servers []sim.NodeID) *Client {
	return &Client{Client: rpc.NewClient(p, servers, meaning)}
}

// meaning is what a server's reply says about the request, and who may lead.
func meaning(reply *raft.Reply) (rpc.Meaning, sim.NodeID) {
	switch reply.Status {
	case raft.NotLeader:
		return rpc.NotMe, reply.Leader
	case raft.Busy:
		return rpc.Busy, 0
	default:
		return rpc.Answered, 0
	}
}

// Do carries out one operation.
func (c *Client) Do(in history.Input) (history.Output, error) {
	until := c.Begin()
	if in.F == history.Read {
		reply, err := c.Ask(&raft.Read{Query: encodeInput(in)}, until)
		if err != nil {
			return history.Output{}, err
		}
		return decodeOutput(reply.Result), nil
	}
	if c.session == 0 {
		reply, err := c.Ask(&raft.OpenSession{}, until)
		if err != nil {
			return history.Output{}, ErrNotDone
		}
		c.session, c.sequence = reply.Session, 0
	}
	c.sequence++
	reply, err := c.Ask(&raft.Propose{Session: c.session, Sequence: c.sequence, Command: encodeInput(in)}, until)
	if err != nil {
		return history.Output{}, err
	}
	if reply.Status != raft.OK { // the session is gone, and with it the memory of an earlier try
		c.session = 0
		return history.Output{}, ErrUnknown
	}
	return decodeOutput(reply.Result), nil
}
