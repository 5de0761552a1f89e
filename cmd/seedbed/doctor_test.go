package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/doctor"
	"seedbed.example/sim"
)

// No scenario that there is takes two courses, so a report is made up.
func TestAFindingIsToldAndEndsTheProgramAsAViolation(t *testing.T) {
	var out strings.Builder
	a := &app{out: &out, paint: newPalette(&out)}
	event := func(node sim.NodeID) []sim.TraceEvent {
		return []sim.TraceEvent{{ID: 2, Cause: 1, Kind: sim.SendEvent, Node: node, Peer: 3, Name: "Vote", Detail: "term 1"}}
	}
	report := &doctor.Report{Scenario: "toy", From: 5, Wanted: 10, Seeds: 2, Finding: &doctor.Finding{
		Seed: 7, Where: "in this process", Cause: doctor.Order, Why: "It looks so.",
		Difference: &doctor.Difference{Same: 1, Before: []sim.TraceEvent{{ID: 1, Kind: sim.BootEvent, Node: 1, Name: "a"}}, First: event(1), Second: event(2)},
	}}
	a.exitWith(report.Verdict())
	a.doctorText(report)
	want := `toy: one seed is one run: violated
2 seeds did the same each time: in this process.

Seed 7 is not one run: in this process it took another course.
Likely cause: order. It looks so.
The same things happen in another order: that of ranging over a map, as a rule, else of a sync.Map, of a select with several channels ready, or of an unstable sort. Sort the keys first.

The two runs part at event 2 (- in one run, + in the other):
            0s  1  boot a
-           0s  1 -> 3  send Vote: term 1
+           0s  2 -> 3  send Vote: term 1
`
	if diff := cmp.Diff(want, out.String()); diff != "" || a.code != exitViolated {
		t.Errorf("exit code %d (-want +got):\n%s", a.code, diff)
	}
}

func TestTestsThatHoldSayOnHowManyThreads(t *testing.T) {
	var out strings.Builder
	a := &app{out: &out, paint: newPalette(&out)}
	a.doctorTestsText("./consensus", &doctor.TestsReport{Runs: 1, Processes: []doctor.Conditions{{Threads: 1}, {Threads: 2}}})
	want := "./consensus: one seed is one run: holds\n1 run did the same each time: on one thread, on 2 threads.\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
