package primarybackup

import (
	"seedbed.example/history"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// ErrUnknown says that no answer came in time: the operation may have taken
// effect, or may yet.
var ErrUnknown = rpc.ErrUnknown

// A Client is a session with the store, held by a process. It asks for reads
// where it last had one answered, at first at another replica than its
// neighbours; updates it takes to the primary.
type Client struct {
	rpc.Patience

	reads, updates *rpc.Client[*Reply]
	session        uint64
	sequence       uint64
}

// NewClient returns a client of replicas. Its session is known by the process,
// which must have no other.
func NewClient(p *sim.Process, replicas []sim.NodeID) *Client {
	c := &Client{reads: rpc.NewClient(p, replicas, meaning), updates: rpc.NewClient(p, replicas, meaning), session: uint64(p.ID())}
	c.Patience = c.reads.Patience
	return c
}

// TurnTo turns to a replica of the caller's choice, such as one nearby.
func (c *Client) TurnTo(replica sim.NodeID) {
	c.reads.TurnTo(replica)
	c.updates.TurnTo(replica)
}

// meaning is what a replica's reply says about the request, and who may be
// primary.
func meaning(reply *Reply) (rpc.Meaning, sim.NodeID) {
	switch reply.Status {
	case NotPrimary:
		return rpc.NotMe, reply.Primary
	case Busy:
		return rpc.Busy, 0
	default:
		return rpc.Answered, 0
	}
}

// Do carries out one operation, or returns [ErrUnknown].
func (c *Client) Do(in history.Input) (history.Output, error) {
	servers, request := c.updates, sim.Message(&Read{in})
	if in.F == history.Read {
		servers = c.reads
	} else {
		c.sequence++
		request = &Command{Session: c.session, Sequence: c.sequence, Input: in}
	}
	servers.Patience = c.Patience
	reply, err := servers.Ask(request, servers.Begin())
	if err != nil {
		return history.Output{}, err
	}
	return reply.Output, nil
}
