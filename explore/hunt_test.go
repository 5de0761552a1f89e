package explore_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

func run(t *testing.T, h explore.Hunt) *explore.Report {
	t.Helper()
	report, err := h.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// finding is what of a report must not depend on who looks.
type finding struct {
	Runs     uint64
	Failures []explore.Failure
	Digest   sim.Hash
	Counts   sim.Counts
}

func findingOf(r *explore.Report) finding { return finding{r.Runs, r.Failures, r.Digest, r.Counts} }

func TestAHuntFindsTheSameHoweverManyLook(t *testing.T) {
	for _, keepGoing := range []bool{false, true} {
		want := findingOf(run(t, explore.Hunt{Scenario: coin(nil), Seeds: 1000, Workers: 1, KeepGoing: keepGoing}))
		if len(want.Failures) == 0 || !keepGoing && len(want.Failures) != 1 {
			t.Fatalf("keep going %v: one worker found %d failures", keepGoing, len(want.Failures))
		}
		for _, workers := range []int{2, 8} {
			got := findingOf(run(t, explore.Hunt{Scenario: coin(nil), Seeds: 1000, Workers: workers, KeepGoing: keepGoing}))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("keep going %v, %d workers (-one worker +got):\n%s", keepGoing, workers, diff)
			}
		}
	}
}

func TestAHuntThatKeepsGoingFindsEveryFailure(t *testing.T) {
	scenario := coin(nil)
	var want []uint64
	for seed := range uint64(500) {
		result, err := scenario.Run(experiment.Config{Seed: 1000 + seed})
		if err != nil {
			t.Fatal(err)
		}
		if result.Verdict == checkers.Violated {
			want = append(want, 1000+seed)
		}
	}
	report := run(t, explore.Hunt{Scenario: scenario, From: 1000, Seeds: 500, KeepGoing: true})
	var got []uint64
	for _, f := range report.Failures {
		got = append(got, f.Seed)
		if f.AfterRuns != f.Seed-1000+1 {
			t.Errorf("seed %d failed after %d runs", f.Seed, f.AfterRuns)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || report.Runs != 500 {
		t.Errorf("%d runs; failing seeds (-one by one +hunted):\n%s", report.Runs, diff)
	}
}

// Hunts of two halves have digests that together are the digest of the whole.
func TestDigestsOfSeparateRangesMerge(t *testing.T) {
	whole := run(t, explore.Hunt{Scenario: coin(nil), Seeds: 100, KeepGoing: true})
	first := run(t, explore.Hunt{Scenario: coin(nil), Seeds: 40, KeepGoing: true})
	second := run(t, explore.Hunt{Scenario: coin(nil), From: 40, Seeds: 60, KeepGoing: true})
	if merged := first.Digest ^ second.Digest; merged != whole.Digest {
		t.Errorf("digests %v and %v of the halves merge to %v, and the whole has %v", first.Digest, second.Digest, merged, whole.Digest)
	}
}

func TestAHuntSaysWhatNeverCameUp(t *testing.T) {
	report := run(t, explore.Hunt{Scenario: coin(nil), Seeds: 100, KeepGoing: true})
	if got := report.Silent(); !slices.Equal(got, []string{"a hundred heads in a row"}) {
		t.Errorf("silent: %q", got)
	}
}

func TestAHuntThatIsCalledOffKeepsWhatItHas(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h := explore.Hunt{Scenario: coin(nil), KeepGoing: true, Progress: func(r *explore.Report) {
		if r.Runs == 300 {
			cancel()
		}
	}}
	report, err := h.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if report.Runs < 300 || len(report.Failures) == 0 || report.Verdict() != checkers.Violated {
		t.Errorf("%d runs, %d failures, %v", report.Runs, len(report.Failures), report.Verdict())
	}
}

func TestAHuntThatIsCalledOffWithoutAFailureIsUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report, err := explore.Hunt{Scenario: coin(nil), Seeds: 5}.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Interrupted || report.Verdict() != checkers.Unknown {
		t.Errorf("interrupted %v, verdict %v", report.Interrupted, report.Verdict())
	}
}

func TestAHuntWhoseTimeIsUpIsDone(t *testing.T) {
	ctx, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	report, err := explore.Hunt{Scenario: coin(nil)}.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if report.Interrupted {
		t.Error("it is reported as called off")
	}
	if report.Runs == 0 && report.Verdict() != checkers.Unknown {
		t.Errorf("%v after no run at all", report.Verdict())
	}
}

func TestARunThatComputesForEverIsReported(t *testing.T) {
	var spinning atomic.Bool
	spinning.Store(true)
	defer spinning.Store(false)
	report := run(t, explore.Hunt{Scenario: coin(&spinning), Config: experiment.Config{Mistake: "coin.spin"}, Stuck: time.Millisecond, Workers: 1})
	if !report.Stuck || len(report.Failures) != 1 {
		t.Fatalf("stuck %v, failures %v", report.Stuck, report.Failures)
	}
	v := report.Failures[0].Violations[0]
	if v.Checker != "event limit" || !strings.Contains(v.Message, "thrower).Start") {
		t.Errorf("the report does not say where:\n%s: %s", v.Checker, v.Message)
	}
}

func TestAHuntThatMakesNoSenseSaysSo(t *testing.T) {
	_, err := explore.Hunt{Scenario: coin(nil), Config: experiment.Config{Mistake: "coin.edge"}, Seeds: 100}.Run(t.Context())
	var unknown *experiment.UnknownError
	if !errors.As(err, &unknown) || unknown.Name != "coin.edge" {
		t.Errorf("the error is %v", err)
	}
}

// BenchmarkHunt measures whole runs of the raft scenario as a hunt makes them,
// with one worker and with one for each core; their ratio is what a second
// core is worth.
func BenchmarkHunt(b *testing.B) {
	raft, _ := scenarios.Find("raft")
	for name, workers := range map[string]int{"1-worker": 1, "all-cores": 0} {
		b.Run(name, func(b *testing.B) {
			report, err := explore.Hunt{Scenario: raft, Seeds: uint64(b.N), Workers: workers, KeepGoing: true}.Run(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(report.RunsPerSecond(), "runs/s")
		})
	}
}
