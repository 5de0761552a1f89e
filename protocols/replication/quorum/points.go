package quorum

// Points of the code at which a crash or a pause is interesting: between two
// steps of which one without the other must do no harm.
const (
	versionWritten  = "version written, before its sync"
	versionTaken    = "version synced, before it is acknowledged"
	queryEnds       = "read quorum gathered, before the client knows"
	propagationEnds = "write quorum holds it, before the client knows"
)

// Points returns the points that a replica names by [sim.Env.Point].
func Points() []string { return []string{versionWritten, versionTaken, queryEnds, propagationEnds} }

// Alternatives that are as right as the usual way, but rarer.
const (
	bareQuorum = "ask a bare quorum"
	noRepair   = "leave a repair out"
)

// Alternatives returns the ways that a replica may take by [sim.Env.Buggify].
func Alternatives() []string { return []string{bareQuorum, noRepair} }
