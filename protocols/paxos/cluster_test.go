package paxos

import (
	"fmt"
	"time"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// cluster is servers numbered from 1, in a world where a message takes 1 ms and a
// disk no time. The invariants watch.
type cluster struct{ *stories.Stage }

// newCluster returns servers that are about to boot; options may be nil.
func newCluster(w *sim.World, servers int, options func(*Options)) *cluster {
	c := &cluster{stories.NewStage(w, servers)}
	o := Options{
		Servers:  c.Servers,
		Observer: NewInvariants(servers, func(_, property, message string) { c.Violate("invariants", property, "%s", message) }),
	}
	if options != nil {
		options(&o)
	}
	for _, id := range c.Servers {
		c.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return New(o) })
	}
	return c
}

// ask lets a client ask a server, for an hour. It notes what it is told, and
// tells the function, if there is one.
func (c *cluster) ask(to sim.NodeID, m sim.Message, told func(*Reply)) {
	c.Go(fmt.Sprintf("client of %v", to), func(p *sim.Process) {
		answer, err := p.Call(to, m, time.Hour)
		if err != nil {
			return
		}
		p.Log("%v", answer)
		if told != nil {
			told(answer.(*Reply))
		}
	})
}
