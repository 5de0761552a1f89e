package primarybackup

import (
	"slices"
	"time"

	"seedbed.example/sim"
)

// Options says how replicas and the view service run: all of one store alike.
// Zero fields take the defaults.
type Options struct {
	ViewService sim.NodeID
	Replicas    []sim.NodeID // the first is primary of the first view, the others are its backups
	Mode        Mode         // default Sync
	ReadsAny    bool         // every replica answers reads from what it has applied; else only the primary does

	PingInterval time.Duration // of everything that is said again and again. Default 20 ms
	DeadAfter    time.Duration // silence after which a replica counts as dead. Default 5 times that
	MaxEntries   int           // in one Update. Default 64
	SaveEvery    int           // applied entries after which the state is saved, and the log cut. Default 1000

	Rules    *Rules   // nil: the correct ones
	Observer Observer // nil: nobody
}

func (o Options) withDefaults() Options {
	if o.PingInterval == 0 {
		o.PingInterval = 20 * time.Millisecond
	}
	if o.DeadAfter == 0 {
		o.DeadAfter = 5 * o.PingInterval
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = 64
	}
	if o.SaveEvery == 0 {
		o.SaveEvery = 1000
	}
	if o.Rules == nil {
		o.Rules = Correct()
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	return o
}

// dead reports whether one counts as dead who was silent for so many ping
// intervals. They are counted by who waits, so that its own pause is not another's
// silence.
func (o *Options) dead(intervals int) bool {
	return time.Duration(intervals)*o.PingInterval >= o.DeadAfter
}

// first returns the view that a store begins with: nobody lacks anything.
func (o *Options) first() View {
	return View{Number: 1, Primary: o.Replicas[0], Backups: slices.Clone(o.Replicas[1:])}
}
