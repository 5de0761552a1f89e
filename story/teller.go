package story

import (
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/sim"
)

// A teller gathers the lines of one story.
type teller struct {
	result   *experiment.Result
	events   []sim.TraceEvent
	roles    []sim.Role // that began before the harm
	episodes []Episode
	broken   *checkers.Violation // nil if nothing is
	harmed   *sim.TraceEvent     // at which the engine saw it; nil if it was seen afterwards
	from, to time.Duration       // in which the harm came about
	involved map[sim.NodeID]bool // whose notes are worth telling
	told     map[uint64]bool     // events that a line tells already
	named    []line              // what the harm is about by name
	lines    []line
	untold   int
}

// A line knows the event that it tells, for the order of what happens at once.
type line struct {
	Line
	event uint64
}

// last is the event of lines that come after all others of their time.
const last = ^uint64(0)

func newTeller(r *experiment.Result) *teller {
	t := &teller{result: r, involved: make(map[sim.NodeID]bool), told: make(map[uint64]bool), to: BrokenAt(r)}
	if trace := r.World.Trace(); trace != nil {
		t.events = trace.Events
	}
	if len(r.Violations) > 0 {
		t.broken = &r.Violations[0]
	}
	for i := range t.events {
		if t.events[i].Kind == sim.ViolationEvent {
			t.harmed = &t.events[i]
			break
		}
	}
	t.extend()
	t.episodes = Episodes(r)
	for _, role := range r.World.Trace().Roles() {
		if role.Began <= t.to {
			t.roles = append(t.roles, role)
		}
	}
	t.named = t.about()
	t.from = t.begin()
	return t
}

// BrokenAt returns when the run's first promise was broken: what came later can't
// be to blame. For a run in which none was, it is the end.
func BrokenAt(r *experiment.Result) time.Duration {
	if seen := r.World.Violations(); len(seen) > 0 {
		return seen[0].At
	}
	if len(r.Violations) > 0 && r.Violations[0].Offence != nil {
		return r.Violations[0].Offence.Culprit.Return
	}
	return r.Simulated
}

// extend moves the end on to how far the handler had got in which a promise was
// broken: it may have waited for its disk.
func (t *teller) extend() {
	if t.harmed == nil || t.harmed.Cause == 0 {
		return
	}
	for i := range t.events[:t.harmed.ID] {
		if e := &t.events[i]; e.Cause == t.harmed.Cause && e.Node == t.event(t.harmed.Cause).Node {
			t.to = max(t.to, e.At)
		}
	}
}

// before is how many changes of role before the harm belong to its story.
const before = 3

// begin returns when the harm began to come about: with the first operation that
// convicts, or when a client last got on, or when what it is about was first
// spoken of, or some changes of role ago.
func (t *teller) begin() time.Duration {
	switch {
	case t.offence() != nil && len(t.offence().Window) > 0:
		return t.offence().Window[0].Call
	case t.stuck():
		return t.lastAnswer()
	case len(t.named) > 0:
		return t.named[0].At
	case len(t.roles) > 0:
		return t.roles[max(0, len(t.roles)-before)].Began
	default:
		return 0
	}
}

// offence is the operations that convict, nil if it is not about operations.
func (t *teller) offence() *checkers.Offence {
	if t.broken == nil {
		return nil
	}
	return t.broken.Offence
}

// seenAt returns the node that broke a promise of its own code, 0 if none did.
func (t *teller) seenAt() sim.NodeID {
	if t.harmed == nil || t.harmed.Cause == 0 || !slices.Contains([]string{"always", "never"}, t.broken.Checker) {
		return 0
	}
	return t.event(t.harmed.Cause).Node
}

// stuck reports whether the engine saw that clients did not get on.
func (t *teller) stuck() bool { return t.harmed != nil && t.broken.Checker == "liveness" }

// lastAnswer returns when a client last had an answer, 0 if none ever had.
func (t *teller) lastAnswer() time.Duration {
	var at time.Duration
	operations := t.result.World.History().Operations()
	for i := range operations {
		if op := &operations[i]; op.Outcome == history.OK {
			at = max(at, op.Return)
		}
	}
	return at
}

// event returns the event of that number.
func (t *teller) event(id uint64) *sim.TraceEvent { return &t.events[id-1] }

// handled returns the events of one kind that a handler made, by the event that
// it handled.
func (t *teller) handled(handler *sim.TraceEvent, kind sim.TraceEventKind) []*sim.TraceEvent {
	var made []*sim.TraceEvent
	for i := range t.events[handler.ID:] {
		if e := &t.events[int(handler.ID)+i]; e.Cause == handler.ID && e.Node == handler.Node && e.Kind == kind {
			made = append(made, e)
		}
	}
	return made
}

// say adds a line.
func (t *teller) say(at time.Duration, event uint64, text string) {
	t.lines = append(t.lines, line{Line{At: at, Text: text}, event})
}

// sayLatest adds the last lines of them, not more than so many.
func (t *teller) sayLatest(lines []line, most int) {
	slices.SortStableFunc(lines, func(a, b line) int { return int(a.At - b.At) })
	t.lines = append(t.lines, lines[max(0, len(lines)-most):]...)
}
