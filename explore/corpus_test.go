package explore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
)

// keep writes the repro of a run of the scenario coin, after change, into dir.
func keep(t *testing.T, dir, name string, seed uint64, change func(r *explore.Repro)) {
	t.Helper()
	result, err := coin(nil).Run(experiment.Config{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	repro := explore.NewRepro(result)
	if change != nil {
		change(repro)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text(t, repro)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// failing returns the first seeds of the scenario coin that fail.
func failing(t *testing.T, most int) []uint64 {
	t.Helper()
	report := run(t, explore.Hunt{Scenario: coin(nil), Seeds: 1000, KeepGoing: true})
	var seeds []uint64
	for _, f := range report.Failures[:most] {
		seeds = append(seeds, f.Seed)
	}
	return seeds
}

func TestACorpusIsRunAndSaysWhatStillShows(t *testing.T) {
	dir := t.TempDir()
	bad := failing(t, 3)
	good := bad[0] + 1
	keep(t, dir, "a-shows.repro.json", bad[0], nil)
	keep(t, dir, "b-mended.repro.json", good, func(r *explore.Repro) { r.Violation = &checkers.Violation{Checker: "coin"} })
	keep(t, dir, "c-by-another-course.repro.json", bad[1], func(r *explore.Repro) { r.TraceHash++ })
	keep(t, dir, "d-holds.repro.json", good, nil)
	keep(t, dir, "e-held-once.repro.json", bad[2], func(r *explore.Repro) { r.Violation = nil })
	keep(t, dir, "f-elsewhere.repro.json", good, func(r *explore.Repro) { r.Scenario = "raft" })
	keep(t, dir, "notes.json", good, func(r *explore.Repro) { r.Scenario = "" })
	corpus, err := explore.OpenCorpus(dir, coin(nil))
	if err != nil {
		t.Fatal(err)
	}
	report := run(t, explore.Hunt{Scenario: coin(nil), Strategy: "replay", Corpus: corpus, KeepGoing: true})
	var got []string
	for _, k := range corpus.Kept {
		line := filepath.Base(k.Path) + " " + string(k.Verdict)
		for _, fact := range []struct {
			what string
			is   bool
		}{{"ran", k.Ran}, {"violation", k.SameViolation}, {"trace", k.SameTrace}} {
			if !fact.is {
				line += ", not " + fact.what
			}
		}
		got = append(got, line)
	}
	want := []string{
		"a-shows.repro.json violated",
		"b-mended.repro.json holds, not violation",
		"c-by-another-course.repro.json violated, not trace",
		"d-holds.repro.json holds",
		"e-held-once.repro.json violated, not violation",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if corpus.Others != 1 || corpus.Showing() != 2 || report.Runs != 5 || len(report.Failures) != 3 {
		t.Errorf("%d of other scenarios, %d showing; %d runs, %d failures", corpus.Others, corpus.Showing(), report.Runs, len(report.Failures))
	}
}

func TestACorpusThatCanNotBeReadIsNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cut.repro.json"), []byte(`{"seedbed-repro"`), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "cut.repro.json: line 1: ", filepath.Join(dir, "missing"): "missing"} {
		if _, err := explore.OpenCorpus(path, coin(nil)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %q", path, err, want)
		}
	}
}

func TestReplayWithoutACorpusSaysWhatItWants(t *testing.T) {
	_, err := explore.Hunt{Scenario: coin(nil), Strategy: "replay"}.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "--corpus") {
		t.Errorf("the error is %v", err)
	}
}

func TestAnEmptyCorpusIsNoHunt(t *testing.T) {
	corpus, err := explore.OpenCorpus(t.TempDir(), coin(nil))
	if err != nil {
		t.Fatal(err)
	}
	report := run(t, explore.Hunt{Scenario: coin(nil), Strategy: "replay", Corpus: corpus})
	if report.Runs != 0 || report.Verdict() != checkers.Unknown {
		t.Errorf("%d runs, %v", report.Runs, report.Verdict())
	}
}
