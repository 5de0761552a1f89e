package doctor_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"seedbed.example/checkers"
	"seedbed.example/doctor"
	"seedbed.example/experiment"
)

// TestMain lets this program, in a process of its own, make the runs of a
// planted scenario, or pretend to be tests that are examined.
func TestMain(m *testing.M) {
	if what := os.Getenv("DOCTOR_TEST_PRETEND"); what != "" {
		os.Exit(pretend(what))
	}
	name := os.Getenv("DOCTOR_TEST_PLANTED")
	if name == "" {
		os.Exit(m.Run())
	}
	i := slices.IndexFunc(allPlanted, func(p planted) bool { return p.name == name })
	says := allPlanted[i].wrong
	if os.Getenv("DOCTOR_TEST_TWIN") != "" {
		says = allPlanted[i].right
	}
	var b doctor.Batch
	if _, err := fmt.Sscan(os.Getenv("DOCTOR_TEST_BATCH"), &b.From, &b.Seeds, &b.Times, &b.Still); err != nil {
		panic(err)
	}
	run := func() {
		if err := b.Make(allPlanted[i].scenario(says), experiment.Config{}, func(l doctor.Line) { fmt.Println(l) }); err != nil {
			panic(err)
		}
	}
	if b.Still {
		doctor.StandStill(run)
	}
	run()
}

// elsewhere calls this program for the runs of a planted scenario.
func (p planted) elsewhere(twin bool) func(context.Context, doctor.Batch) *exec.Cmd {
	return func(ctx context.Context, b doctor.Batch) *exec.Cmd {
		command := exec.CommandContext(ctx, os.Args[0])
		command.Env = append(os.Environ(), "DOCTOR_TEST_PLANTED="+p.name, fmt.Sprint("DOCTOR_TEST_BATCH=", b.From, " ", b.Seeds, " ", b.Times, " ", b.Still))
		if twin {
			command.Env = append(command.Env, "DOCTOR_TEST_TWIN=1")
		}
		return command
	}
}

func examine(t *testing.T, e doctor.Examination) *doctor.Report {
	t.Helper()
	report, err := e.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestWhatIsNotAFunctionOfTheSeedIsFoundAndNamed(t *testing.T) {
	for _, p := range allPlanted {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			report := examine(t, doctor.Examination{Scenario: p.scenario(p.wrong), From: 7, Seeds: 5, Elsewhere: p.elsewhere(false)})
			f := report.Finding
			if f == nil {
				t.Fatal("nothing is found")
			}
			if !slices.Contains(p.causes, f.Cause) || report.Verdict() != checkers.Violated {
				t.Errorf("cause %q, want one of %q; %v\n%v", f.Cause, p.causes, report.Verdict(), f)
				for _, s := range f.Samples {
					t.Log(s.Conditions, s.Hashes)
				}
			}
		})
	}
}

func TestTheCorrectTwinOfEachIsOneRun(t *testing.T) {
	for _, p := range allPlanted {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			report := examine(t, doctor.Examination{Scenario: p.scenario(p.right), From: 7, Seeds: 5, Elsewhere: p.elsewhere(true)})
			if report.Finding != nil || report.Verdict() != checkers.Holds || report.Seeds != 5 || len(report.Processes) != 3 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// Without other processes less can be told, and what is told is not wrong.
func TestInOneProcessACauseIsNamedAsFarAsItCanBe(t *testing.T) {
	for name, want := range map[string][]doctor.Cause{
		"the order of a map":                    {doctor.Order},
		"the order of a sync.Map":               {doctor.Order},
		"the wall clock in a decision":          {doctor.WallClock},
		"goroutines":                            {doctor.Goroutines, doctor.Order},
		"a package's variable that is set once": {doctor.KeptState},
		"a package's variable":                  {doctor.Randomness},
		"math/rand/v2":                          {doctor.Randomness},
		"a log that draws":                      {doctor.Recording},
		"an address in a message":               {doctor.Address},
	} {
		t.Run(name, func(t *testing.T) {
			begun.Store(false)
			p := allPlanted[slices.IndexFunc(allPlanted, func(p planted) bool { return p.name == name })]
			var seen []doctor.Line
			report := examine(t, doctor.Examination{
				Scenario: p.scenario(p.wrong), Seeds: 20, Seen: func(l doctor.Line) { seen = append(seen, l) },
				Still: func(f func()) { synctest.Test(t, func(*testing.T) { f() }) },
			})
			if f := report.Finding; f == nil || !slices.Contains(want, f.Cause) {
				t.Errorf("want %q:\n%v", want, f)
			}
			if uint64(len(seen)) != report.Seeds+1 {
				t.Errorf("seen: %v", seen)
			}
		})
	}
}

func TestAnExaminationThatIsCalledOffIsUndecided(t *testing.T) {
	p := allPlanted[0]
	ctx, stop := context.WithCancel(t.Context())
	var shown []uint64
	report, err := doctor.Examination{Scenario: p.scenario(p.right), Seeds: 100, Elsewhere: p.elsewhere(true), Progress: func(done, all uint64) {
		shown = append(shown, all)
		if done == 10 {
			stop()
		}
	}}.Run(ctx)
	if err != nil || !report.Interrupted || report.Seeds != 10 || report.Verdict() != checkers.Unknown || shown[0] != 400 {
		t.Errorf("%+v, %v, progress of %v", report, err, shown)
	}
}

func TestRunsElsewhereThatFailAreAnError(t *testing.T) {
	p := allPlanted[0]
	_, err := doctor.Examination{Scenario: p.scenario(p.right), Seeds: 1, Elsewhere: func(ctx context.Context, _ doctor.Batch) *exec.Cmd {
		return exec.CommandContext(ctx, os.Args[0], "-no-such-flag")
	}}.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "no-such-flag") {
		t.Error(err)
	}
}
