package faults

import (
	"errors"
	"fmt"
	"time"

	"seedbed.example/sim"
)

// Point strikes, once, at a point of the protocol instead of a time: right
// after Node has sent Times messages of the kind Sends, or when it comes the
// Times-th time to the point of its code that Passes names, in the midst of its
// handler. Nodes then crash or pause, as Then says, for as long as Lasts.
type Point struct {
	Node   sim.NodeID   `json:"node" says:"whose code"`
	Times  int          `json:"times" says:"the how many-th time, from when the entry strikes" range:"1..1000000000"`
	Sends  string       `json:"sends,omitempty" says:"the kind of message that it sends; this or passes"`
	Passes string       `json:"passes,omitempty" says:"the point of its code that it passes; this or sends"`
	Then   string       `json:"then" says:"what happens then" range:"crash|pause"`
	Nodes  []sim.NodeID `json:"nodes" says:"to whom"`
	Lasts  Duration     `json:"lasts" says:"for how long" range:"1ns..876000h"`
}

// What a [Point] may do.
var pointActions = []string{"crash", "pause"}

// String implements [Fault].
func (f Point) String() string {
	does := fmt.Sprintf("has sent %d %s", f.Times, f.Sends)
	if f.Passes != "" {
		does = fmt.Sprintf("passes %q for the %s time", f.Passes, ordinal(f.Times))
	}
	who, then := fmt.Sprintf("nodes %s ", list(f.Nodes)), map[string]string{"crash": "go down", "pause": "stand still"}
	if len(f.Nodes) == 1 {
		who, then = fmt.Sprintf("node %v ", f.Nodes[0]), map[string]string{"crash": "goes down", "pause": "stands still"}
	}
	return fmt.Sprintf("once node %v %s, %s%s for %v", f.Node, does, who, then[f.Then], f.Lasts)
}

// ordinal returns 1st, 2nd, 3rd, 4th.
func ordinal(n int) string {
	ending := "th"
	if tens := n / 10 % 10; tens != 1 && n%10 >= 1 && n%10 <= 3 {
		ending = []string{"st", "nd", "rd"}[n%10-1]
	}
	return fmt.Sprintf("%d%s", n, ending)
}

func (f Point) strike(in *Injector) func() {
	wait, name := in.world.WhenSends, f.Sends
	if f.Passes != "" {
		wait, name = in.world.WhenPasses, f.Passes
	}
	entry := in.beginning
	return wait(f.Node, f.Times, name, func(now time.Duration) {
		in.came[entry] = true
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

func (f Point) check(s Shape) error {
	switch {
	case f.Sends == "" && f.Passes == "":
		return errors.New("sends and passes: both are missing: want one, a kind of message or a point of the code, such as a recorded trace names")
	case f.Sends != "" && f.Passes != "":
		return errors.New("sends and passes: both are there: want one of them")
	case f.Passes != "":
		return checkName("passes", f.Passes, s.Points)
	}
	return nil
}
