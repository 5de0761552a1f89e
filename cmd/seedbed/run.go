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
	var told telling
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "run a scenario once",
		Long: `Runs a scenario once, from one seed, and tells what came of it: the verdict,
what was broken and how, the faults that the seed drew, and the trace hash. The
same seed gives the same hash on every machine.`,
		Example: `  seedbed run raft --seed 42
  seedbed run raft --seed 42 --faults chaos --nodes 3 --trace run.txt
  seedbed run raft --mistake raft.staleLeaderRead --seed 3 --explain --html run.html
  seedbed run raft --seed 7 --faults plan.json --set operations=50`,
		Args: one("a scenario", "seedbed run raft"),
		RunE: func(c *cobra.Command, args []string) error {
			scenario, config, err := asked.resolve(a.scenarios, args[0])
			if err != nil {
				return err
			}
			config.Seed, config.Record = seed, told.records()
			began := time.Now()
			result, err := scenario.Run(config)
			if err != nil {
				return err
			}
			wall := time.Since(began)
			if err := a.write(told, result); err != nil {
				return err
			}
			a.exitWith(result.Verdict)
			if a.json() {
				a.print(newRunObject(result, wall, told))
				return nil
			}
			a.runText(result, wall, told)
			if result.Verdict == checkers.Violated {
				fmt.Fprintf(a.out, "Again:  %s --seed %d\n", asked.line("run", args[0]), seed)
			}
			return nil
		},
	}
	asked.flags(c)
	c.Flags().Uint64Var(&seed, "seed", 0, "which run; every `N` is another one")
	told.flags(c)
	return c
}
