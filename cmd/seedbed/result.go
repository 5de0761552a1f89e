package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/sim"
	"seedbed.example/story"
)

// runObject is a run as JSON.
type runObject struct {
	Scenario         string               `json:"scenario"`
	Seed             uint64               `json:"seed"`
	Mistake          string               `json:"mistake,omitempty"`
	Parameters       experiment.Values    `json:"parameters"`
	Verdict          checkers.Verdict     `json:"verdict"`
	Violations       []checkers.Violation `json:"violations"`
	TraceHash        sim.Hash             `json:"traceHash"`
	Events           uint64               `json:"events"`
	Messages         uint64               `json:"messages"`
	Operations       int                  `json:"operations"`
	SimulatedSeconds float64              `json:"simulatedSeconds"`
	WallSeconds      float64              `json:"wallSeconds"`
	Plan             faults.Plan          `json:"plan"`
	Story            *story.Story         `json:"story,omitempty"`  // how it came about, if that was asked for
	Replay           *replayObject        `json:"replay,omitempty"` // of a replay: whether it shows what it is expected to
	Shrunk           *shrunkObject        `json:"shrunk,omitempty"` // of a shrink: what it came to
	Repro            string               `json:"repro,omitempty"`  // of a shrink: the file with the smaller run
}

type replayObject struct {
	Expected      *checkers.Violation `json:"expected"`
	SameViolation bool                `json:"sameViolation"`
	SameTrace     bool                `json:"sameTrace"`
	Missed        faults.Plan         `json:"missed"`  // entries of the plan that did not strike
	Unasked       []choice.Override   `json:"unasked"` // choices of the file that were never asked for
}

func newRunObject(r *experiment.Result, wall time.Duration, told telling) runObject {
	object := runObject{
		Scenario: r.Scenario, Seed: r.Config.Seed, Mistake: r.Config.Mistake, Parameters: r.Values,
		Verdict: r.Verdict, Violations: emptyNotNull(r.Violations), TraceHash: r.Hash,
		Events: r.Counts.Events, Messages: r.Counts.Messages, Operations: r.Operations,
		SimulatedSeconds: r.Simulated.Seconds(), WallSeconds: wall.Seconds(), Plan: emptyNotNull(r.Plan),
	}
	if told.explain {
		object.Story = story.Of(r)
	}
	return object
}

// emptyNotNull makes nothing an empty array in JSON.
func emptyNotNull[S ~[]E, E any](s S) S {
	if s == nil {
		return S{}
	}
	return s
}

// title names a run.
func title(scenario string, mistake string, seed uint64) string {
	if mistake != "" {
		mistake = ", with the mistake " + mistake
	}
	return fmt.Sprintf("%s, seed %d%s", scenario, seed, mistake)
}

// runText tells a run for people.
func (a *app) runText(r *experiment.Result, wall time.Duration, told telling) {
	fmt.Fprintf(a.out, "%s: %s\n", title(r.Scenario, r.Config.Mistake, r.Config.Seed), a.paint.verdict(r.Verdict))
	if told.explain {
		a.storyText(r)
	} else {
		a.violationsText(r.Violations)
		a.planText(r)
	}
	fmt.Fprintf(a.out, "\n%s events, %s messages, %s operations; %s simulated in %s; trace hash %v\n",
		comma(r.Counts.Events), comma(r.Counts.Messages), comma(uint64(r.Operations)), short(r.Simulated), short(wall), r.Hash)
	a.files(told)
}

func (a *app) violationsText(violations []checkers.Violation) {
	for _, v := range violations {
		fmt.Fprintf(a.out, "\n%s: %s\n", a.paint.bad.Sprint(v.Checker), indent(v.Message))
	}
}

// planText tells the plan, as far as it began before a promise was broken.
func (a *app) planText(r *experiment.Result) {
	harm := story.BrokenAt(r)
	begun := slices.DeleteFunc(slices.Clone(r.Plan), func(e faults.Entry) bool { return e.At > harm })
	if len(begun) == 0 {
		fmt.Fprintln(a.out, "\nNothing went wrong in the world of this run.")
	} else {
		fmt.Fprintf(a.out, "\n%s\n  %s\n", a.paint.bold.Sprint("What went wrong in the world:"), indent(begun.String()))
		if names := ownNames(r); names != "" {
			fmt.Fprintf(a.out, "  (%s)\n", names)
		}
	}
	if later := len(r.Plan) - len(begun); later > 0 {
		fmt.Fprintf(a.out, "  (%d more of the plan after %s, left out)\n", later, short(harm))
	}
}

// ownNames tells which nodes have names that their numbers are not part of:
// plans know them by number.
func ownNames(r *experiment.Result) string {
	var names []string
	for id := sim.NodeID(1); int(id) <= r.Nodes; id++ {
		if name := r.World.Name(id); !strings.HasSuffix(name, " "+id.String()) {
			names = append(names, fmt.Sprintf("node %v is %s", id, name))
		}
	}
	return strings.Join(names, ", ")
}

// indent sets all lines but the first two blanks in.
func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

func comma(n uint64) string { return humanize.Comma(int64(n)) }

// short rounds a duration to what a person wants to know of it.
func short(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	default:
		return d.Round(10 * time.Microsecond).String()
	}
}

// writeTrace writes the recorded trace of a run: JSON lines, or lines for
// people if the file's name ends in .txt.
func writeTrace(path string, r *experiment.Result) error {
	trace := r.World.Trace()
	trace.Mark(story.Convicting(r)...)
	return writeFile(path, func(w io.Writer) error {
		if strings.HasSuffix(path, ".txt") {
			return trace.WriteText(w)
		}
		return trace.WriteJSON(w)
	})
}
