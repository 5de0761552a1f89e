package main

import (
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"seedbed.example/doctor"
)

// doctorRuns is the command by which doctor calls this program again.
const doctorRuns = "doctor-runs"

func (a *app) doctorRunsCommand() *cobra.Command {
	var asked request
	var batch doctor.Batch
	c := &cobra.Command{
		Use:    doctorRuns + " SCENARIO",
		Short:  "make runs, and print the seed and hash of each",
		Hidden: true,
		Args:   one("a scenario", "seedbed "+doctorRuns+" raft"),
		RunE: func(c *cobra.Command, args []string) error {
			scenario, config, err := asked.resolve(a.scenarios, args[0])
			if err != nil {
				return err
			}
			signal.Ignore(os.Interrupt) // a Ctrl-C is for the doctor, who then ends this process
			run := func() {
				err = batch.Make(scenario, config, func(l doctor.Line) { fmt.Fprintln(a.out, l) })
			}
			if batch.Still {
				doctor.StandStill(run)
			}
			run()
			return err
		},
	}
	asked.flags(c)
	c.Flags().Uint64Var(&batch.From, "from", 0, "the first seed, `N`")
	c.Flags().Uint64Var(&batch.Seeds, "seeds", 1, "how many seeds, `N`")
	c.Flags().IntVar(&batch.Times, "times", 1, "how often each is run, `N`")
	c.Flags().BoolVar(&batch.Still, "still", false, "let the wall clock stand still")
	return c
}
