package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
	"seedbed.example/scenarios"
)

// apart is how far apart the first seeds of hunts for one mistake lie, and so
// how many runs a hunt may take.
const apart = 1_000_000

// mistakes hunts for every planted mistake from several seeds, and makes the
// table of how many runs it took, beside its correct twin over the same seeds.
func mistakes(ctx context.Context, starts int, match string) (string, error) {
	rows := table{{"mistake", "runs to first failure: median", "quartiles", "most", "seconds, median", "seen by", "correct twin, same seeds"}}
	err := eachMistake(match, func(scenario *experiment.Scenario, m mistake.Mistake) error {
		s, err := search(ctx, explore.Hunt{Scenario: scenario, Seeds: apart}, m, starts)
		if err != nil {
			return err
		}
		if s.missed > 0 {
			return fmt.Errorf("%s was not found in %d of %d hunts of %d runs", m.ID, s.missed, starts, apart)
		}
		row := []string{
			"`" + m.ID + "`", s.runsAt(2), s.runsAt(1) + " to " + s.runsAt(3), s.runsAt(4),
			s.secondsAt(2), seenBy(s.seen), s.twin(),
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

// twin is the run without the mistake, and with all that it needs.
func twin(m mistake.Mistake) experiment.Config {
	config := experiment.Config{Parameters: make(map[string]string)}
	for _, need := range m.Needs {
		config.Parameters[need.Parameter] = need.Value
	}
	return config
}

// seenBy tells how often each checker was the one that saw it: first those that
// most mistakes are seen by.
func seenBy(times map[string]int) string {
	usual := []string{"invariants", "linearizability", "durability", "liveness", "panic", "event limit", "aliasing"}
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(times)), func(checker string) bool { return slices.Contains(usual, checker) })
	var told []string
	for _, checker := range append(usual, others...) {
		if times[checker] > 0 {
			told = append(told, fmt.Sprintf("%s %d", checker, times[checker]))
		}
	}
	return strings.Join(told, ", ")
}
