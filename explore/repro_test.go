package explore_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/scenarios"
)

var rewrite = flag.Bool("rewrite", false, "hunt for the repro files under testdata anew")

// kept is where a run that shows each planted mistake is kept.
const kept = "testdata/repros"

// Each planted mistake has a repro that shows it, and whose correct twin, the
// same run without the mistake, holds.
func TestEveryMistakeIsShownByItsReproAndNotByItsTwin(t *testing.T) {
	for _, scenario := range scenarios.All() {
		for _, mistake := range scenario.Mistakes {
			t.Run(mistake.ID, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(kept, mistake.ID+".repro.json")
				if *rewrite {
					writeRepro(t, scenario, mistake.ID, path)
				}
				repro := readRepro(t, path)
				replay, err := repro.Replay(scenario, false)
				if err != nil {
					t.Fatal(err)
				}
				if !replay.SameTrace || !replay.SameViolation {
					t.Errorf("same trace: %v, same violation: %v; if the change is meant, run this test with -rewrite", replay.SameTrace, replay.SameViolation)
				}
				if checker := repro.Violation.Checker; !strings.Contains(mistake.SeenBy, checker) {
					t.Errorf("seen by %s, and should be by %s", checker, mistake.SeenBy)
				}
				twin := *repro
				twin.Mistake = ""
				replay, err = twin.Replay(scenario, false)
				if err != nil {
					t.Fatal(err)
				}
				if replay.Result.Verdict != checkers.Holds {
					t.Errorf("without the mistake: %v, %v", replay.Result.Verdict, replay.Result.Violations)
				}
			})
		}
	}
}

// The stories in testdata/byhand have plans that a person wrote, with as few faults
// and operations as the mistake takes; only the seed was looked for. What shrinking
// leaves is compared with them. When runs have changed they are made anew by hunts
// with their plan and parameters.
func TestStoriesByHandShowTheirMistakes(t *testing.T) {
	paths, err := filepath.Glob("testdata/byhand/*.repro.json")
	if err != nil || len(paths) != 10 {
		t.Fatalf("%d stories, %v", len(paths), err)
	}
	for _, path := range paths {
		repro := readRepro(t, path)
		replay, err := repro.Replay(scenarios.Raft(), false)
		if err != nil || !replay.SameViolation {
			t.Errorf("%s: %v, %+v", path, err, replay)
		}
		repro.Mistake = ""
		if twin, err := repro.Replay(scenarios.Raft(), false); err != nil || twin.Result.Verdict != checkers.Holds {
			t.Errorf("%s, without the mistake: %v, %v", path, err, twin.Result.Violations)
		}
	}
}

// Runs that have shown something wrong with a protocol as it was once, and are named
// for it. It is mended, and stays so.
func TestWhatIsMendedStaysSo(t *testing.T) {
	paths, err := filepath.Glob("testdata/mended/*.repro.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		repro := readRepro(t, path)
		scenario, err := scenarios.All().Find(repro.Scenario)
		if err != nil {
			t.Fatal(path, err)
		}
		replay, err := repro.Replay(scenario, false)
		if err != nil || replay.Result.Verdict != checkers.Holds {
			t.Errorf("%s: %v, %+v", path, err, replay)
		}
	}
}

// writeRepro hunts for a run that shows the mistake, and shrinks it.
func writeRepro(t *testing.T, scenario *experiment.Scenario, mistake, path string) {
	config := experiment.Config{Mistake: mistake}
	report, err := explore.Hunt{Scenario: scenario, Config: config, Seeds: 1_000_000}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Failures) == 0 {
		t.Fatalf("%d runs did not show it", report.Runs)
	}
	config.Seed = report.Failures[0].Seed
	small, err := explore.Shrink{Scenario: scenario}.Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	repro := explore.NewRepro(small.Result)
	repro.Versions = explore.Versions{} // the same file, whoever writes it
	var text bytes.Buffer
	if err := repro.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readRepro(t *testing.T, path string) *explore.Repro {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	repro, err := explore.ReadRepro(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return repro
}

// example is a repro with every field in use.
func example() *explore.Repro {
	return &explore.Repro{
		Version: explore.ReproVersion, Scenario: "raft", Parameters: experiment.Values{"nodes": "3", "reads": "log"}, Mistake: "raft.commitOldTerm",
		Seed: 1<<63 + 7, Choices: "zero",
		Overrides: []choice.Override{{Key: choice.Key{Domain: "network loss", Subject: "1->2 AppendEntries", Index: 3}, Value: 999_999}},
		Plan:      faults.Plan{{At: time.Second, For: 300 * time.Millisecond, Fault: faults.Isolate{Node: 2}}, {At: 2 * time.Second, Fault: faults.Loss{Rate: choice.Percent}}},
		Violation: &checkers.Violation{Checker: "linearizability", Message: "a <b> & \"c\"\nsecond line"},
		TraceHash: 0xfedcba9876543210,
	}
}

func text(t testing.TB, r *explore.Repro) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReprosReadAsTheyWrite(t *testing.T) {
	without := example()
	without.Plan, without.Violation, without.Overrides, without.Mistake = nil, nil, nil, ""
	for _, want := range []*explore.Repro{example(), without} {
		got, err := explore.ReadRepro(strings.NewReader(text(t, want)))
		if err != nil {
			t.Fatalf("%v\n%s", err, text(t, want))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-written +read):\n%s", diff)
		}
	}
}

func TestABadReproIsRefusedWithItsLine(t *testing.T) {
	good := text(t, example())
	for name, bad := range map[string]struct{ text, want string }{
		"empty":               {"", "line 1: the file ends in its midst"},
		"cut short":           {good[:len(good)/2], "the file ends in its midst"},
		"not JSON":            {"raft, seed 7\n", "line 1: invalid character 'r'"},
		"another file":        {`{"name":"npm"}`, `line 1: this is no repro`},
		"an array":            {"[]", "line 1: "},
		"newer version":       {strings.Replace(good, `"seedbed-repro": 2`, `"seedbed-repro": 3, "more": true`, 1), "line 1: the repro is of version 3, and this program reads up to 2"},
		"version 0":           {strings.Replace(good, `"seedbed-repro": 2`, `"seedbed-repro": 0`, 1), "line 1: the repro is of version 0"},
		"seed of wrong type":  {strings.Replace(good, `"seed": 9223372036854775815`, `"seed": "seven"`, 1), "line 9: seed is a string: want a whole number"},
		"seed below 0":        {strings.Replace(good, `"seed": 9223372036854775815`, `"seed": -1`, 1), "line 9: seed is a number -1: want a whole number"},
		"hash of wrong form":  {strings.Replace(good, "fedcba9876543210", "fedc", 1), `trace hash "fedc": want 16 hexadecimal digits`},
		"unknown field":       {strings.Replace(good, `"seed":`, `"sed":`, 1), `unknown field "sed"`},
		"no scenario":         {strings.Replace(good, `"raft"`, `""`, 1), `there is no "scenario"`},
		"no plan":             {strings.Replace(good, `"plan"`, `"plan_": 1, "plan"`, 1), "unknown field"},
		"fault in a bad line": {strings.Replace(good, `"node":2`, `"node":"two"`, 1), "line 15: entry 1: isolate: node is a string: want a whole number"},
		"text behind":         {good + "{}", "after top-level value"},
	} {
		t.Run(name, func(t *testing.T) {
			repro, err := explore.ReadRepro(strings.NewReader(bad.text))
			if err == nil {
				t.Fatalf("read as %+v", repro)
			}
			if !strings.Contains(err.Error(), bad.want) || !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("the error is %q, want a line and %q", err, bad.want)
			}
		})
	}
}

func TestAReproOfSomethingUnknownCanNotBeReplayed(t *testing.T) {
	for want, change := range map[string]func(*explore.Repro){
		`there is no mistake "raft.no"`: func(r *explore.Repro) { r.Mistake = "raft.no" },
		`there is no parameter "size"`:  func(r *explore.Repro) { r.Parameters["size"] = "1" },
		`parameter nodes: "many": want`: func(r *explore.Repro) { r.Parameters["nodes"] = "many" },
		`node: 9: want 1 to 3`:          func(r *explore.Repro) { r.Plan[0].Fault = faults.Isolate{Node: 9} },
	} {
		repro := example()
		change(repro)
		if _, err := repro.Replay(scenarios.Raft(), false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
}

func TestAReproIsSavedUnderOneNameAndWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "repros")
	first, err := example().Save(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := example().Save(dir)
	if err != nil || again != first {
		t.Errorf("saved as %s and then as %s, %v", first, again, err)
	}
	other := example()
	other.TraceHash = 1
	if path, err := other.Save(dir); err != nil || path == first {
		t.Errorf("another run was saved as %s, %v", path, err)
	}
	if diff := cmp.Diff(example(), readRepro(t, first)); diff != "" {
		t.Errorf("(-saved +read):\n%s", diff)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("the directory holds %v, %v; want the two repros and nothing else", left, err)
	}
}

func FuzzReadRepro(f *testing.F) {
	f.Add(text(f, example()))
	f.Add(`{"seedbed-repro":1,"scenario":"raft","plan":[],"traceHash":"0000000000000001"}`)
	f.Fuzz(func(t *testing.T, in string) {
		repro, err := explore.ReadRepro(strings.NewReader(in))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Fatalf("no line in %q", err)
			}
			return
		}
		again, err := explore.ReadRepro(strings.NewReader(text(t, repro)))
		if err != nil {
			t.Fatalf("%v\nread again: %s", err, text(t, repro))
		}
		if again.TraceHash != repro.TraceHash || len(again.Plan) != len(repro.Plan) {
			t.Fatalf("read again as %+v", again)
		}
	})
}
