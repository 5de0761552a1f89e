package paxos

import (
	"fmt"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// cluster is servers numbered from 1, in a world where a message takes 1 ms and a
// disk no time. The invariants watch.
type cluster struct {
	*sim.World
	servers []sim.NodeID
	imposed []network.Handle
}

// newCluster returns servers that are about to boot; options may be nil.
func newCluster(w *sim.World, servers int, options func(*Options)) *cluster {
	c := &cluster{World: w}
	c.Network().SetLatency(network.Constant(time.Millisecond))
	for i := range servers {
		c.servers = append(c.servers, sim.NodeID(i+1))
	}
	o := Options{
		Servers:  c.servers,
		Observer: NewInvariants(servers, func(property, message string) { c.Violate("invariants", property, "%s", message) }),
	}
	if options != nil {
		options(&o)
	}
	for _, id := range c.servers {
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

// cut separates these servers from the others, both ways.
func (c *cluster) cut(some ...sim.NodeID) {
	var in, out []int
	for _, id := range c.servers {
		if slices.Contains(some, id) {
			in = append(in, int(id))
		} else {
			out = append(out, int(id))
		}
	}
	c.impose(network.Condition{From: in, To: out, Cut: true})
	c.impose(network.Condition{From: out, To: in, Cut: true})
}

func (c *cluster) impose(condition network.Condition) {
	c.imposed = append(c.imposed, c.Network().Impose(condition))
}

// mend makes the network whole again.
func (c *cluster) mend() {
	for _, h := range c.imposed {
		c.Network().Lift(h)
	}
	c.imposed = nil
}

// losing is a disk that loses at a crash all that was not synced.
var losing = storage.Conditions{Lose: choice.Always}
