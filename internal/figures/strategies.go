package main

import (
	"context"
	"fmt"
	"os"

	"seedbed.example/experiment"
	"seedbed.example/mistake"
	"seedbed.example/zoo"
)

// compared are the strategies that the table is of: replay finds nothing new.
var compared = []string{"random", "swarm", "pct", "guided", "exhaustive"}

// strategies hunts for every planted mistake by each strategy, giving up after
// most runs, and makes the table of what it took. A mistake that needs a profile
// of faults has that by every strategy.
func strategies(ctx context.Context, starts int, most uint64, match string) (string, error) {
	rows := table{{"mistake", "strategy", "found", "runs to first failure: median", "quartiles", "seconds: median", "quartiles", "correct twin"}}
	err := eachMistake(match, func(scenario *experiment.Scenario, m mistake.Mistake) error {
		for _, strategy := range compared {
			f, err := zoo.Survey{Starts: starts, Strategy: strategy, Most: most}.Find(ctx, scenario, m)
			if err != nil {
				return err
			}
			row := []string{
				"`" + m.ID + "`", strategy, fmt.Sprintf("%d of %d", len(f.Runs), f.Hunts),
				runsAt(f, 2), runsAt(f, 1) + " to " + runsAt(f, 3),
				secondsAt(f, 2), secondsAt(f, 1) + " to " + secondsAt(f, 3), twin(f),
			}
			rows = append(rows, row)
			fmt.Fprintln(os.Stderr, row)
		}
		return nil
	})
	return rows.String(), err
}
