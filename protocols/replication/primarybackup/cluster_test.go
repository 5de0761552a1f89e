package primarybackup

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// cluster is a view service, node 1, and replicas, in a world where a message
// takes 1 ms and a disk no time. The invariants watch.
type cluster struct {
	*sim.World
	servers    []sim.NodeID
	replicas   []sim.NodeID
	invariants *Invariants
	imposed    []network.Handle
	sequence   uint64
}

// newCluster puts servers into a world; options may be nil.
func newCluster(w *sim.World, replicas int, mode Mode, options func(*Options)) *cluster {
	c := &cluster{World: w, servers: []sim.NodeID{1}}
	c.Network().SetLatency(network.Constant(time.Millisecond))
	for i := range replicas {
		c.replicas = append(c.replicas, sim.NodeID(i+2))
	}
	c.servers = append(c.servers, c.replicas...)
	c.invariants = NewInvariants(mode, func(property, message string) { c.Violate("invariants", property, "%s", message) })
	o := Options{ViewService: 1, Replicas: c.replicas, Mode: mode, Observer: c.invariants}
	if options != nil {
		options(&o)
	}
	c.AddNode("view service", func() sim.Node { return NewViewService(o) })
	for _, id := range c.replicas {
		c.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return New(o) })
	}
	return c
}

// replica returns a replica, nil while it is down.
func (c *cluster) replica(id sim.NodeID) *Replica {
	n, _ := c.Node(id).(*Replica)
	return n
}

// ask lets a client ask a replica, and returns its answer; nil if there is none
// within 100 ms.
func (c *cluster) ask(to sim.NodeID, m sim.Message) (reply *Reply) {
	waiting := true
	c.Go("client", func(p *sim.Process) {
		if answer, err := p.Call(to, m, 100*time.Millisecond); err == nil {
			reply = answer.(*Reply)
		}
		waiting = false
	})
	c.RunWhile(func() bool { return waiting }, c.Now()+time.Second)
	return reply
}

// append asks a replica to append a word to the one key.
func (c *cluster) append(to sim.NodeID, word string) *Reply {
	c.sequence++
	return c.again(to, word)
}

// again asks once more for what was asked for last.
func (c *cluster) again(to sim.NodeID, word string) *Reply {
	return c.ask(to, &Command{Session: 7, Sequence: c.sequence, Input: history.Input{F: history.Append, Key: "k", Value: word}})
}

func (c *cluster) read(to sim.NodeID) *Reply {
	return c.ask(to, &Read{history.Input{F: history.Read, Key: "k"}})
}

// cut separates these servers from the others, both ways; clients reach all.
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

// plant returns rules with a mistake planted.
func plant(t testing.TB, id string) *Rules {
	t.Helper()
	rules := Correct()
	if !Mistakes().Plant(id, rules) {
		t.Fatalf("there is no mistake %q", id)
	}
	return rules
}

func expect[T any](t rapid.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
