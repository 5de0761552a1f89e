package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/doctor"
)

// doctorSeeds is how many seeds are examined if nothing is said.
const doctorSeeds = 50

func (a *app) doctorCommand() *cobra.Command {
	var asked request
	var from, seeds uint64
	c := &cobra.Command{
		Use:   "doctor SCENARIO | ./PACKAGE",
		Short: "find out whether one seed is one run, and if not, why",
		Long: `Runs each seed several times: in this process, and in others on one, two and
eight threads, and compares all that the runs tell. At the first seed that takes
two courses it shows where their traces part, and names the likely cause: the
order of a map, the wall clock, global randomness, goroutines, something kept
between runs. It tries the seed with one thing held fixed at a time to know.

A path, as ./consensus, is a package of tests that run scenarios with package
simtest: its tests examine themselves, under go test. Ctrl-C ends an examination
with what it has found so far.`,
		Example: `  seedbed doctor raft
  seedbed doctor raft --seeds 1000 --faults chaos
  seedbed doctor ./consensus`,
		Args: one("a scenario or the path of a package", "seedbed doctor raft"),
		RunE: func(c *cobra.Command, args []string) error {
			if seeds == 0 {
				return errors.New("--seeds 0: want 1 or more")
			}
			if isPath(args[0]) {
				return a.doctorTests(c, args[0], seeds)
			}
			scenario, config, err := asked.resolve(a.scenarios, args[0])
			if err != nil {
				return err
			}
			progress := a.newDoctorProgress(seeds)
			report, err := doctor.Examination{
				Scenario: scenario, Config: config, From: from, Seeds: seeds,
				Elsewhere: asked.elsewhere(args[0]), Progress: progress.show,
			}.Run(c.Context())
			progress.end()
			if err != nil {
				return err
			}
			a.exitWith(report.Verdict())
			if a.json() {
				a.print(doctorObject{report.Verdict(), report})
			} else {
				a.doctorText(report)
			}
			return nil
		},
	}
	asked.flags(c)
	c.Flags().Uint64Var(&seeds, "seeds", doctorSeeds, "how many seeds to look at, `N`")
	c.Flags().Uint64Var(&from, "from", 0, "the first seed, `N`")
	return c
}

// doctorObject is an examination as JSON.
type doctorObject struct {
	Verdict checkers.Verdict `json:"verdict"`
	*doctor.Report
}

// elsewhere returns the command that makes runs of the scenario in a process of
// its own.
func (r *request) elsewhere(scenario string) func(context.Context, doctor.Batch) *exec.Cmd {
	return func(ctx context.Context, b doctor.Batch) *exec.Cmd {
		words := append(r.words(doctorRuns, scenario), fmt.Sprintf("--from=%d", b.From), fmt.Sprintf("--seeds=%d", b.Seeds),
			fmt.Sprintf("--times=%d", b.Times), fmt.Sprintf("--still=%v", b.Still))
		path, err := os.Executable()
		if err != nil {
			path = os.Args[0]
		}
		command := exec.CommandContext(ctx, path)
		command.Args = append([]string{os.Args[0]}, words...)
		return command
	}
}

func (a *app) doctorText(r *doctor.Report) {
	name := r.Scenario
	if r.Mistake != "" {
		name += ", with the mistake " + r.Mistake
	}
	fmt.Fprintf(a.out, "%s: one seed is one run: %s\n", name, a.paint.verdict(r.Verdict()))
	if r.Seeds > 0 {
		places := append([]string{"in this process"}, namesOf(r.Processes)...)
		fmt.Fprintf(a.out, "%s did the same each time: %s.\n", countOf(r.Seeds, "seed"), strings.Join(places, ", "))
	}
	if r.Interrupted {
		fmt.Fprintln(a.out, "It was called off before it was done.")
	}
	if r.Finding != nil {
		fmt.Fprintf(a.out, "\n%v", r.Finding)
	}
}

// namesOf names the conditions under which runs were the same.
func namesOf(processes []doctor.Conditions) []string {
	var names []string
	for _, c := range processes {
		names = append(names, c.String())
	}
	return names
}

func countOf(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return comma(n) + " " + what + "s"
}

// doctorProgress shows on a terminal how far an examination is.
type doctorProgress struct {
	bar *progressbar.ProgressBar // nil where nobody watches
}

func (a *app) newDoctorProgress(seeds uint64) doctorProgress {
	if !isTerminal(a.err) {
		return doctorProgress{}
	}
	return doctorProgress{progressbar.NewOptions64(int64(seeds),
		progressbar.OptionSetWriter(a.err), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(20),
		progressbar.OptionThrottle(redraw), progressbar.OptionSetElapsedTime(true))}
}

func (p doctorProgress) show(done, all uint64) {
	if p.bar != nil {
		p.bar.ChangeMax64(int64(all))
		_ = p.bar.Set64(int64(done)) // a picture that can't be drawn is missed by nobody
	}
}

func (p doctorProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
