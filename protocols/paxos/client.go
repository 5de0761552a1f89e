package paxos

import (
	"seedbed.example/history"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// A Client proposes values and asks what was chosen, for a process. Any server
// serves it. To propose the same value twice does no harm.
type Client struct{ *rpc.Client[*Reply] }

// NewClient returns a client of servers, which begins with a different one for
// each process.
func NewClient(p *sim.Process, servers []sim.NodeID) *Client {
	return &Client{rpc.NewClient[*Reply](p, servers, nil)}
}

// Do carries out one operation, a [history.Propose] or a [history.Read], of the
// decree that its key names. The error is [rpc.ErrUnknown]: a value that was
// proposed may be chosen, or may yet.
func (c *Client) Do(in history.Input) (history.Output, error) {
	var m sim.Message = &Read{Decree: in.Key}
	if in.F == history.Propose {
		m = &Propose{Decree: in.Key, Value: in.Value}
	}
	reply, err := c.Ask(m, c.Begin())
	if err != nil {
		return history.Output{}, err
	}
	return history.Output{Value: reply.Value, Found: reply.Chosen}, nil
}
