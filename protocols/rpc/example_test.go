package rpc_test

import (
	"fmt"
	"time"

	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// Member is a server of which one leads; the others know which.
type Member struct {
	env    sim.Env
	leader sim.NodeID
}

// Serve asks for something, and Served answers, or names the leader.
type (
	Serve  struct{}
	Served struct{ By, Leader sim.NodeID }
)

// Start implements sim.Node.
func (m *Member) Start(env sim.Env) { m.env = env }

// Receive implements sim.Node.
func (m *Member) Receive(from sim.NodeID, _ sim.Message) {
	if m.env.ID() == m.leader {
		m.env.Send(from, Served{By: m.leader})
	} else {
		m.env.Send(from, Served{Leader: m.leader})
	}
}

// A client finds the one that can serve it.
func Example() {
	w := sim.NewWorld(sim.Options{})
	var members []sim.NodeID
	for range 3 {
		members = append(members, w.AddNode("member", func() sim.Node { return &Member{leader: 3} }))
	}
	w.Go("client", func(p *sim.Process) {
		c := rpc.NewClient(p, members, func(s Served) (rpc.Meaning, sim.NodeID) {
			if s.By == 0 {
				return rpc.NotMe, s.Leader
			}
			return rpc.Answered, 0
		})
		reply, err := c.Ask(Serve{}, c.Begin())
		fmt.Println("served by", reply.By, err)
	})
	w.RunFor(time.Second)
	// Output: served by 3 <nil>
}
