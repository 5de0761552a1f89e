package checkers

// A Verdict is what a check came to.
type Verdict string

// What a check may come to.
const (
	Holds    Verdict = "holds"
	Violated Verdict = "violated"
	Unknown  Verdict = "unknown" // out of time, with nothing found so far
)

// A Violation is a promise found broken.
type Violation struct {
	Checker string `json:"checker"`
	Kind    string `json:"kind,omitempty"` // which of several promises that one checker watches
	Message string `json:"message"`
	// About is the name of what it is about, as a run tells it in its notes and
	// operations: a saga, an intent; "" if there is none.
	About string `json:"-"`
	// Offence is the operations that convict, if it is about operations.
	Offence *Offence `json:"-"`
}

// Shows reports whether v breaks the promise that want broke: the same checker
// saw it, and of the same kind, if want is of one.
func (v *Violation) Shows(want *Violation) bool {
	return v.Checker == want.Checker && (want.Kind == "" || v.Kind == want.Kind)
}

// Guarded reports whether only a guarded run shows the violation: see
// [sim.Options.Guard].
func (v *Violation) Guarded() bool { return v.Checker == "aliasing" }

// VerdictOf is the verdict that checkers come to that always decide: violated if
// they have found anything. It returns what was found as well.
func VerdictOf(found []Violation) (Verdict, []Violation) {
	if len(found) > 0 {
		return Violated, found
	}
	return Holds, nil
}

// A Checker is something that can find promises broken.
type Checker struct {
	ID      string `json:"id"`
	Summary string `json:"summary"`
}

// All returns every checker there is.
func All() []Checker {
	return []Checker{
		{"linearizability", "what clients saw has an order in which each operation takes effect at one moment between its call and its return"},
		{"durability", "what was acknowledged is still there when it is read later"},
		{"agreement", "of each instance of a consensus one value is decided, and it had been proposed"},
		{"convergence", "once nothing goes wrong any more, replicas hold the same"},
		{"sessions", "no client reads anything older than what it knew of: its own writes, its reads, and what others knew when they wrote what it read"},
		{"staleness", "no read is behind by more time or more versions than allowed; how far reads are behind is measured"},
		{"written", "what is read was written: values that were asked to be there, and each append once"},
		{"conservation", "what is moved between accounts, or within a stock, adds up to what there was"},
		{"compensation", "each saga has done all its steps, or compensated each that it had done"},
		{"effects", "what was committed takes effect once: no effect is lost, doubled, or of what was never committed"},
		{"invariants", "what a protocol promises of its inside, checked at every step; for raft the five properties of the paper's figure 3"},
		{"liveness", "once the faults are over among a quorum, every client gets on within a stated bound"},
		{"always", "what the code under test or its test promises with Always holds whenever it is asked"},
		{"never", "what a test rules out with Never does not come up"},
		{"eventually", "what a test expects with Eventually has held at least once by the end of a run in which it was asked"},
		{"panic", "no node, process or check panics"},
		{"event limit", "a run comes to an end"},
		{"aliasing", "a message stays as it was sent; watched in runs that are guarded"},
	}
}
