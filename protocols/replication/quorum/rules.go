package quorum

import "seedbed.example/protocols/tally"

// Rules are the decisions on which the safety of the registers rests. The rest of
// the package is mechanism. A planted mistake replaces one of them.
type Rules struct {
	// Quorum is how many of so many replicas are a quorum, where no other number
	// is set. Whoever queries must meet whoever has propagated.
	Quorum func(replicas int) int

	// Later says whether a version replaces another.
	Later func(version, other Timestamp) bool

	// Stamp makes a writer's timestamp of a number. Two writers that find the same
	// use the same number: without the writer's name both values would have one
	// timestamp, and replicas would never agree (Lynch and Shvartsman 1997).
	Stamp func(number uint64, by Writer) Timestamp

	// NextNumber is the number of a write that has found seen, by a writer that has
	// used numbers up to used: greater than both. A write that was given up may
	// hide at replicas that the query has missed, and must not share its timestamp
	// with another value.
	NextNumber func(seen, used uint64) uint64

	// Held says whether the latest version of those that a query has gathered is
	// certain to be found by every later query: if as many replicas as a write needs
	// hold it. That all of a read quorum do is less where that is smaller.
	Held func(holders, readers, writeQuorum int) bool

	// WriteBack says whether a reader must propagate what it has found before it
	// returns it: unless it is held. Else a later read might find less, a new value
	// and then the old one.
	WriteBack func(held bool) bool

	// SyncBeforeAck says whether a replica holds durably what it acknowledges. The
	// paper's replicas never come back; these do, and a quorum counts on them.
	SyncBeforeAck func() bool
}

// Correct returns the rules as they should be.
func Correct() *Rules {
	return &Rules{
		Quorum:        tally.Majority,
		Later:         func(version, other Timestamp) bool { return version.compare(other) > 0 },
		Stamp:         func(number uint64, by Writer) Timestamp { return Timestamp{number, by} },
		NextNumber:    func(seen, used uint64) uint64 { return max(seen, used) + 1 },
		Held:          func(holders, _, writeQuorum int) bool { return holders >= writeQuorum },
		WriteBack:     func(held bool) bool { return !held },
		SyncBeforeAck: func() bool { return true },
	}
}
