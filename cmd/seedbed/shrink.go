package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/experiment"
	"seedbed.example/explore"
)

// shrunkObject is a shrink as JSON.
type shrunkObject struct {
	Before      explore.Size `json:"before"`
	After       explore.Size `json:"after"`
	Runs        int          `json:"runs"`
	Minimal     bool         `json:"minimal"` // nothing is left that could go by itself
	WallSeconds float64      `json:"wallSeconds"`
}

func newShrunkObject(s *explore.Shrunk, wall time.Duration) *shrunkObject {
	return &shrunkObject{s.Before, s.After, s.Runs, s.Minimal, wall.Seconds()}
}

// String tells what a shrink came to.
func (s *shrunkObject) String() string {
	text := fmt.Sprintf("Shrunk in %s and %s: from %v to %v.", runs(uint64(s.Runs)), short(time.Duration(s.WallSeconds*float64(time.Second))), s.Before, s.After)
	if !s.Minimal {
		text += " There may be more to take away."
	}
	return text
}

func (a *app) shrinkCommand() *cobra.Command {
	var shrink explore.Shrink
	var repros string
	c := &cobra.Command{
		Use:   "shrink FILE",
		Short: "make the run of a repro file as small as it can be",
		Long: `Takes away from a failing run whatever can go while the same promise stays
broken: faults, operations of clients, clients and servers, late and lost
messages, and every other choice that went other than the benign way. The smaller
run is written into a file of its own. A hunt does the same with what it finds.
Ctrl-C ends it with the smallest run found so far.`,
		Example: `  seedbed shrink repros/raft-staleLeaderRead-3-0123abcd.repro.json`,
		Args:    one("a repro file", "seedbed shrink FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			repro, err := explore.OpenRepro(args[0])
			if err != nil {
				return err
			}
			if shrink.Scenario, err = a.scenarios.Find(repro.Scenario); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if shrink.Runs < 0 || shrink.Workers < 0 || shrink.Workers > mostWorkers {
				return fmt.Errorf("--runs %d, --workers %d: want 0 or more, and at most %d workers", shrink.Runs, shrink.Workers, mostWorkers)
			}
			result, shrunk, err := a.shrink(c.Context(), shrink, repro.Config())
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			path, err := explore.NewRepro(result).Save(repros)
			if err != nil {
				return fmt.Errorf("the smaller run could not be written: %w", err)
			}
			a.exitWith(result.Verdict)
			if a.json() {
				object := newRunObject(result, 0, telling{})
				object.Shrunk, object.Repro = shrunk, path
				a.print(object)
				return nil
			}
			fmt.Fprintf(a.out, "%s: %s\n", title(result.Scenario, result.Config.Mistake, result.Config.Seed), a.paint.verdict(result.Verdict))
			a.violationsText(result.Violations)
			a.planText(result)
			fmt.Fprintf(a.out, "\n%v\nReplay: %s replay %s\n", shrunk, self(), quote(path))
			return nil
		},
	}
	c.Flags().IntVar(&shrink.Runs, "runs", explore.DefaultShrinkRuns, "how many runs it may take, `N`")
	c.Flags().IntVar(&shrink.Workers, "workers", 0, "runs at a time, `N` (default: one for each core)")
	c.Flags().StringVar(&repros, "repros", "repros", "write the smaller run into this `DIRECTORY`")
	return c
}

// shrink shrinks a failing run, and shows on a terminal how far it is.
func (a *app) shrink(ctx context.Context, shrink explore.Shrink, config experiment.Config) (*experiment.Result, *shrunkObject, error) {
	began := time.Now()
	spinner := a.newSpinner()
	shrink.Progress = func(s *explore.Shrunk) {
		spinner.show(func() string {
			return fmt.Sprintf("shrinking: %s runs, %d faults, %d operations left", comma(uint64(s.Runs)), len(s.Result.Plan), s.Result.Operations)
		})
	}
	shrunk, err := shrink.Run(ctx, config)
	spinner.end()
	if err != nil {
		return nil, nil, err
	}
	return shrunk.Result, newShrunkObject(shrunk, time.Since(began)), nil
}
