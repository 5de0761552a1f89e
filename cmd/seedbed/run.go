package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
)

func (a *app) runCommand() *cobra.Command {
	var asked request
	var seed uint64
	var trace string
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "run a scenario once",
		Long: `Runs a scenario once, from one seed, and tells what came of it: the verdict,
what was broken and how, the faults that the seed drew, and the trace hash. The
same seed gives the same hash on every machine.`,
		Example: `  seedbed run raft --seed 42
  seedbed run raft --seed 42 --faults chaos --nodes 3 --trace run.txt
  seedbed run raft --seed 7 --faults plan.json --set operations=50`,
		Args: one("a scenario", "seedbed run raft"),
		RunE: func(c *cobra.Command, args []string) error {
			scenario, config, err := asked.resolve(args[0])
			if err != nil {
				return err
			}
			config.Seed, config.Record = seed, trace != ""
			began := time.Now()
			result, err := scenario.Run(config)
			if err != nil {
				return err
			}
			wall := time.Since(began)
			if trace != "" {
				if err := writeTrace(trace, result); err != nil {
					return fmt.Errorf("the trace could not be written: %w", err)
				}
			}
			a.exitWith(result.Verdict)
			if a.json() {
				a.print(newRunObject(result, wall))
				return nil
			}
			a.runText(result, wall)
			if trace != "" {
				fmt.Fprintf(a.out, "The trace is in %s\n", trace)
			}
			if result.Verdict == checkers.Violated {
				fmt.Fprintf(a.out, "Again:  %s --seed %d\n", asked.line("run", args[0]), seed)
			}
			return nil
		},
	}
	asked.flags(c)
	c.Flags().Uint64Var(&seed, "seed", 0, "which run; every `N` is another one")
	c.Flags().StringVar(&trace, "trace", "", "record everything that happens into `FILE`: JSON lines, or text if it ends in .txt")
	return c
}
