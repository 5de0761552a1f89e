package doctor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/doctor"
	"seedbed.example/sim"
)

// pretend is what this program does when it is called as tests that are
// examined, by what it is asked for.
func pretend(what string) int {
	hash := sim.Hash(1)
	switch what {
	case "nothing":
		fmt.Println("no tests to run")
		return 0
	case "threads":
		hash = sim.Hash(runtime.GOMAXPROCS(0))
	case "process":
		hash = sim.Hash(os.Getpid())
	}
	for _, name := range []string{"TestA", "TestB"} {
		for seed := range 3 {
			if err := doctor.Tell(doctor.Line{Seed: uint64(seed), Hash: hash, Name: name}); err != nil {
				panic(err)
			}
		}
	}
	if what == "failure" && runtime.GOMAXPROCS(0) == 2 {
		fmt.Println("asked for", os.Getenv(doctor.SeedsVariable), "seeds")
		return 1
	}
	return 0
}

func pretending(what string) func(context.Context) *exec.Cmd {
	return func(ctx context.Context) *exec.Cmd {
		command := exec.CommandContext(ctx, os.Args[0])
		command.Env = append(os.Environ(), "DOCTOR_TEST_PRETEND="+what)
		return command
	}
}

func examineTests(t *testing.T, what string) *doctor.TestsReport {
	t.Helper()
	report, err := doctor.Tests{Seeds: 3, Command: pretending(what)}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTestsThatAgreeOnAllThreadsHold(t *testing.T) {
	want := &doctor.TestsReport{Runs: 6, Processes: []doctor.Conditions{{Threads: 1}, {Threads: 2}, {Threads: 8}}}
	got := examineTests(t, "same")
	if diff := cmp.Diff(want, got); diff != "" || got.Verdict() != checkers.Holds {
		t.Errorf("%v (-want +got):\n%s", got.Verdict(), diff)
	}
}

func TestASeedThatDiffersBetweenProcessesIsNamed(t *testing.T) {
	for what, cause := range map[string]doctor.Cause{"threads": doctor.ThreadCount, "process": doctor.OwnProcess} {
		report := examineTests(t, what)
		p := report.Parted
		if p == nil || p.Name != "TestA" || p.Seed != 0 || p.Cause != cause || p.On != [2]doctor.Conditions{{Threads: 1}, {Threads: 2}} || report.Verdict() != checkers.Violated {
			t.Fatalf("%s: %v, %+v", what, report.Verdict(), p)
		}
		if text := p.String(); !strings.Contains(text, "Seed 0 of TestA is not one run:\n  on one thread: [") || slices.Equal(p.Hashes[0], p.Hashes[1]) {
			t.Errorf("%s: %s", what, text)
		}
	}
}

func TestTestsThatFailAreShown(t *testing.T) {
	report := examineTests(t, "failure")
	want := &doctor.Failed{Conditions: doctor.Conditions{Threads: 2}, Output: "asked for 3 seeds\n"}
	if diff := cmp.Diff(want, report.Failed); diff != "" || report.Verdict() != checkers.Violated {
		t.Errorf("%v (-want +got):\n%s", report.Verdict(), diff)
	}
}

func TestTestsThatTellNothingAreNotExamined(t *testing.T) {
	_, err := doctor.Tests{Seeds: 3, Command: pretending("nothing")}.Run(t.Context())
	if !errors.Is(err, doctor.ErrNoRuns) || !strings.Contains(err.Error(), "no tests to run") {
		t.Error(err)
	}
}

func TestTestsThatAreCalledOffAreUndecided(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	report, err := doctor.Tests{Seeds: 3, Command: pretending("same"), Progress: func(c doctor.Conditions) {
		if c.Threads == 2 {
			stop()
		}
	}}.Run(ctx)
	if err != nil || !report.Interrupted || report.Verdict() != checkers.Unknown || len(report.Processes) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}
