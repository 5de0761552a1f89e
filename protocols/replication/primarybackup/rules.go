package primarybackup

import "time"

// Rules are the decisions on which safety rests. The rest of the package is
// mechanism. A planted mistake replaces one of them.
type Rules struct {
	// Enough says whether what so many of the backups of the view have answered
	// is enough: for an update, to be acknowledged; for a question whether they
	// are still in the view, to answer a read. Those that the next view may do
	// without must not be the only ones that know (Alsberg and Day 1976: two
	// hosts, before the user is told).
	Enough func(mode Mode, backups, answered int) bool

	// MoveOn says whether the view service may leave a view: once its primary
	// has acknowledged that it works in it. Before that new backups need not
	// hold what was acknowledged, and nobody knows who does (6.824, lab 2).
	MoveOn func(acknowledged bool) bool

	// MayLeaveOut says whether a view of so many members may be followed by one
	// that has so many of them left, with its primary or without. Someone must be
	// left who holds what was acknowledged.
	MayLeaveOut func(mode Mode, members, left int, primaryStays bool) bool

	// MustGather says whether a new primary asks the backups for what it lacks:
	// if an update is acknowledged that only some hold.
	MustGather func(mode Mode) bool

	// Takes says whether a replica takes a message of a view: of its own only.
	// A primary that was left behind must find no backup any more (PacificA,
	// section on primary failures: configurations have versions).
	Takes func(message, own uint64) bool

	// KeepsAtRestart says up to where a replica keeps its log that restarts: all
	// of it. Its high watermark lags behind what it has promised to hold; what
	// is too much the primary tells by epochs (KIP-101).
	KeepsAtRestart func(highWatermark, last uint64) uint64

	// PromotesItself says whether a backup that has not heard from the primary
	// for so long makes itself primary. It must not: who is silent may be up,
	// and serve others.
	PromotesItself func(silence, deadAfter time.Duration) bool

	// ReadsUnasked says whether a primary answers reads without asking whether
	// it still is one. It must not: a later view may have begun without it.
	ReadsUnasked func() bool
}

// Correct returns the rules as they should be.
func Correct() *Rules {
	return &Rules{
		Enough:         enough,
		MoveOn:         func(acknowledged bool) bool { return acknowledged },
		MayLeaveOut:    mayLeaveOut,
		MustGather:     func(mode Mode) bool { return mode == SemiSync },
		Takes:          func(message, own uint64) bool { return message == own },
		KeepsAtRestart: func(_, last uint64) uint64 { return last },
		PromotesItself: func(_, _ time.Duration) bool { return false },
		ReadsUnasked:   func() bool { return false },
	}
}

func enough(mode Mode, backups, answered int) bool {
	return answered >= [...]int{Sync: backups, SemiSync: min(1, backups), Async: 0}[mode]
}

// In sync mode any member holds everything, and the primary does in any mode.
// Without it, in semi-sync mode, all others must be left: one of them does.
func mayLeaveOut(mode Mode, members, left int, primaryStays bool) bool {
	if mode == SemiSync && !primaryStays {
		return left >= max(1, members-1)
	}
	return left >= 1
}
