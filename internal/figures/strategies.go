package main

import (
	"context"
	"fmt"
	"os"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
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
			s, err := search(ctx, explore.Hunt{Scenario: scenario, Strategy: strategy, Seeds: most}, m, starts)
			if err != nil {
				return err
			}
			row := []string{
				"`" + m.ID + "`", strategy, fmt.Sprintf("%d of %d", s.hunts-s.missed, s.hunts),
				s.runsAt(2), s.runsAt(1) + " to " + s.runsAt(3),
				s.secondsAt(2), s.secondsAt(1) + " to " + s.secondsAt(3), s.twin(),
			}
			rows = append(rows, row)
			fmt.Fprintln(os.Stderr, row)
		}
		return nil
	})
	return rows.String(), err
}
