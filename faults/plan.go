package faults

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/sim"
)

// A Plan is what goes wrong in a run.
type Plan []Entry

// An Entry is one fault: what happens, from when, for how long.
type Entry struct {
	At    time.Duration // virtual time at which it strikes
	For   time.Duration // how long it lasts; 0 is to the end of the safety part, and beyond it outside the core
	Fault Fault
}

// A Fault is one kind of thing that can go wrong, with whom it strikes and how
// hard. The types in this package are all there are.
//
//seedbed:simulated
type Fault interface {
	// String tells the fault as a clause of a story: "nodes 1, 2 are cut off".
	String() string
	// strike lets it happen and returns what ends it.
	strike(in *Injector) (heal func())
}

// String tells the entry as a line of a story.
func (e Entry) String() string {
	if e.For == 0 {
		return fmt.Sprintf("from %v on, %v", e.At, e.Fault)
	}
	return fmt.Sprintf("from %v to %v, %v", e.At, e.At+e.For, e.Fault)
}

// String tells the plan as a story, a line each.
func (p Plan) String() string {
	lines := make([]string, len(p))
	for i, e := range p {
		lines[i] = e.String()
	}
	return strings.Join(lines, "\n")
}

// Check says what of the plan cannot be in a world of that shape, of which only
// the number of nodes need be known; nil if it all can.
func (p Plan) Check(s Shape) error {
	for i, e := range p {
		if e.Fault == nil {
			return fmt.Errorf("plan entry %d: no fault", i+1)
		}
		if err := e.check(s); err != nil {
			return fmt.Errorf("plan entry %d (%s): %w", i+1, KindOf(e.Fault), err)
		}
	}
	return nil
}

func (e Entry) check(s Shape) error {
	kind, ok := FindKind(KindOf(e.Fault))
	_, clog := e.Fault.(Clog)
	_, offset := e.Fault.(ClockOffset)
	switch {
	case !ok:
		return errors.New("this is no fault of package faults")
	case e.At < 0 || e.At > sim.MaxTime:
		return fmt.Errorf("at: %v: want 0s to %s", e.At, short(sim.MaxTime))
	case e.For < 0 || e.For > sim.MaxTime:
		return fmt.Errorf("for: %v: want 0s to %s", e.For, short(sim.MaxTime))
	case s.Span > 0 && e.At >= s.Span:
		return fmt.Errorf("at: %v: want less than %v, when faults are over", e.At, s.Span)
	case clog && e.For == 0: // it would only lose what it touches
		return fmt.Errorf("for: missing, or 0s: want above 0s, up to %s", short(sim.MaxTime))
	case offset && e.At > 0:
		return fmt.Errorf("at: %v: want 0s, because a node boots with its offset; later, it is a clockjump", e.At)
	}
	return kind.check(e.Fault, s)
}

// Sort orders the plan by time, keeping the order of what happens at once.
func (p Plan) Sort() {
	slices.SortStableFunc(p, func(a, b Entry) int { return int(a.At - b.At) })
}
