package sim_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// Counter is a server that counts.
type Counter struct {
	env sim.Env
	n   int
}

// Increment asks a Counter to count by one.
type Increment struct{}

// Start implements sim.Node.
func (c *Counter) Start(env sim.Env) { c.env = env }

// Receive implements sim.Node.
func (c *Counter) Receive(from sim.NodeID, m sim.Message) {
	if _, ok := m.(Increment); ok {
		c.n++
		c.env.Send(from, c.n)
	}
}

// A server, a client, a network that loses a third of the messages: the client
// can not tell a lost request from a lost answer, and counts twice.
func Example() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
	w.Network().Impose(network.Condition{Loss: 333_333})
	server := w.AddNode("server", func() sim.Node { return &Counter{} })
	acknowledged := 0
	w.Go("client", func(p *sim.Process) {
		for range 100 {
			for {
				if _, err := p.Call(server, Increment{}, 50*time.Millisecond); err == nil {
					break
				}
			}
			acknowledged++
		}
	})
	w.RunFor(time.Minute)
	fmt.Println("acknowledged", acknowledged, "- counted too often:", w.Node(server).(*Counter).n > acknowledged)
	// Output: acknowledged 100 - counted too often: true
}
