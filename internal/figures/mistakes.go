package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"

	"github.com/dustin/go-humanize"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/scenarios"
)

// apart is how far apart the first seeds of hunts for one mistake lie, and so
// how many runs a hunt may take.
const apart = 1_000_000

// mistakes hunts for every planted mistake from several seeds, and makes the
// table of how many runs it took, beside its correct twin over the same seeds.
func mistakes(ctx context.Context, starts int, match string) (string, error) {
	wanted, err := regexp.Compile(match)
	if err != nil {
		return "", err
	}
	rows := table{{"mistake", "runs to first failure: median", "quartiles", "most", "seconds, median", "seen by", "correct twin, same seeds"}}
	for _, scenario := range scenarios.All() {
		for _, m := range scenario.Mistakes {
			if !wanted.MatchString(m.ID) {
				continue
			}
			row, err := search(ctx, scenario, m, starts)
			if err != nil {
				return "", err
			}
			rows = append(rows, row)
			fmt.Fprintln(os.Stderr, row)
		}
	}
	return rows.String(), nil
}

func search(ctx context.Context, scenario *experiment.Scenario, m experiment.Mistake, starts int) ([]string, error) {
	var runs []uint64
	var seconds []float64
	seen := make(map[string]int)
	twinRuns, twinFailures := uint64(0), 0
	for start := range uint64(starts) {
		hunt := explore.Hunt{Scenario: scenario, Config: experiment.Config{Mistake: m.ID}, From: start * apart, Seeds: apart}
		report, err := hunt.Run(ctx)
		if err != nil {
			return nil, err
		}
		if len(report.Failures) == 0 {
			return nil, fmt.Errorf("%s was not found in %d runs from seed %d", m.ID, report.Runs, hunt.From)
		}
		runs = append(runs, report.Runs)
		seconds = append(seconds, report.Wall().Seconds())
		seen[report.Failures[0].Violations[0].Checker]++
		hunt.Config, hunt.Seeds, hunt.KeepGoing = twin(m), report.Runs, true
		correct, err := hunt.Run(ctx)
		if err != nil {
			return nil, err
		}
		twinRuns += correct.Runs
		twinFailures += len(correct.Failures) + len(correct.Unknown)
	}
	slices.Sort(runs)
	slices.Sort(seconds)
	count := func(n uint64) string { return humanize.Comma(int64(n)) }
	return []string{
		"`" + m.ID + "`", count(runs[len(runs)/2]), count(runs[len(runs)/4]) + " to " + count(runs[len(runs)*3/4]), count(runs[len(runs)-1]),
		fmt.Sprintf("%.2f", seconds[len(seconds)/2]), seenBy(seen), fmt.Sprintf("%d of %s", twinFailures, count(twinRuns)),
	}, nil
}

// twin is the run without the mistake, and with all that it needs.
func twin(m experiment.Mistake) experiment.Config {
	config := experiment.Config{Parameters: make(map[string]string)}
	for _, need := range m.Needs {
		config.Parameters[need.Parameter] = need.Value
	}
	return config
}

func seenBy(times map[string]int) string {
	text := ""
	for _, checker := range []string{"invariants", "linearizability", "durability", "liveness", "panic", "event limit", "aliasing"} {
		if times[checker] > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%s %d", checker, times[checker])
		}
	}
	return text
}
