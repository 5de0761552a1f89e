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

// Reserve asks a Booking for a seat and a meal, or for neither.
type Reserve struct{}

// Booking is a server written as it is read, one call after the other.
func Booking(p *sim.Process, seats, meals sim.NodeID) {
	for {
		from, _, err := p.Receive(sim.MaxTime)
		if err != nil {
			return // the run is over
		}
		_, err = p.Call(seats, Increment{}, 50*time.Millisecond)
		if err == nil {
			_, err = p.Call(meals, Increment{}, 50*time.Millisecond)
		}
		p.Send(from, err == nil)
	}
}

// A server that calls others, in the blocking style. It crashes between its
// two calls, and forgets what it was at: a seat without a meal.
func ExampleWorld_Serve() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
	w.Network().SetLatency(network.Constant(10 * time.Millisecond))
	seats := w.AddNode("seats", func() sim.Node { return &Counter{} })
	meals := w.AddNode("meals", func() sim.Node { return &Counter{} })
	booking := w.Serve("booking", func(p *sim.Process) { Booking(p, seats, meals) })
	w.Go("client", func(p *sim.Process) {
		_, err := p.Call(booking, Reserve{}, time.Second)
		fmt.Println("reserved:", err)
	})
	w.At(25*time.Millisecond, func() { w.Crash(booking) })
	w.At(100*time.Millisecond, func() { w.Restart(booking) })
	w.RunFor(time.Minute)
	fmt.Println("seats:", w.Node(seats).(*Counter).n, "meals:", w.Node(meals).(*Counter).n)
	w.Close()
	// Output:
	// reserved: timed out
	// seats: 1 meals: 0
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
