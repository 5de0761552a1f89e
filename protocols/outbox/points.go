package outbox

// Points of the code at which a crash or a pause is interesting.
const (
	transactionWritten = "transaction written, before its sync"
	transactionSynced  = "transaction synced, before its messages leave"
	messageWritten     = "message written by the broker, before its sync"
	messageSynced      = "message synced by the broker, before its answer"
)

// Points returns the points that services and the broker name by [sim.Env.Point].
func Points() []string {
	return []string{transactionWritten, transactionSynced, messageWritten, messageSynced}
}

// Alternatives that are as right as the usual way, but rarer.
const (
	compactEarly = "compact early"
	deliverTwice = "deliver twice"
)

// Alternatives returns the ways that services and the broker may take by
// [sim.Env.Buggify].
func Alternatives() []string { return []string{compactEarly, deliverTwice} }

// Kinds returns the kinds of message between services and the broker.
func Kinds() []string { return []string{"Publish", "Published", "Deliver", "Acknowledge"} }
