package vet

// A subject is one way to break the law: why it does, and what to use.
type subject string

const (
	mapOrder   subject = "map order"
	realClock  subject = "clock"
	randomness subject = "randomness"
	threads    subject = "threads"
	realIO     subject = "I/O"
	machine    subject = "machine"
	addresses  subject = "addresses"
)

// teaching is what a finding of each subject says after what it has found.
var teaching = map[subject]struct{ why, instead string }{
	mapOrder: {"takes an order from a map, which differs from run to run", "range over slices.Sorted(maps.Keys(m)), or sort what is collected before it is used"},
	realClock: {"goes by the machine's clock, which no seed decides",
		"use Now or Elapsed of the Env or Process to read a clock, and NewTimer, After or Sleep to wait"},
	randomness: {"draws randomness that no seed decides", "use Rand of the Env or Process"},
	threads:    {"leaves the order of events to Go's scheduler, while a run is one thread", "let the node handle one event at a time; wait with timers, messages or World.Go"},
	realIO:     {"reaches out of the simulation, to what no seed decides", "use Disk, Send and Log of the Env or Process"},
	machine:    {"depends on the machine that it runs on", "make it a parameter of the scenario"},
	addresses:  {"depends on where in memory something lies, which differs from run to run", "use an identity of your own, such as a number or a name"},
}

// sentence is the message of a finding.
func (s subject) sentence(what string) string {
	t := teaching[s]
	return what + " " + t.why + ", so one seed is not one run: " + t.instead
}
