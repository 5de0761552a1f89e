package story

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"seedbed.example/experiment"
)

// A Story is how a run came about, in few lines.
type Story struct {
	Lines []Line `json:"lines"` // in the order of time
	// Untold is how many faults of the plan had struck before the harm, and are
	// not among the lines: they were over before it began, or there were too
	// many.
	Untold int `json:"untold"`
}

// A Line is one thing that happened.
type Line struct {
	At   time.Duration `json:"at"` // virtual time since the start of the run
	Text string        `json:"text"`
	Harm bool          `json:"harm,omitempty"` // it is what was broken, or an answer that breaks it
}

// Of tells a run that was recorded. Without a recording there is only what was
// broken to tell.
func Of(r *experiment.Result) *Story {
	t := newTeller(r)
	t.tellFaults()
	t.tellMachines()
	t.tellRoles()
	t.tellHarm()
	t.tellNotes()
	slices.SortStableFunc(t.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.event, b.event))
	})
	s := &Story{Untold: t.untold}
	for _, l := range t.lines {
		s.Lines = append(s.Lines, l.Line)
	}
	return s
}

// String is the text that [Story.WriteTo] writes.
func (s *Story) String() string {
	var b strings.Builder
	for _, l := range s.Lines {
		mark := "  "
		if l.Harm {
			mark = "!!"
		}
		fmt.Fprintf(&b, "%12v %s %s\n", l.At.Round(time.Microsecond), mark, strings.ReplaceAll(l.Text, "\n", "\n"+strings.Repeat(" ", 18)))
	}
	if s.Untold > 0 {
		fmt.Fprintf(&b, "Left out: %s of the plan, struck earlier or of less weight.\n", count(s.Untold, "fault"))
	}
	return b.String()
}

// WriteTo writes the story for people, a line for each thing that happened.
func (s *Story) WriteTo(out io.Writer) (int64, error) {
	n, err := io.WriteString(out, s.String())
	return int64(n), err
}

// Convicting returns the trace events of the operations that convict a run: their
// calls and returns. There are none if it is not operations that do.
func Convicting(r *experiment.Result) []uint64 {
	t := newTeller(r)
	if t.offence() == nil {
		return nil
	}
	var ids []uint64
	for i := range t.offence().Window {
		call, end := t.invocation(&t.offence().Window[i])
		if call != nil {
			ids = append(ids, call.ID)
		}
		if end != nil {
			ids = append(ids, end.ID)
		}
	}
	return ids
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
