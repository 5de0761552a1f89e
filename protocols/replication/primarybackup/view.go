package primarybackup

import (
	"slices"

	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// A View says who the primary is, and who its backups are. Its number is the
// epoch of what the primary orders in it.
type View struct {
	Number  uint64
	Primary sim.NodeID
	Backups []sim.NodeID
	// Joined are the backups that were not in the view before. They need not
	// hold everything yet: the primary sees to that before it acknowledges the
	// view.
	Joined []sim.NodeID
}

// members returns the primary, and then its backups.
func (v View) members() []sim.NodeID {
	return append([]sim.NodeID{v.Primary}, v.Backups...)
}

// A Mode says when the primary acknowledges an update.
type Mode uint8

// When the primary acknowledges an update: always when it is durable at the
// primary itself, and
const (
	Sync     Mode = iota // at each backup of the view
	SemiSync             // at one backup, if the view has any
	Async                // without waiting for anyone
)

// String returns the mode's name.
func (m Mode) String() string { return [...]string{"sync", "semi-sync", "async"}[m] }

// Lossless reports whether what was acknowledged outlives the primary.
func (m Mode) Lossless() bool { return m != Async }

// A Position is where a log ends, or an entry of it. Its term is the number of the
// view in which it was ordered: its epoch.
type Position = replog.Position

// An Entry is one entry of the log: an update of a client or, with no session,
// the beginning of a view.
type Entry = replog.Entry

// latest returns who of those that are asked about has the latest log: the
// first of them, if several have.
func latest(of []sim.NodeID, ends func(sim.NodeID) Position) sim.NodeID {
	return slices.MaxFunc(of, func(a, b sim.NodeID) int { return ends(a).Compare(ends(b)) })
}
