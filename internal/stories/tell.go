package stories

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/sim"
)

// telling is how a stage tells of what has happened.
type telling struct {
	Column int                           // how wide the times are
	Round  time.Duration                 // to what they are rounded; 0: not at all
	Line   func(e sim.TraceEvent) string // tells of one event, of which "" is not worth it
	shown  []string
	told   int // events of the trace
}

// Tell tells of what has happened since it last did. The world must be recorded.
func (s *Stage) Tell() string {
	var b strings.Builder
	events := s.Trace().Events
	for _, e := range events[s.told:] {
		if line := s.Line(e); line != "" {
			fmt.Fprintf(&b, "%-*v%s\n", s.Column, e.At.Round(s.Round), line)
		}
	}
	s.told = len(events)
	return b.String()
}

// TellAnswer tells what a client was answered, nil if it was not, behind what has
// happened.
func (s *Stage) TellAnswer(answer sim.Message) string {
	if answer == nil {
		return s.Tell() + "no answer\n"
	}
	return s.Tell() + fmt.Sprint("answer: ", answer, "\n")
}

// Shows reports whether messages of a kind, or about a subject, are told of.
func (s *Stage) Shows(what string) bool { return slices.Contains(s.shown, what) }

// Serves reports whether a node is one of the servers.
func (s *Stage) Serves(id sim.NodeID) bool { return int(id) <= len(s.Servers) }

// ByNumber tells of an event, and of servers by their numbers.
func (s *Stage) ByNumber(e sim.TraceEvent) string {
	switch {
	case e.Kind == sim.NoteEvent:
		return fmt.Sprintf("%v %s", e.Node, e.Detail)
	case e.Kind == sim.CrashEvent:
		return fmt.Sprintf("%v goes down: %s", e.Node, e.Name)
	case e.Kind == sim.ViolationEvent:
		return "VIOLATION of " + e.Detail
	case e.Kind == sim.SendEvent && s.Shows(e.Name):
		return fmt.Sprintf("%v -> %v %s: %s", e.Node, e.Peer.Node(), e.Name, e.Detail)
	default:
		return ""
	}
}

// TellByName makes a stage tell of servers by their names, also of what they do not
// get, and of times by the millisecond.
func (s *Stage) TellByName() {
	s.Column, s.Round, s.Line = 7, time.Millisecond, s.byName
}

func (s *Stage) byName(e sim.TraceEvent) string {
	switch {
	case !s.Serves(e.Node):
		return ""
	case e.Kind == sim.NoteEvent:
		return s.Name(e.Node) + " " + e.Detail
	case e.Kind == sim.CrashEvent:
		return s.Name(e.Node) + " goes down: " + e.Name
	case e.Kind == sim.SendEvent && s.Shows(e.Name):
		return fmt.Sprintf("%s -> %s %s", s.Name(e.Node), s.Name(e.Peer.Node()), strings.TrimSpace(e.Name+" "+e.Detail))
	case e.Kind == sim.DropEvent && s.Shows(e.Name):
		return fmt.Sprintf("%s does not get %s of %s: %s", s.Name(e.Node), e.Name, s.Name(e.Peer.Node()), e.Detail)
	default:
		return s.ByNumber(e)
	}
}
