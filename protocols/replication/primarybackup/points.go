package primarybackup

// Points of the code at which a crash or a pause is interesting: between two
// steps of which one without the other must do no harm.
const (
	recordsWritten = "records written, before their sync"
	recordsSynced  = "records synced, before the answer"
	viewEntered    = "view entered"
	primaryBegins  = "became primary"
	committed      = "entries acknowledged by enough, before they are applied"
	logTruncated   = "log truncated"
	stateSaved     = "state saved, before the log is cut"
	viewDecided    = "view decided, before anybody is told"
)

// Points returns the points that replicas and the view service name by
// [sim.Env.Point].
func Points() []string {
	return []string{recordsWritten, recordsSynced, viewEntered, primaryBegins, committed, logTruncated, stateSaved, viewDecided}
}

// Alternatives that are as right as the usual way, but rarer.
const (
	oneEntry   = "one entry a message"
	earlyState = "state saved early"
	wholeState = "the whole state in place of the log"
)

// Alternatives returns the ways that a replica may take by [sim.Env.Buggify].
func Alternatives() []string { return []string{oneEntry, earlyState, wholeState} }
