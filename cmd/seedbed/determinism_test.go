package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

// determinismSeeds is how many runs are compared, each with every kind of
// fault that there is to draw.
const determinismSeeds = 200

// One seed is one run: twice in a process, in other processes, on one thread
// and on many. The script .ci/determinism compares further builds: with the
// race detector, and as WebAssembly.
func TestOneSeedIsOneRunEverywhere(t *testing.T) {
	first, second := huntHere(t), huntHere(t)
	if first.Digest != second.Digest || first.Counts != second.Counts {
		t.Fatalf("twice in one process: %v and %v, %+v and %+v", first.Digest, second.Digest, first.Counts, second.Counts)
	}
	for _, kind := range faults.Kinds() {
		if first.Struck[kind.ID] == 0 {
			t.Errorf("no %s struck in any run, so nothing is known of it", kind.ID)
		}
	}
	for _, threads := range []string{"1", "2", "8"} {
		t.Run("GOMAXPROCS="+threads, func(t *testing.T) {
			if got := huntElsewhere(t, "GOMAXPROCS="+threads); got != first.Digest {
				t.Errorf("in another process the hash of all runs is %v, here %v", got, first.Digest)
			}
		})
	}
}

func huntHere(t *testing.T) *explore.Report {
	t.Helper()
	raft, _ := scenarios.Find("raft")
	config := experiment.Config{Parameters: map[string]string{"faults": "chaos"}}
	report, err := explore.Hunt{Scenario: raft, Config: config, Seeds: determinismSeeds, KeepGoing: true}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if report.Runs != determinismSeeds || len(report.Failures) > 0 || len(report.Unknown) > 0 {
		t.Fatalf("%d runs, failures %v, unknown %v", report.Runs, report.Failures, report.Unknown)
	}
	return report
}

// huntElsewhere makes the same runs in a process of its own: this test's
// binary, called by the program's name.
func huntElsewhere(t *testing.T, environment string) sim.Hash {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self)
	command.Args = []string{"seedbed", "hunt", "raft", "--faults", "chaos", "--seeds", strconv.Itoa(determinismSeeds), "--keep-going", "--format", "json"}
	command.Env = append(os.Environ(), environment)
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var object huntObject
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	if object.Runs != determinismSeeds {
		t.Fatalf("the other process made %d runs", object.Runs)
	}
	return object.TraceHash
}
