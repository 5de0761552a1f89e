package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/explore"
)

func (a *app) replayCommand() *cobra.Command {
	var told telling
	var correct bool
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "run a repro file again, and say whether it still shows what it did",
		Long: `Runs a repro file that a hunt has written, and compares: the same violation, by
the same checker, and the same trace hash, to the last event. After a change of
the code the run may take another course and still show the violation, or show
it no longer.

A file below testdata/seedbed or testdata/fuzz is a test's: go test runs it.`,
		Example: `  seedbed replay repros/raft-staleLeaderRead-3-0123abcd.repro.json --explain
  seedbed replay repros/raft-staleLeaderRead-3-0123abcd.repro.json --html run.html --trace run.txt
  seedbed replay repros/raft-staleLeaderRead-3-0123abcd.repro.json --correct`,
		Args: one("a repro file", "seedbed replay FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if file, ok := findTestFile(args[0]); ok {
				return a.replayTest(c, file, told)
			}
			repro, err := explore.OpenRepro(args[0])
			if err != nil {
				return err
			}
			if correct {
				repro.Mistake = ""
			}
			scenario, err := a.scenarios.Find(repro.Scenario)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			began := time.Now()
			replay, err := repro.Replay(scenario, told.records())
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			wall := time.Since(began)
			if err := a.write(told, replay.Result); err != nil {
				return err
			}
			a.exitWith(replay.Result.Verdict)
			if a.json() {
				object := newRunObject(replay.Result, wall, told)
				object.Replay = &replayObject{
					repro.Violation, replay.SameViolation, replay.SameTrace,
					emptyNotNull(replay.Result.Missed()), emptyNotNull(replay.Result.Unasked()),
				}
				a.print(object)
				return nil
			}
			a.runText(replay.Result, wall, told)
			fmt.Fprintln(a.out, comparison(repro, replay))
			return nil
		},
	}
	told.flags(c)
	c.Flags().BoolVar(&correct, "correct", false, "run it without the mistake that is planted in it: the correct twin")
	return c
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
		return fmt.Sprintf("Still shows %s, by another course: the trace hash was %v, so the code, or the file, has changed since.", expected, repro.TraceHash)
	case replay.Result.Verdict == checkers.Violated:
		return fmt.Sprintf("The file expects %s, and something else is broken.", expected)
	default:
		return fmt.Sprintf("The file expects %s, and this run does not show it. %s", expected, replay.Moved())
	}
}
