package faults

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// DiskSlow makes each write and sync of a node's disk take up to By longer.
type DiskSlow struct {
	Node sim.NodeID `json:"node" says:"whose disk"`
	By   Duration   `json:"by" says:"how much longer a write or a sync takes at most" range:"1ns..1h"`
}

// SyncFailure fails this share of a node's syncs.
type SyncFailure struct {
	Node sim.NodeID  `json:"node" says:"whose disk"`
	Rate choice.Rate `json:"rate" says:"share of syncs that fail"`
}

// DiskFull fails every write that grows a file of a node's disk.
type DiskFull struct {
	Node sim.NodeID `json:"node" says:"whose disk"`
}

// BitRot flips a bit, for good, in this share of sectors that a node reads.
type BitRot struct {
	Node sim.NodeID  `json:"node" says:"whose disk"`
	Rate choice.Rate `json:"rate" says:"share of sectors read"`
}

// Unreadable fails the reading of this share of sectors, until they are
// written anew.
type Unreadable struct {
	Node sim.NodeID  `json:"node" says:"whose disk"`
	Rate choice.Rate `json:"rate" says:"share of sectors read"`
}

// Misdirect lets a sector of this share of a node's writes, when they are
// synced, land on another sector of the file. It shows after a crash.
type Misdirect struct {
	Node sim.NodeID  `json:"node" says:"whose disk"`
	Rate choice.Rate `json:"rate" says:"share of writes"`
}

// PowerLoss says what a crash does to each write that was not synced: at rate
// Lose it is gone, at rate Tear only some of its sectors are written, and with
// Reorder later ones may survive where earlier ones do not. At rate Lose a
// change of a name that was not synced is gone too, and with it those that
// came after. It holds for all nodes.
type PowerLoss struct {
	Lose    choice.Rate `json:"lose,omitempty" says:"share of un-synced writes, and of un-synced changes of names, that are gone"`
	Tear    choice.Rate `json:"tear,omitempty" says:"share of un-synced writes of which only some sectors are there"`
	Reorder bool        `json:"reorder,omitempty" says:"whether later writes may survive where earlier ones do not"`
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
func (f Unreadable) String() string {
	return fmt.Sprintf("%v of the sectors that node %v reads are unreadable", f.Rate, f.Node)
}
func (f Misdirect) String() string {
	return fmt.Sprintf("%v of the writes of node %v go to a wrong sector", f.Rate, f.Node)
}
func (f PowerLoss) String() string {
	order := ""
	if f.Reorder {
		order = ", in any order"
	}
	return fmt.Sprintf("a crash loses %v and tears %v of the un-synced writes%s", f.Lose, f.Tear, order)
}

func (f DiskSlow) strike(in *Injector) func() {
	return in.worsen(f.Node, func(c *storage.Conditions) { c.SlowBy(time.Duration(f.By)) })
}
func (f SyncFailure) strike(in *Injector) func() {
	return in.worsen(f.Node, func(c *storage.Conditions) { c.SyncFailure = max(c.SyncFailure, f.Rate) })
}
func (f DiskFull) strike(in *Injector) func() {
	return in.worsen(f.Node, func(c *storage.Conditions) { c.Full = true })
}
func (f BitRot) strike(in *Injector) func() {
	in.rotted[f.Node] = true
	return in.worsen(f.Node, func(c *storage.Conditions) { c.BitRot = max(c.BitRot, f.Rate) })
}
func (f Unreadable) strike(in *Injector) func() {
	in.rotted[f.Node] = true
	return in.worsen(f.Node, func(c *storage.Conditions) { c.Unreadable = max(c.Unreadable, f.Rate) })
}
func (f Misdirect) strike(in *Injector) func() {
	in.rotted[f.Node] = true
	return in.worsen(f.Node, func(c *storage.Conditions) { c.Misdirect = max(c.Misdirect, f.Rate) })
}
func (f PowerLoss) strike(in *Injector) func() {
	return each(in.nodes, func(node sim.NodeID) (heal func()) {
		return in.worsen(node, func(c *storage.Conditions) {
			c.Lose, c.Tear, c.Reorder = max(c.Lose, f.Lose), max(c.Tear, f.Tear), c.Reorder || f.Reorder
		})
	})
}

func (f PowerLoss) check(Shape) error {
	if f.Lose == 0 && f.Tear == 0 {
		return fmt.Errorf("lose and tear: both are missing, or 0%%: want one of them above 0%%, up to 100%%")
	}
	return nil
}
