package experiment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// A Setup is what an experiment has put into one world: whom faults strike, who
// must get on, and how the run is judged. What is not set takes the default.
type Setup struct {
	Nodes        []sim.NodeID  // the servers, numbered from 1: what faults strike
	Clients      []sim.NodeID  // the clients that must have finished for the run to end well
	Kinds        []string      // of message between servers, that faults may single out
	Points       []string      // of the servers' code, that faults may strike at: all that it names by [sim.Env.Point]
	Alternatives []string      // that the servers' code offers: all that it names by [sim.Env.Buggify]
	Faults       string        // the profile that plans are drawn by, where no parameter says; default swarm
	Span         time.Duration // how long the safety part lasts, in which faults strike; default 5 s
	Bound        time.Duration // how long the liveness part may last; default 30 s
	Core         int           // how many servers, at the least, must get on together after the faults; default a majority

	// Heal tells the clients that the faults are over among the core.
	Heal func()
	// Done reports whether every client has got on after Heal; by default they
	// have when they have finished. With neither Clients nor Done there is no
	// liveness part.
	Done func() bool
	// Check judges the whole run, after it has ended without a violation; by
	// default it holds.
	Check func() (checkers.Verdict, []checkers.Violation)
	// Waiting says who waits for what, for the report of a run that got stuck;
	// by default that of clients, and of servers whose code blocks.
	Waiting func() string
}

// shape is what a plan for this experiment must fit.
func (s *Setup) shape() faults.Shape {
	return faults.Shape{
		Nodes: len(s.Nodes), Span: s.Span, Kinds: s.Kinds, Points: s.Points, Alternatives: s.Alternatives,
		AllNeeded: s.Core == len(s.Nodes),
	}
}

// settle fills in the defaults.
func (s *Setup) settle(w *sim.World) {
	if s.Faults == "" {
		s.Faults = "swarm"
	}
	if s.Span == 0 {
		s.Span = 5 * time.Second
	}
	if s.Bound == 0 {
		s.Bound = 30 * time.Second
	}
	if s.Core == 0 {
		s.Core = len(s.Nodes)/2 + 1
	}
	s.Core = min(s.Core, len(s.Nodes))
	if s.Done == nil && len(s.Clients) > 0 {
		s.Done = func() bool {
			return !slices.ContainsFunc(s.Clients, func(id sim.NodeID) bool { return !w.Finished(id) })
		}
	}
	if s.Waiting == nil {
		s.Waiting = func() string { return strings.Join(WhoWaits(w, slices.Concat(s.Clients, s.Nodes)), "\n") }
	}
}

// check says what of a setup cannot be.
func (s *Setup) check(w *sim.World) error {
	for i, id := range s.Nodes {
		if int(id) != i+1 || w.Client(id) > 0 {
			return fmt.Errorf("Setup.Nodes: %v: want the nodes that were added first, in that order: 1 to %d", s.Nodes, len(s.Nodes))
		}
	}
	if s.Core < 0 || s.Span < 0 || s.Bound < 0 {
		return fmt.Errorf("Setup: Core %d, Span %v, Bound %v: want 0 or more", s.Core, s.Span, s.Bound)
	}
	return nil
}

// WhoWaits tells, a line each, what those processes wait for that have not
// finished. A server that is a state machine waits for nothing.
func WhoWaits(w *sim.World, processes []sim.NodeID) []string {
	var lines []string
	for _, id := range processes {
		if what := w.Waiting(id); what != "" {
			lines = append(lines, fmt.Sprintf("%s waits in %s", w.Name(id), what))
		}
	}
	return lines
}
