package faults

import (
	"fmt"
	"slices"
	"time"

	"seedbed.example/sim"
)

// Point strikes, once, at a point of the protocol instead of a time: right
// after Node has sent Times messages of the kind Sends, in the midst of its
// handler. Nodes then crash or pause, as Then says, for as long as Lasts.
type Point struct {
	Node  sim.NodeID   `json:"node"`
	Times int          `json:"times"`
	Sends string       `json:"sends"`
	Then  string       `json:"then"` // "crash" or "pause"
	Nodes []sim.NodeID `json:"nodes"`
	Lasts Duration     `json:"lasts"`
}

// What a [Point] may do.
var pointActions = []string{"crash", "pause"}

// String implements [Fault].
func (f Point) String() string {
	does := "go down"
	if f.Then == "pause" {
		does = "stand still"
	}
	return fmt.Sprintf("once node %v has sent %d %s, nodes %s %s for %v", f.Node, f.Times, f.Sends, list(f.Nodes), does, f.Lasts)
}

func (f Point) strike(in *Injector) func() {
	return in.world.WhenSends(f.Node, f.Times, f.Sends, func(now time.Duration) {
		heal := each(f.Nodes, func(node sim.NodeID) (heal func()) {
			if f.Then == "pause" {
				return Pause{node}.strike(in)
			}
			return in.hold("crash", node,
				func() { in.world.CrashAt(now, node) },
				func() { in.world.Restart(node) })
		})
		s := &strike{heal: heal}
		in.active = append(in.active, s)
		in.world.At(now+time.Duration(f.Lasts), func() { in.end(s) })
	})
}

func (f Point) check(nodes int) error {
	switch {
	case f.Sends == "":
		return fmt.Errorf("sends: want a kind of message, such as a recorded trace names")
	case f.Times < 1:
		return fmt.Errorf("times: %d: want 1 or more", f.Times)
	case !slices.Contains(pointActions, f.Then):
		return fmt.Errorf("then: %q: want one of %v", f.Then, pointActions)
	}
	return firstError(checkNode(f.Node, nodes), checkLength("lasts", f.Lasts), Crash{f.Nodes}.check(nodes))
}
