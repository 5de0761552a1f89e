package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"seedbed.example/checkers"
	"seedbed.example/sim"
)

// The environment by which tests are asked to be examined. A test that runs
// scenarios looks for SeedsVariable, a number of seeds: it then examines so many
// with [Examination], fails with the [Finding] if there is one, and hands each
// [Line] to [Tell].
const (
	SeedsVariable = "SEEDBED_DOCTOR"
	OutVariable   = "SEEDBED_DOCTOR_OUT" // the file that lines are appended to
)

// Tell appends a line to the file that the environment names, if it does.
func Tell(l Line) error {
	path := os.Getenv(OutVariable)
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, l)
	return errors.Join(err, file.Close())
}

// Tests says which tests are to be examined, and how.
type Tests struct {
	Seeds uint64
	// Command runs the tests: go test, as a rule.
	Command func(ctx context.Context) *exec.Cmd
	// Progress is told, if it is not nil, before each run of the tests.
	Progress func(Conditions)
}

// A TestsReport is what an examination of tests has come to.
type TestsReport struct {
	Runs        int          `json:"runs"`      // that were compared, in each process
	Processes   []Conditions `json:"processes"` // in which the tests passed
	Failed      *Failed      `json:"failed"`    // the tests failed: what they found themselves, or something else
	Parted      *Parted      `json:"parted"`    // a seed that went another way in another process
	Interrupted bool         `json:"interrupted"`
}

// A Failed is a failure of tests while they were examined.
type Failed struct {
	Conditions
	Output string `json:"output"`
}

// A Parted is a seed that differs between processes.
type Parted struct {
	Name   string        `json:"name"` // of the test, if it told
	Seed   uint64        `json:"seed"`
	On     [2]Conditions `json:"on"`
	Hashes [2][]sim.Hash `json:"hashes"` // of its runs in each process, sorted
	Cause  Cause         `json:"cause"`
}

// Verdict is what the examination as a whole came to.
func (r *TestsReport) Verdict() checkers.Verdict {
	switch {
	case r.Failed != nil || r.Parted != nil:
		return checkers.Violated
	case r.Interrupted:
		return checkers.Unknown
	default:
		return checkers.Holds
	}
}

// String tells what differs, for people.
func (p *Parted) String() string {
	name := ""
	if p.Name != "" {
		name = " of " + p.Name
	}
	return fmt.Sprintf("Seed %d%s is not one run:\n  %v: %v\n  %v: %v\nLikely cause: %s. %s",
		p.Seed, name, p.On[0], p.Hashes[0], p.On[1], p.Hashes[1], p.Cause, advice[p.Cause])
}

// ErrNoRuns says that tests have told of no run.
var ErrNoRuns = errors.New("the tests told of no run that can be compared: want tests that run scenarios with package simtest")

// told is what a process told: the hashes of a seed's runs, sorted, because tests
// may run in any order.
type told map[Line][]sim.Hash // by a line without its hash

// Run lets the tests examine themselves on one, two and eight threads, and
// compares. An error means that there was nothing to compare.
func (t Tests) Run(ctx context.Context) (*TestsReport, error) {
	report := &TestsReport{Processes: []Conditions{}}
	var first told
	for i, n := range threads {
		c := Conditions{Threads: n}
		now, output, err := t.tell(ctx, c)
		switch {
		case ctx.Err() != nil:
			report.Interrupted = true
			return report, nil
		case err != nil:
			return nil, err
		case len(now) == 0:
			return nil, fmt.Errorf("%w\n%s", ErrNoRuns, strings.TrimSpace(output.text))
		case output.failed:
			report.Failed = &Failed{c, output.text}
			return report, nil
		case i == 0:
			first = now
			for _, hashes := range now {
				report.Runs += len(hashes)
			}
		}
		if report.Parted = parted(first, now); report.Parted != nil {
			report.Parted.On = [2]Conditions{{Threads: threads[0]}, c}
			report.Parted.Cause = t.partedBy(ctx, first)
			return report, nil
		}
		report.Processes = append(report.Processes, c)
	}
	return report, nil
}

// partedBy runs the tests once more as they were run first. If they then do the
// same, it was the number of threads.
func (t Tests) partedBy(ctx context.Context, first told) Cause {
	again, _, err := t.tell(ctx, Conditions{Threads: threads[0]})
	if err == nil && parted(first, again) == nil {
		return ThreadCount
	}
	return OwnProcess
}

// parted returns the first seed that differs.
func parted(a, b told) *Parted {
	keys := make(map[Line]bool)
	for line := range a {
		keys[line] = true
	}
	for line := range b {
		keys[line] = true
	}
	inOrder := slices.SortedFunc(maps.Keys(keys), func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Seed, b.Seed))
	})
	for _, line := range inOrder {
		if !slices.Equal(a[line], b[line]) {
			return &Parted{Name: line.Name, Seed: line.Seed, Hashes: [2][]sim.Hash{a[line], b[line]}}
		}
	}
	return nil
}

type testOutput struct {
	text   string
	failed bool
}

// tell runs the tests in a process and reads what they told.
func (t Tests) tell(ctx context.Context, c Conditions) (told, testOutput, error) {
	if t.Progress != nil {
		t.Progress(c)
	}
	file, err := os.CreateTemp("", "seedbed-doctor-*")
	if err != nil {
		return nil, testOutput{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	command := t.Command(ctx)
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = append(c.environment(command.Env),
		"SEEDBED_SEED=", SeedsVariable+"="+strconv.FormatUint(t.Seeds, 10), OutVariable+"="+file.Name())
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, testOutput{}, err
	}
	all := make(told)
	wrong := ReadLines(file, func(l Line) {
		key := Line{Seed: l.Seed, Name: l.Name}
		all[key] = append(all[key], l.Hash)
	})
	for _, hashes := range all {
		slices.Sort(hashes)
	}
	return all, testOutput{string(output), err != nil}, wrong
}
