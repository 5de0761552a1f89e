package paxos

// Points of the code at which a crash or a pause is interesting: between two
// steps of which one without the other must do no harm.
const (
	recordsWritten = "records written, before their sync"
	recordsSynced  = "records synced, before the answer"
	valuePicked    = "value picked, before it is proposed"
	valueChosen    = "value chosen, before anybody is told"
)

// Points returns the points that a server names by [sim.Env.Point].
func Points() []string { return []string{recordsWritten, recordsSynced, valuePicked, valueChosen} }

// Alternatives that are as right as the usual way, but rarer.
const (
	bareMajority = "ask a bare majority"
	tellNobody   = "tell nobody what was chosen"
	noBackoff    = "next ballot at once"
)

// Alternatives returns the ways that a server may take by [sim.Env.Buggify].
func Alternatives() []string { return []string{bareMajority, tellNobody, noBackoff} }
