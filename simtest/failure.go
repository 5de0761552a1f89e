package simtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/story"
)

// How much of a failure is told at the most, in lines.
const (
	mostViolationLines = 14
	mostPlanLines      = 8
	mostOperations     = 5
	mostToldLines      = 32 // all of that, and how it came about
)

// explain fails the test with a failing run made smaller, told, and saved. What
// names it, and repeats is the line that runs it again as it was found.
func (p *property) explain(t *testing.T, config experiment.Config, what, repeats string) {
	t.Helper()
	result, err := p.scenario.Run(config)
	if err != nil {
		t.Fatal(explained(err))
	}
	if result.Verdict != checkers.Violated {
		t.Fatalf("a second run holds: something outside of its world decides too, "+
			"such as an order taken from a map or a variable of the package\n\nAgain: %s", repeats)
	}
	small, err := explore.Shrink{Scenario: p.scenario}.Run(shrinkContext(t), config)
	if err != nil {
		t.Fatal(explained(err))
	}
	path := filepath.Join(savedDir(p.test), reproName(small.Result))
	if err := explore.NewRepro(small.Result).SaveAs(path); err != nil {
		t.Errorf("this failure could not be saved: %v", err)
	}
	recorded := small.Result.Config
	recorded.Record = true
	if small.Result, err = p.scenario.Run(recorded); err == nil {
		err = p.writeTrace(small.Result)
	}
	if err != nil {
		t.Error(err)
		return
	}
	t.Error(whole(small, what, repeats, path))
}

// whole is all that is said of a failure, in less than 40 lines.
func whole(small *explore.Shrunk, what, repeats, path string) string {
	return fmt.Sprintf("%s: %s%s\n\nAgain: %s\nSaved: %s\n       (go test runs it first from now on)",
		what, toldWhole(small.Result), shrunkBy(small), repeats, fromRoot(path))
}

// shrinkContext ends before the go command ends the test by force.
func shrinkContext(t *testing.T) context.Context {
	deadline, ok := t.Deadline()
	if !ok {
		return t.Context()
	}
	ctx, stop := context.WithDeadline(t.Context(), deadline.Add(-time.Second))
	t.Cleanup(stop)
	return ctx
}

// toldWhole tells a failing run that was recorded, and how it came about if there
// is room for that.
func toldWhole(r *experiment.Result) string {
	text := told(r)
	how := "\n\nHow it came about:\n    " + indented(strings.TrimSuffix(story.Of(r).String(), "\n"))
	if strings.Count(text+how, "\n") <= mostToldLines {
		return text + how
	}
	return text
}

// writeTrace writes the trace of a recorded run where the environment says.
func (p *property) writeTrace(r *experiment.Result) error {
	path := os.Getenv(traceVariable)
	if path == "" {
		return nil
	}
	return os.WriteFile(path, []byte(r.World.Trace().String()), 0o644)
}

// told tells a failing run: what it broke, its faults, and unless they are told
// with what it broke, the last operations of its clients.
func told(r *experiment.Result) string {
	first := r.Violations[0]
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n    %s", first.Checker, indented(firstLines(first.Message, mostViolationLines)))
	if more := len(r.Violations) - 1; more > 0 {
		fmt.Fprintf(&b, "\n    (and %d more)", more)
	}
	if len(r.Plan) == 0 {
		b.WriteString("\n\nNothing went wrong in the world of this run.")
	} else {
		fmt.Fprintf(&b, "\n\nWhat went wrong in the world:\n    %s", indented(firstLines(r.Plan.String(), mostPlanLines)))
	}
	if operations := r.World.History().Operations(); first.Checker != "linearizability" && len(operations) > 0 {
		b.WriteString("\n\nThe last operations:")
		for _, op := range operations[max(0, len(operations)-mostOperations):] {
			fmt.Fprintf(&b, "\n    client %d: %s", op.Client, described(&op))
		}
	}
	return b.String()
}

// described tells an operation and its times.
func described(op *history.Operation) string {
	end := "?"
	if op.Outcome != history.Unknown {
		end = op.Return.String()
	}
	call := strings.TrimPrefix(fmt.Sprintf("%T", op.Input), "*")
	call = fmt.Sprintf("%s %v", call[strings.LastIndexByte(call, '.')+1:], op.Input)
	if _, named := op.Input.(fmt.Stringer); named {
		call = fmt.Sprint(op.Input)
	}
	if _, ok := op.Input.(history.Input); ok {
		call = models.Describe(op.Input, op.Output)
	} else if op.Outcome == history.OK {
		call += fmt.Sprintf(" -> %v", op.Output)
	}
	return fmt.Sprintf("%s  [%v, %s]", call, op.Call, end)
}

// shrunkBy tells how much of the run as it was found is left.
func shrunkBy(s *explore.Shrunk) string {
	if s.Before == s.After {
		return fmt.Sprintf("\n\nThe run has %d faults and %d operations.", s.Before.Faults, s.Before.Operations)
	}
	spared := ""
	if s.Minimal {
		spared = "; without any one of them it holds"
	}
	return fmt.Sprintf("\n\nLeft are %d of %d faults and %d of %d operations, after %d runs%s.",
		s.After.Faults, s.Before.Faults, s.After.Operations, s.Before.Operations, s.Runs, spared)
}

// reproName names the file of a failing run: what it breaks, and which it is.
func reproName(r *experiment.Result) string {
	const most = 40
	what := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, strings.TrimSpace(r.Violations[0].Checker+" "+r.Violations[0].Kind))
	if runes := []rune(what); len(runes) > most {
		what = string(runes[:most])
	}
	return fmt.Sprintf("%s-%d-%v.repro.json", what, r.Config.Seed, r.Hash.String()[:8])
}

// firstLines returns the first lines of a text, and says how many more it has.
func firstLines(text string, most int) string {
	lines := strings.Split(text, "\n")
	if len(lines) <= most {
		return text
	}
	return fmt.Sprintf("%s\n(%d more lines)", strings.Join(lines[:most-1], "\n"), len(lines)-most+1)
}

// indented sets all lines but the first four blanks in.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }
