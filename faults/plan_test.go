package faults_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
	"seedbed.example/faults"
)

var shape = faults.Shape{Nodes: 5, Span: 5 * time.Second, Kinds: []string{"Ask", "Answer"}}

func TestPlansReadAsTheyWrite(t *testing.T) {
	for _, profile := range faults.Profiles() {
		for seed := range choice.Seed(200) {
			plan := profile.Draw(seed, shape)
			var text bytes.Buffer
			if err := plan.WriteJSON(&text); err != nil {
				t.Fatal(err)
			}
			got, err := faults.ReadPlan(&text)
			if err != nil {
				t.Fatalf("%s, seed %d: %v", profile.ID, seed, err)
			}
			if diff := cmp.Diff(plan, got); diff != "" {
				t.Fatalf("%s, seed %d (-written +read):\n%s", profile.ID, seed, diff)
			}
		}
	}
}

func TestADrawnPlanFitsItsWorld(t *testing.T) {
	for _, profile := range faults.Profiles() {
		for nodes := range 9 {
			for seed := range choice.Seed(100) {
				plan := profile.Draw(seed, faults.Shape{Nodes: nodes + 1, Span: 300 * time.Millisecond})
				if err := plan.Check(nodes + 1); err != nil {
					t.Fatalf("%s, %d nodes, seed %d: %v", profile.ID, nodes+1, seed, err)
				}
			}
		}
	}
}

func TestTheBenignPlanIsEmpty(t *testing.T) {
	for _, profile := range faults.Profiles() {
		if plan := profile.Draw(choice.Zero{}, shape); len(plan) > 0 {
			t.Errorf("%s draws %v from a source that answers 0", profile.ID, plan)
		}
	}
}

func TestSwarmDrawsEveryKind(t *testing.T) {
	swarm, _ := faults.FindProfile("swarm")
	drawn := make(map[string]int)
	for seed := range choice.Seed(200) {
		for _, e := range swarm.Draw(seed, shape) {
			drawn[faults.KindOf(e.Fault)]++
		}
	}
	for _, kind := range faults.Kinds() {
		if drawn[kind.ID] == 0 {
			t.Errorf("%s was never drawn in 200 plans", kind.ID)
		}
	}
}

// One seed of a swarm leaves out what another has: otherwise it would be chaos.
func TestSwarmLeavesKindsOut(t *testing.T) {
	swarm, _ := faults.FindProfile("swarm")
	for _, kind := range faults.Kinds() {
		without := 0
		for seed := range choice.Seed(100) {
			if !slices.ContainsFunc(swarm.Draw(seed, shape), func(e faults.Entry) bool { return faults.KindOf(e.Fault) == kind.ID }) {
				without++
			}
		}
		if without < 30 {
			t.Errorf("only %d of 100 plans are without %s", without, kind.ID)
		}
	}
}

func TestABadPlanIsRefusedWithItsLine(t *testing.T) {
	for name, bad := range map[string]struct{ text, want string }{
		"empty file":           {"", "line 1: the file ends in its midst"},
		"cut short":            {"[\n{\"at\":\"1s\",\"for\":\"1s\",\"fault\":\"isolate\",\"node\":1},\n", "line 3: the file ends in its midst"},
		"cut inside an entry":  {"[\n{\"at\":\"1s\",", "line 2: "},
		"not JSON":             {"plan", "line 1: "},
		"an object":            {"{}", "line 1: want a JSON array of faults"},
		"text behind":          {"[]\n\nmore", "line 3: "},
		"unknown fault":        {"[\n\n{\"at\":\"1s\",\"fault\":\"tsunami\"}]", `line 3: entry 1: fault: there is no "tsunami"`},
		"unknown field":        {"[{\"at\":\"1s\",\"fault\":\"pause\",\"nod\":1}]", `line 1: entry 1: pause: unknown field "nod"`},
		"field of wrong type":  {"[\n{\"at\":\"1s\",\"fault\":\"pause\",\"node\":\"one\"}]", "line 2: entry 1: pause: node is a string: want a whole number"},
		"time of wrong type":   {"[{\"at\":1,\"fault\":\"pause\",\"node\":1}]", "line 1: entry 1: at is a number: want a string"},
		"time that is none":    {"[{\"at\":\"soon\",\"fault\":\"pause\",\"node\":1}]", `line 1: entry 1: at: "soon" is not a duration`},
		"rate beyond all":      {"[{\"at\":\"1s\",\"fault\":\"loss\",\"rate\":\"101%\"}]", "line 1: entry 1: loss: "},
		"entry that is a word": {"[\n\"crash\"]", "line 2: entry 1: this is a string: want an object"},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := faults.ReadPlan(strings.NewReader(bad.text))
			if err == nil {
				t.Fatalf("read as %v", plan)
			}
			if !strings.HasPrefix(err.Error(), bad.want) {
				t.Errorf("the error is %q, want %q", err, bad.want)
			}
		})
	}
}

func TestAPlanThatDoesNotFitIsRefused(t *testing.T) {
	for _, bad := range []struct{ text, want string }{
		{`[{"at":"1s","fault":"pause","node":6}]`, "plan entry 1 (pause): node 6: there are nodes 1 to 5"},
		{`[{"at":"-1s","fault":"pause","node":1}]`, "plan entry 1 (pause): at -1s for 0s: want times of 0 or more"},
		{`[{"at":"1s","fault":"clog","from":1,"to":2}]`, "plan entry 1 (clog): want for how long, above 0"},
		{`[{"at":"1s","fault":"crash","nodes":[]}]`, "plan entry 1 (crash): nodes: want at least one"},
		{`[{"at":"1s","fault":"crash","nodes":[0]}]`, "plan entry 1 (crash): node: missing, or 0: there are nodes 1 to 5"},
		{`[{"at":"1s","fault":"partition","groups":[[1,2],[2,3]]}]`, "plan entry 1 (partition): groups: node 2 is in more than one"},
		{`[{"at":"1s","fault":"ring","nodes":[1,2]}]`, "plan entry 1 (ring): nodes: a ring needs 3, not 2"},
		{`[{"at":"1s","fault":"clockdrift","node":1,"ppm":300000}]`, "plan entry 1 (clockdrift): ppm: 300000: want -200000 to 200000"},
		{`[{"at":"1s","fault":"point","node":1,"times":1,"sends":"Ask","then":"explode","nodes":[1]}]`, `plan entry 1 (point): then: "explode": want one of [crash pause]`},
		{`[{"at":"1s","fault":"loss"}]`, "plan entry 1 (loss): rate: missing, or 0%: want above 0% and up to 100%"},
		{`[{"at":"1s","fault":"isolate"}]`, "plan entry 1 (isolate): node: missing, or 0: there are nodes 1 to 5"},
		{`[{"at":"1s","fault":"mute","node":1}]`, "plan entry 1 (mute): kinds: want at least one kind of message"},
		{`[{"at":"1s","fault":"bandwidth"}]`, "plan entry 1 (bandwidth): bytesPerSecond: 0: want 1 or more"},
	} {
		plan, err := faults.ReadPlan(strings.NewReader(bad.text))
		if err != nil {
			t.Errorf("%s: %v", bad.text, err)
			continue
		}
		if err := plan.Check(5); err == nil || !strings.HasPrefix(err.Error(), bad.want) {
			t.Errorf("%s: the error is %v, want %q", bad.text, err, bad.want)
		}
	}
}

func FuzzReadPlan(f *testing.F) {
	swarm, _ := faults.FindProfile("swarm")
	for seed := range choice.Seed(3) {
		var text bytes.Buffer
		if err := swarm.Draw(seed, shape).WriteJSON(&text); err != nil {
			f.Fatal(err)
		}
		f.Add(text.String())
	}
	f.Add(`[{"at":"1s","fault":"pause","node":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := faults.ReadPlan(strings.NewReader(text))
		if err != nil || plan.Check(5) != nil {
			return
		}
		var first bytes.Buffer
		if err := plan.WriteJSON(&first); err != nil {
			t.Fatal(err)
		}
		again, err := faults.ReadPlan(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("%v\nread again: %s", err, first.String())
		}
		if diff := cmp.Diff(plan, again); diff != "" {
			t.Fatalf("(-read +read again):\n%s", diff)
		}
	})
}
