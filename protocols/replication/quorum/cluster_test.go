package quorum

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// cluster is replicas numbered from 1, in a world where a message takes 1 ms and a
// disk no time. The invariants watch.
type cluster struct{ *stories.Stage }

// newCluster returns replicas that are about to boot. Options may be nil.
func newCluster(t testing.TB, replicas int, options func(*Options)) *cluster {
	c := &cluster{stories.NewStage(sim.NewWorld(sim.Options{Record: true}), replicas)}
	t.Cleanup(c.Close)
	o := Options{
		Replicas: c.Servers,
		Observer: NewInvariants(func(_, property, message string) { c.Violate("invariants", property, "%s", message) }),
	}
	if options != nil {
		options(&o)
	}
	for _, id := range c.Servers {
		c.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return New(o) })
	}
	return c
}

// newIDs returns the addresses of the first n nodes.
func newIDs(n int) (ids []sim.NodeID) {
	for i := range n {
		ids = append(ids, sim.NodeID(i+1))
	}
	return ids
}

// replica returns a replica that is up.
func (c *cluster) replica(id sim.NodeID) *Replica { return c.Node(id).(*Replica) }

// ask lets a new client do its work by some replicas, to its end; it goes on with
// one operation for 100 ms.
func (c *cluster) ask(at []sim.NodeID, rules *Rules, work func(client *Client)) {
	waiting := true
	c.Go("client", func(p *sim.Process) {
		client := NewClient(p, at, rules)
		client.Deadline = 100 * time.Millisecond
		client.Try = client.Deadline / time.Duration(len(at))
		work(client)
		waiting = false
	})
	c.RunWhile(func() bool { return waiting }, c.Now()+time.Second)
}
