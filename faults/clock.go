package faults

import (
	"fmt"
	"time"

	"seedbed.example/clock"
	"seedbed.example/sim"
)

// ClockJump moves a node's wall clock by By, forward or back, and moves it
// back again at the end.
type ClockJump struct {
	Node sim.NodeID `json:"node" says:"whose wall clock"`
	By   Duration   `json:"by" says:"how far, forward or back" range:"-876000h..876000h"`
}

// ClockOffset lets a node boot with a wall clock that is wrong, and sets it
// right at the end. It is from the beginning; later, it is a [ClockJump].
type ClockOffset struct {
	Node sim.NodeID `json:"node" says:"whose wall clock"`
	By   Duration   `json:"by" says:"how far it is ahead, or behind" range:"-876000h..876000h"`
}

// ClockDrift makes a node's clocks, wall and monotonic, run fast (above 0) or
// slow by this many parts per million. Where several hold they add up, to at
// most [clock.MaxDrift].
type ClockDrift struct {
	Node sim.NodeID `json:"node" says:"whose clocks, wall and monotonic"`
	PPM  int        `json:"ppm" says:"parts per million by which they run fast, or slow" range:"-200000..200000"`
}

// ClockFreeze lets a node's wall clock stand still until the end.
type ClockFreeze struct {
	Node sim.NodeID `json:"node" says:"whose wall clock"`
}

func (f ClockJump) String() string {
	return fmt.Sprintf("the wall clock of node %v is off by %v", f.Node, f.By)
}
func (f ClockOffset) String() string {
	return fmt.Sprintf("the wall clock of node %v was never right, by %v", f.Node, f.By)
}
func (f ClockDrift) String() string {
	return fmt.Sprintf("the clocks of node %v drift by %+d ppm", f.Node, f.PPM)
}
func (f ClockFreeze) String() string {
	return fmt.Sprintf("the wall clock of node %v stands still", f.Node)
}

func (f ClockJump) strike(in *Injector) func() {
	jump := func(by time.Duration) {
		in.world.AdjustClock(f.Node, func(c *clock.Clock, now time.Duration) { c.Jump(now, by) })
	}
	jump(time.Duration(f.By))
	return func() { jump(-time.Duration(f.By)) }
}

func (f ClockOffset) strike(in *Injector) func() { return ClockJump(f).strike(in) }

func (f ClockDrift) strike(in *Injector) func() {
	return in.add("drift "+f.Node.String(), f.PPM, func(sum int) {
		in.world.AdjustClock(f.Node, func(c *clock.Clock, now time.Duration) {
			_ = c.SetDrift(now, min(max(sum, -clock.MaxDrift), clock.MaxDrift)) // it can't be refused
		})
	})
}

func (f ClockFreeze) strike(in *Injector) func() {
	adjust := func(how func(c *clock.Clock, now time.Duration)) func() {
		return func() { in.world.AdjustClock(f.Node, how) }
	}
	return in.hold("freeze", f.Node, adjust((*clock.Clock).Freeze), adjust((*clock.Clock).Thaw))
}
