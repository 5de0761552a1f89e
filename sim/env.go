package sim

import (
	"time"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// A Message is what nodes send each other: any value. Once sent it belongs to
// the network and must not be changed, by sender or receiver: [Options.Guard]
// watches that. Its type's name is its kind, by which faults and traces speak of
// it.
type Message = any

// A Node is a protocol's state machine. The engine makes a new one at each
// boot, so that what it held in memory dies with a crash, and calls it one
// event at a time.
type Node interface {
	// Start is called once at boot and at every restart, before anything else.
	Start(env Env)
	// Receive is called for each message that arrives. A reply goes to from,
	// now or later.
	Receive(from NodeID, m Message)
}

// Env is all that a node knows of the world. It is an interface so that the
// same node can run on a real network and clock.
type Env interface {
	// ID returns the node's own identity.
	ID() NodeID
	// Send hands m to the network: it arrives later, twice, or never.
	Send(to NodeID, m Message)
	// NewTimer returns a stopped timer that calls f when it fires. Make it
	// once and reset it often: a reset allocates nothing.
	NewTimer(f func()) Timer
	// After calls f once when d has passed on the node's monotonic clock.
	After(d time.Duration, f func())
	// Now returns the node's own wall clock, which may be wrong and may jump.
	Now() time.Time
	// Elapsed returns the node's own monotonic clock, which never goes back
	// and may run fast or slow. It counts from an arbitrary point.
	Elapsed() time.Duration
	// Rand returns the node's stream of choices for one purpose, such as
	// "election timeout". Purposes do not influence each other.
	Rand(purpose string) *choice.Stream
	// Disk returns the node's disk. It survives crashes as far as it was synced.
	Disk() storage.Disk
	// Log notes what happened, for a person who reads the trace. It costs
	// nothing unless the run is recorded.
	Log(format string, args ...any)
	// Sometimes notes that a situation worth testing has come up (ok) or not:
	// over many runs it ought to, or the test tests less than it seems to.
	Sometimes(situation string, ok bool)
	// Point names a point of the protocol's code at which a fault would be
	// interesting, such as "records written, before their sync": plans can let
	// a node crash or pause there. It costs next to nothing where nobody waits.
	Point(name string)
	// Buggify asks whether to take an alternative that is as right as the usual
	// way but rarer, such as "one entry a message". It is never taken unless the
	// run's plan says how often (FoundationDB's idea).
	Buggify(alternative string) bool
	// Halt ends this process on purpose, as log.Fatal would: nothing it does
	// afterwards has any effect. Its supervisor starts it again after a while.
	Halt(reason error)

	// Always asserts a promise that must never be found broken: if ok is false
	// the run is violated, here.
	Always(promise string, ok bool)
}

// A Timer is a node's alarm. It dies with the node's crash.
type Timer interface {
	// Reset lets the timer fire once, d from now on the node's monotonic
	// clock, in place of any earlier setting.
	Reset(d time.Duration)
	// Stop unsets the timer.
	Stop()
}
