package quorum

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// losing is a disk that loses all that is not synced.
var losing = storage.Conditions{Lose: 1 << 62}

// cluster is replicas numbered from 1, in a world where a message takes 1 ms and a
// disk no time. The invariants watch.
type cluster struct {
	*sim.World
	replicas []sim.NodeID
	imposed  []network.Handle
}

// newCluster returns replicas that are about to boot. Options may be nil.
func newCluster(t testing.TB, replicas int, options func(*Options)) *cluster {
	c := &cluster{World: sim.NewWorld(sim.Options{Record: true})}
	t.Cleanup(c.Close)
	c.Network().SetLatency(network.Constant(time.Millisecond))
	c.replicas = newIDs(replicas)
	o := Options{
		Replicas: c.replicas,
		Observer: NewInvariants(func(property, message string) { c.Violate("invariants", property, "%s", message) }),
	}
	if options != nil {
		options(&o)
	}
	for _, id := range c.replicas {
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

// plant returns rules with a mistake planted.
func plant(t testing.TB, id string) *Rules {
	t.Helper()
	rules := Correct()
	if !Mistakes().Plant(id, rules) {
		t.Fatalf("there is no mistake %q", id)
	}
	return rules
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

// cut separates these replicas from the others, both ways, but not from clients.
func (c *cluster) cut(some ...sim.NodeID) {
	var in, out []int
	for _, id := range c.replicas {
		if slices.Contains(some, id) {
			in = append(in, int(id))
		} else {
			out = append(out, int(id))
		}
	}
	c.impose(network.Condition{From: in, To: out, Cut: true})
	c.impose(network.Condition{From: out, To: in, Cut: true})
}

// late lets messages of a kind that a replica sends, to some or to all, take so long.
func (c *cluster) late(from sim.NodeID, kind string, by time.Duration, to ...int) {
	latency := network.Constant(by)
	c.impose(network.Condition{From: []int{int(from)}, To: to, Kinds: []string{kind}, Latency: &latency})
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
