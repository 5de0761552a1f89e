package primarybackup

import (
	"fmt"
	"slices"

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

// String returns the view in short.
func (v View) String() string {
	backups := "no backup"
	if len(v.Backups) > 0 {
		backups = fmt.Sprintf("backups %v", v.Backups)
	}
	text := fmt.Sprintf("view %d: primary %v, %s", v.Number, v.Primary, backups)
	if len(v.Joined) > 0 {
		text += fmt.Sprintf(", new are %v", v.Joined)
	}
	return text
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

// A Position is where a log ends, or an entry of it.
type Position struct{ Epoch, Index uint64 }

// String returns the position in short: 7@3 for index 7 of epoch 3.
func (p Position) String() string { return fmt.Sprintf("%d@%d", p.Index, p.Epoch) }

// later reports whether a log that ends at p holds more of what may have been
// acknowledged than one that ends at q.
func (p Position) later(q Position) bool {
	if p.Epoch != q.Epoch {
		return p.Epoch > q.Epoch
	}
	return p.Index > q.Index
}

// latest returns who of those that are asked about has the latest log: the
// first of them, if several have.
func latest(of []sim.NodeID, ends func(sim.NodeID) Position) sim.NodeID {
	return slices.MaxFunc(of, func(a, b sim.NodeID) int {
		switch p, q := ends(a), ends(b); {
		case p.later(q):
			return 1
		case q.later(p):
			return -1
		default:
			return 0
		}
	})
}
