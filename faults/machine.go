package faults

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// Crash takes nodes down at one moment; they restart when the fault is over.
type Crash struct {
	Nodes []sim.NodeID `json:"nodes"`
}

// Pause lets a node stand still while its inbox fills.
type Pause struct {
	Node sim.NodeID `json:"node"`
}

// Slow makes each event cost a node PerEvent.
type Slow struct {
	Node     sim.NodeID `json:"node"`
	PerEvent Duration   `json:"perEvent"`
}

// ClockJump moves a node's wall clock by By, forward or back, and moves it
// back again at the end.
type ClockJump struct {
	Node sim.NodeID `json:"node"`
	By   Duration   `json:"by"`
}

// ClockDrift makes a node's clocks, wall and monotonic, run fast (above 0) or
// slow by this many parts per million, at most [clock.MaxDrift].
type ClockDrift struct {
	Node sim.NodeID `json:"node"`
	PPM  int        `json:"ppm"`
}

// ClockFreeze lets a node's wall clock stand still until the end.
type ClockFreeze struct {
	Node sim.NodeID `json:"node"`
}

// DiskSlow makes each write and sync of a node's disk take up to By longer.
type DiskSlow struct {
	Node sim.NodeID `json:"node"`
	By   Duration   `json:"by"`
}

// SyncFailure fails this share of a node's syncs.
type SyncFailure struct {
	Node sim.NodeID  `json:"node"`
	Rate choice.Rate `json:"rate"`
}

// DiskFull fails every write that grows a file of a node's disk.
type DiskFull struct {
	Node sim.NodeID `json:"node"`
}

// BitRot flips a bit, for good, in this share of sectors that a node reads.
type BitRot struct {
	Node sim.NodeID  `json:"node"`
	Rate choice.Rate `json:"rate"`
}

// PowerLoss says what a crash does to each write that was not synced: at rate
// Lose it is gone, at rate Tear only some of its sectors are written, and with
// Reorder later ones may survive where earlier ones do not. It holds for all
// nodes.
type PowerLoss struct {
	Lose    choice.Rate `json:"lose"`
	Tear    choice.Rate `json:"tear"`
	Reorder bool        `json:"reorder,omitempty"`
}

func (f Crash) String() string {
	if len(f.Nodes) == 1 {
		return fmt.Sprintf("node %v is down", f.Nodes[0])
	}
	return fmt.Sprintf("nodes %s are down", list(f.Nodes))
}
func (f Pause) String() string { return fmt.Sprintf("node %v stands still", f.Node) }
func (f Slow) String() string {
	return fmt.Sprintf("node %v takes %v for each event", f.Node, f.PerEvent)
}
func (f ClockJump) String() string {
	return fmt.Sprintf("the wall clock of node %v is off by %v", f.Node, f.By)
}
func (f ClockDrift) String() string {
	return fmt.Sprintf("the clocks of node %v drift by %+d ppm", f.Node, f.PPM)
}
func (f ClockFreeze) String() string {
	return fmt.Sprintf("the wall clock of node %v stands still", f.Node)
}
func (f DiskSlow) String() string {
	return fmt.Sprintf("the disk of node %v is slower by up to %v", f.Node, f.By)
}
func (f SyncFailure) String() string {
	return fmt.Sprintf("%v of the syncs of node %v fail", f.Rate, f.Node)
}
func (f DiskFull) String() string { return fmt.Sprintf("the disk of node %v is full", f.Node) }
func (f BitRot) String() string {
	return fmt.Sprintf("%v of the sectors that node %v reads have rotted", f.Rate, f.Node)
}
func (f PowerLoss) String() string {
	order := ""
	if f.Reorder {
		order = ", in any order"
	}
	return fmt.Sprintf("a crash loses %v and tears %v of the un-synced writes%s", f.Lose, f.Tear, order)
}

func (f Crash) strike(in *Injector) func() {
	return each(f.Nodes, func(node sim.NodeID) (heal func()) {
		return in.hold("crash", node,
			func() { in.world.Crash(node) },
			func() { in.world.Restart(node) })
	})
}

func (f Pause) strike(in *Injector) func() {
	return in.hold("pause", f.Node,
		func() { in.world.Pause(f.Node) },
		func() { in.world.Resume(f.Node) })
}

func (f Slow) strike(in *Injector) func() {
	in.world.Slow(f.Node, time.Duration(f.PerEvent))
	return in.hold("slow", f.Node, func() {}, func() { in.world.Slow(f.Node, 0) })
}

func (f ClockJump) strike(in *Injector) func() {
	jump := func(by time.Duration) {
		in.world.AdjustClock(f.Node, func(c *clock.Clock, now time.Duration) { c.Jump(now, by) })
	}
	jump(time.Duration(f.By))
	return func() { jump(-time.Duration(f.By)) }
}

func (f ClockDrift) strike(in *Injector) func() {
	drift := func(ppm int) {
		in.world.AdjustClock(f.Node, func(c *clock.Clock, now time.Duration) { c.SetDrift(now, ppm) })
	}
	drift(f.PPM)
	return in.hold("drift", f.Node, func() {}, func() { drift(0) })
}

func (f ClockFreeze) strike(in *Injector) func() {
	adjust := func(how func(c *clock.Clock, now time.Duration)) func() {
		return func() { in.world.AdjustClock(f.Node, how) }
	}
	return in.hold("freeze", f.Node, adjust((*clock.Clock).Freeze), adjust((*clock.Clock).Thaw))
}

func (f DiskSlow) strike(in *Injector) func() {
	return in.worsen(f.Node, func(c *storage.Conditions) { c.SlowBy(time.Duration(f.By)) })
}
func (f SyncFailure) strike(in *Injector) func() {
	return in.worsen(f.Node, func(c *storage.Conditions) { c.SyncFailure = f.Rate })
}
func (f DiskFull) strike(in *Injector) func() {
	return in.worsen(f.Node, func(c *storage.Conditions) { c.Full = true })
}
func (f BitRot) strike(in *Injector) func() {
	in.rotted[f.Node] = true
	return in.worsen(f.Node, func(c *storage.Conditions) { c.BitRot = f.Rate })
}
func (f PowerLoss) strike(in *Injector) func() {
	return each(in.nodes, func(node sim.NodeID) (heal func()) {
		return in.worsen(node, func(c *storage.Conditions) {
			c.Lose, c.Tear, c.Reorder = f.Lose, f.Tear, f.Reorder
		})
	})
}

// each lets something happen to several nodes until healed.
func each(nodes []sim.NodeID, strike func(sim.NodeID) (heal func())) (heal func()) {
	heals := make([]func(), len(nodes))
	for i, node := range nodes {
		heals[i] = strike(node)
	}
	return func() {
		for _, heal := range heals {
			heal()
		}
	}
}

func (f Crash) check(nodes int) error {
	if len(f.Nodes) == 0 {
		return fmt.Errorf("nodes: want at least one")
	}
	return checkNodes(f.Nodes, nodes)
}
func (f Pause) check(nodes int) error { return checkNode(f.Node, nodes) }
func (f Slow) check(nodes int) error {
	return firstError(checkNode(f.Node, nodes), checkLength("perEvent", f.PerEvent))
}
func (f ClockJump) check(nodes int) error { return checkNode(f.Node, nodes) }
func (f ClockDrift) check(nodes int) error {
	if f.PPM < -clock.MaxDrift || f.PPM > clock.MaxDrift {
		return fmt.Errorf("ppm: %d: want %d to %d", f.PPM, -clock.MaxDrift, clock.MaxDrift)
	}
	return checkNode(f.Node, nodes)
}
func (f ClockFreeze) check(nodes int) error { return checkNode(f.Node, nodes) }
func (f DiskSlow) check(nodes int) error {
	return firstError(checkNode(f.Node, nodes), checkLength("by", f.By))
}
func (f SyncFailure) check(nodes int) error {
	return firstError(checkNode(f.Node, nodes), checkStrikes(f.Rate))
}
func (f DiskFull) check(nodes int) error { return checkNode(f.Node, nodes) }
func (f BitRot) check(nodes int) error {
	return firstError(checkNode(f.Node, nodes), checkStrikes(f.Rate))
}
func (f PowerLoss) check(int) error {
	return firstError(checkRate(f.Lose), checkRate(f.Tear))
}
