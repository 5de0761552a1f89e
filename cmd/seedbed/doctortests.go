package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/doctor"
)

// isPath reports whether what is to be examined is a package, as opposed to a
// scenario.
func isPath(target string) bool {
	return strings.HasPrefix(target, ".") || filepath.IsAbs(target)
}

// doctorTestsObject is an examination of tests as JSON.
type doctorTestsObject struct {
	Package string           `json:"package"`
	Seeds   uint64           `json:"seeds"` // of each test
	Verdict checkers.Verdict `json:"verdict"`
	*doctor.TestsReport
}

// doctorTests lets the tests of a package examine themselves.
func (a *app) doctorTests(c *cobra.Command, path string, seeds uint64) error {
	for _, flag := range []string{"mistake", "faults", "nodes", "set", "from"} {
		if c.Flags().Changed(flag) {
			return fmt.Errorf("--%s is for scenarios: the tests of %s say themselves what they run", flag, path)
		}
	}
	tests := doctor.Tests{Seeds: seeds, Command: func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, "go", "test", "-count=1", path)
	}}
	if isTerminal(a.err) {
		tests.Progress = func(c doctor.Conditions) { fmt.Fprintf(a.err, "go test %s %v ...\n", path, c) }
	}
	report, err := tests.Run(c.Context())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	a.exitWith(report.Verdict())
	if a.json() {
		a.print(doctorTestsObject{path, seeds, report.Verdict(), report})
	} else {
		a.doctorTestsText(path, report)
	}
	return nil
}

func (a *app) doctorTestsText(path string, r *doctor.TestsReport) {
	fmt.Fprintf(a.out, "%s: one seed is one run: %s\n", path, a.paint.verdict(r.Verdict()))
	if len(r.Processes) > 0 {
		fmt.Fprintf(a.out, "%s did the same each time: %s.\n", countOf(uint64(r.Runs), "run"), strings.Join(namesOf(r.Processes), ", "))
	}
	switch {
	case r.Interrupted:
		fmt.Fprintln(a.out, "It was called off before it was done.")
	case r.Failed != nil:
		fmt.Fprintf(a.out, "\nThe tests fail %v:\n%s", r.Failed.Conditions, r.Failed.Output)
	case r.Parted != nil:
		fmt.Fprintf(a.out, "\n%v\n", r.Parted)
	}
}
