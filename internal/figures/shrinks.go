package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
	"seedbed.example/zoo"
)

// shrinks shrinks a failing run of each planted mistake from several starts, and
// makes the table of what is left.
func shrinks(ctx context.Context, starts int, match string) (string, error) {
	rows := table{{"mistake", "faults: found", "shrunk", "operations: found", "shrunk", "other choices, shrunk", "faults and operations by hand", "shrunk to by hand", "runs it took", "seconds, median", "nothing can go"}}
	var seconds []float64
	err := eachMistake(match, func(scenario *experiment.Scenario, m mistake.Mistake) error {
		var all []*explore.Shrunk
		var took []float64
		minimal := 0
		for start := range uint64(starts) {
			config, err := failing(ctx, scenario, m.ID, start*zoo.Apart)
			if err != nil {
				return err
			}
			began := time.Now()
			s, err := explore.Shrink{Scenario: scenario}.Run(ctx, config)
			if err != nil {
				return err
			}
			all, took = append(all, s), append(took, time.Since(began).Seconds())
			if s.Minimal {
				minimal++
			}
		}
		seconds = append(seconds, took...)
		byHand, err := handWritten(scenario, m.ID)
		if err != nil {
			return err
		}
		middle := func(of func(s *explore.Shrunk) int) string {
			values := make([]int, len(all))
			for i, s := range all {
				values[i] = of(s)
			}
			slices.Sort(values)
			return fmt.Sprintf("%d (%d to %d)", values[len(values)/2], values[0], values[len(values)-1])
		}
		row := []string{
			"`" + m.ID + "`",
			middle(func(s *explore.Shrunk) int { return s.Before.Faults }), middle(func(s *explore.Shrunk) int { return s.After.Faults }),
			middle(func(s *explore.Shrunk) int { return s.Before.Operations }), middle(func(s *explore.Shrunk) int { return s.After.Operations }),
			middle(func(s *explore.Shrunk) int { return s.After.Choices }), byHand.String(), byHand.ratio(all), middle(func(s *explore.Shrunk) int { return s.Runs }),
			fmt.Sprintf("%.1f", median(took)), fmt.Sprintf("%d of %d", minimal, starts),
		}
		rows = append(rows, row)
		fmt.Fprintln(os.Stderr, row)
		return nil
	})
	if err == nil && len(seconds) > 0 {
		rows = append(rows, []string{"all", "", "", "", "", "", "", "", "", fmt.Sprintf("%.1f", median(seconds)), ""})
	}
	return rows.String(), err
}

// written is the size of the story that a person wrote to show a mistake: 0 if
// nobody has.
type written int

// handWritten measures the story by hand of a mistake.
func handWritten(s *experiment.Scenario, mistake string) (written, error) {
	repro, err := explore.OpenRepro(filepath.Join("explore", "testdata", "byhand", mistake+".repro.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	replay, err := repro.Replay(s, false)
	if err != nil {
		return 0, err
	}
	return written(len(repro.Plan) + replay.Result.Operations), nil
}

func (w written) String() string {
	if w == 0 {
		return ""
	}
	return fmt.Sprint(int(w))
}

// ratio is how much larger the run in the middle is that shrinking has left.
func (w written) ratio(all []*explore.Shrunk) string {
	if w == 0 {
		return ""
	}
	sizes := make([]float64, len(all))
	for i, s := range all {
		sizes[i] = float64(s.After.Faults + s.After.Operations)
	}
	return fmt.Sprintf("%.2f", median(sizes)/float64(w))
}

// failing returns the first failing run of a mistake from a seed on.
func failing(ctx context.Context, s *experiment.Scenario, mistake string, from uint64) (experiment.Config, error) {
	report, err := explore.Hunt{Scenario: s, Config: experiment.Config{Mistake: mistake}, From: from, Seeds: zoo.Apart}.Run(ctx)
	switch {
	case err != nil:
		return experiment.Config{}, err
	case len(report.Failures) == 0:
		return experiment.Config{}, fmt.Errorf("%s was not found from seed %d on", mistake, from)
	}
	return report.Failures[0].Config, nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
