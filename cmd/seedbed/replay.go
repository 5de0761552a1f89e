package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/explore"
	"seedbed.example/scenarios"
)

func (a *app) replayCommand() *cobra.Command {
	var trace string
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "run a repro file again, and say whether it still shows what it did",
		Long: `Runs a repro file that a hunt has written, and compares: the same violation, by
the same checker, and the same trace hash, to the last event. After a change of
the code the run may take another course and still show the violation, or show
it no longer.

A file below testdata/seedbed or testdata/fuzz is a test's: go test runs it.`,
		Example: `  seedbed replay repros/raft-staleLeaderRead-3-0123abcd.repro.json --trace run.txt`,
		Args:    one("a repro file", "seedbed replay FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if file, ok := findTestFile(args[0]); ok {
				return a.replayTest(c, file, trace != "")
			}
			repro, err := readRepro(args[0])
			if err != nil {
				return err
			}
			scenario, err := scenarios.Find(repro.Scenario)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			began := time.Now()
			replay, err := repro.Replay(scenario, trace != "")
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			wall := time.Since(began)
			if trace != "" {
				if err := writeTrace(trace, replay.Result); err != nil {
					return fmt.Errorf("the trace could not be written: %w", err)
				}
			}
			a.exitWith(replay.Result.Verdict)
			if a.json() {
				object := newRunObject(replay.Result, wall)
				object.Replay = &replayObject{repro.Violation, replay.SameViolation, replay.SameTrace}
				a.print(object)
				return nil
			}
			a.runText(replay.Result, wall)
			if trace != "" {
				fmt.Fprintf(a.out, "The trace is in %s\n", trace)
			}
			fmt.Fprintln(a.out, comparison(repro, replay))
			return nil
		},
	}
	c.Flags().StringVar(&trace, "trace", "", "record everything that happens into `FILE`: JSON lines, or text if it ends in .txt")
	return c
}

func readRepro(path string) (*explore.Repro, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	repro, err := explore.ReadRepro(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return repro, nil
}

// comparison says whether the replay shows what the repro says it should.
func comparison(repro *explore.Repro, replay *explore.Replay) string {
	expected := "that nothing is broken"
	if repro.Violation != nil {
		expected = "a violation of " + repro.Violation.Checker
	}
	switch {
	case replay.SameTrace && replay.SameViolation:
		return "Reproduced: the same run, to the last event."
	case replay.SameViolation:
		return fmt.Sprintf("Still shows %s, by another course: the trace hash was %v, so the code has changed since.", expected, repro.TraceHash)
	case replay.Result.Verdict == checkers.Violated:
		return fmt.Sprintf("The file expects %s, and something else is broken.", expected)
	default:
		return fmt.Sprintf("The file expects %s, and this run does not show it: it is mended, or the run took another course (its trace hash was %v).", expected, repro.TraceHash)
	}
}
