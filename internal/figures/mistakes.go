package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"seedbed.example/experiment"
	"seedbed.example/mistake"
	"seedbed.example/scenarios"
	"seedbed.example/zoo"
)

// mistakes hunts for every planted mistake from several seeds, and makes the
// table of how many runs it took, beside its correct twin over the same seeds.
func mistakes(ctx context.Context, starts int, match string) (string, error) {
	rows := table{{"mistake", "source", "runs to first failure: median", "quartiles", "seconds, median", "seen by", "shrunk to", "correct twin failed in"}}
	err := eachMistake(match, func(scenario *experiment.Scenario, m mistake.Mistake) error {
		f, err := zoo.Survey{Starts: starts, Shrinks: 3, Limit: 10 * time.Minute}.Find(ctx, scenario, m)
		if err != nil {
			return err
		}
		row := []string{
			"`" + m.ID + "`", m.Source, runsAt(f, 2), runsAt(f, 1) + " to " + runsAt(f, 3), secondsAt(f, 2), seenBy(f), shrunkTo(f), twin(f),
		}
		rows = append(rows, row)
		fmt.Fprintln(os.Stderr, row)
		return nil
	})
	return rows.String(), err
}

// eachMistake does something for each mistake whose id matches.
func eachMistake(match string, do func(*experiment.Scenario, mistake.Mistake) error) error {
	wanted, err := regexp.Compile(match)
	if err != nil {
		return err
	}
	for _, scenario := range scenarios.All() {
		for _, m := range scenario.Mistakes {
			if !wanted.MatchString(m.ID) {
				continue
			}
			if err := do(scenario, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// runsAt tells a quartile of the runs to the first failure; where the mistake
// was not found, more than a hunt took that found nothing.
func runsAt(f *zoo.Finding, quartile int) string {
	if runs, _, found := f.Quartile(quartile); found {
		return count(runs)
	}
	return "> " + count(f.GaveUp)
}

// secondsAt tells a quartile of the real time to the first failure.
func secondsAt(f *zoo.Finding, quartile int) string {
	if _, seconds, found := f.Quartile(quartile); found {
		return fmt.Sprintf("%.3f", seconds)
	}
	return "-"
}

// shrunkTo tells the size of the one in the middle of those that were shrunk.
func shrunkTo(f *zoo.Finding) string {
	if len(f.Shrunk) == 0 {
		return ""
	}
	middle := f.Shrunk[len(f.Shrunk)/2]
	return fmt.Sprintf("%d faults, %d operations", middle.Faults, middle.Operations)
}

// twin tells how often the correct twin failed.
func twin(f *zoo.Finding) string {
	return fmt.Sprintf("%d of %s", f.TwinFailures+f.TwinUnknown, count(f.TwinRuns))
}

func seenBy(f *zoo.Finding) string {
	if f.Open() {
		return "open: not found in " + count(f.Tried()) + " runs"
	}
	var seen []string
	for _, checker := range f.SeenBy() {
		seen = append(seen, fmt.Sprintf("%s %d", checker, f.Seen[checker]))
	}
	return strings.Join(seen, ", ")
}

func count(n uint64) string { return humanize.Comma(int64(n)) }
