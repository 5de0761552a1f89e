package raft

// Points of the code at which a crash or a pause is interesting: between two
// steps of which one without the other must do no harm.
const (
	recordsWritten   = "records written, before their sync"
	recordsSynced    = "records synced, before the answer"
	leaderBegins     = "became leader"
	entriesCommitted = "entries committed, before they are applied"
	snapshotSaved    = "snapshot saved, before the log is cut"
	snapshotArrived  = "snapshot arrived, before it is installed"
)

// Points returns the points that a server names by [sim.Env.Point].
func Points() []string {
	return []string{recordsWritten, recordsSynced, leaderBegins, entriesCommitted, snapshotSaved, snapshotArrived}
}

// Alternatives that are as right as the usual way, but rarer.
const (
	oneEntry       = "one entry a message"
	noBatchDelay   = "no batch delay"
	earlySnapshot  = "snapshot early"
	snapshotAtOnce = "snapshot in place of probing"
)

// Alternatives returns the ways that a server may take by [sim.Env.Buggify].
func Alternatives() []string {
	return []string{oneEntry, noBatchDelay, earlySnapshot, snapshotAtOnce}
}
