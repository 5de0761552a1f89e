package faults

import (
	"fmt"

	"seedbed.example/network"
	"seedbed.example/sim"
)

// Clog holds what From sends To until the fault is over. It needs a length.
type Clog struct {
	From sim.NodeID `json:"from" says:"whose messages are held"`
	To   sim.NodeID `json:"to" says:"on their way to whom"`
}

// Bandwidth limits every link to so many bytes per second.
type Bandwidth struct {
	BytesPerSecond int `json:"bytesPerSecond" says:"what each link carries" range:"1..1000000000000"`
}

// Latency gives links another model of latency than they have.
type Latency struct {
	Model network.Latency `json:"model" says:"how long a message takes, one way"`
	From  []sim.NodeID    `json:"from,omitempty" says:"on links from these nodes only; none named is all"`
	To    []sim.NodeID    `json:"to,omitempty" says:"on links to these nodes only; none named is all"`
}

// Ordered lets messages on links arrive in the order of their sending, as on
// TCP: one that is late holds up those behind it.
type Ordered struct {
	From []sim.NodeID `json:"from,omitempty" says:"on links from these nodes only; none named is all"`
	To   []sim.NodeID `json:"to,omitempty" says:"on links to these nodes only; none named is all"`
}

func (f Clog) String() string { return fmt.Sprintf("what %v sends %v is held", f.From, f.To) }
func (f Bandwidth) String() string {
	return fmt.Sprintf("links carry %d bytes per second", f.BytesPerSecond)
}
func (f Latency) String() string {
	return fmt.Sprintf("messages%s have the latency %v", between(f.From, f.To), f.Model)
}
func (f Ordered) String() string {
	return fmt.Sprintf("messages%s arrive in the order of their sending", between(f.From, f.To))
}

// between tells which links are meant.
func between(from, to []sim.NodeID) (text string) {
	if len(from) > 0 {
		text = " from " + list(from)
	}
	if len(to) > 0 {
		text += " to " + list(to)
	}
	return text
}

func (f Clog) strike(in *Injector) func() {
	return in.impose(network.Condition{
		From: numbers([]sim.NodeID{f.From}), To: numbers([]sim.NodeID{f.To}),
		Clog: in.ends,
	})
}
func (f Bandwidth) strike(in *Injector) func() {
	return in.impose(network.Condition{Bandwidth: f.BytesPerSecond})
}
func (f Latency) strike(in *Injector) func() {
	return in.impose(network.Condition{From: numbers(f.From), To: numbers(f.To), Latency: &f.Model})
}
func (f Ordered) strike(in *Injector) func() {
	return in.impose(network.Condition{From: numbers(f.From), To: numbers(f.To), Ordered: true})
}

// numbers returns nodes as the network knows them.
func numbers(nodes []sim.NodeID) []int {
	endpoints := make([]int, len(nodes))
	for i, node := range nodes {
		endpoints[i] = int(node)
	}
	return endpoints
}

func (f Clog) check(Shape) error {
	if f.From == f.To {
		return fmt.Errorf("to: %v is from too: want another node", f.To)
	}
	return nil
}
