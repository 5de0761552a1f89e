package faults_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/faults"
)

var shape = faults.Shape{Nodes: 5, Span: 5 * time.Second, Kinds: []string{"Ask", "Answer"}, Points: []string{"asked", "answered"}, Alternatives: []string{"ask twice", "answer late"}}

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
				shape := faults.Shape{Nodes: nodes + 1, Span: 300 * time.Millisecond, Points: []string{"asked"}, Alternatives: []string{"ask twice"}}
				plan := profile.Draw(seed, shape)
				if err := plan.Check(shape); err != nil {
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
		"empty file":                {"", "line 1: the file ends in its midst"},
		"cut short":                 {"[\n{\"at\":\"1s\",\"for\":\"1s\",\"fault\":\"isolate\",\"node\":1},\n", "line 3: the file ends in its midst"},
		"cut inside an entry":       {"[\n{\"at\":\"1s\",", "line 2: "},
		"not JSON":                  {"plan", "line 1: "},
		"an object":                 {"{}", "line 1: want a JSON array of faults"},
		"text behind":               {"[]\n\nmore", "line 3: "},
		"unknown fault":             {"[\n\n{\"at\":\"1s\",\"fault\":\"tsunami\"}]", `line 3: entry 1: fault: there is no "tsunami"`},
		"unknown field":             {"[{\"at\":\"1s\",\"fault\":\"pause\",\"nod\":1}]", `line 1: entry 1: pause: unknown field "nod"`},
		"field of wrong type":       {"[\n{\"at\":\"1s\",\"fault\":\"pause\",\"node\":\"one\"}]", "line 2: entry 1: pause: node is a string: want a whole number"},
		"time of wrong type":        {"[{\"at\":1,\"fault\":\"pause\",\"node\":1}]", "line 1: entry 1: at is a number: want a string"},
		"time that is none":         {"[{\"at\":\"soon\",\"fault\":\"pause\",\"node\":1}]", `line 1: entry 1: at: "soon" is not a duration`},
		"rate beyond all":           {"[{\"at\":\"1s\",\"fault\":\"loss\",\"rate\":\"101%\"}]", "line 1: entry 1: loss: "},
		"field that is there twice": {"[\n{\"at\":\"1s\",\n\"fault\":\"pause\",\"node\":1,\"Node\":2}]", "line 2: entry 1: Node: it is there twice"},
		"time that is there twice":  {"[{\"at\":\"1s\",\"at\":\"2s\",\"fault\":\"pause\",\"node\":1}]", "line 1: entry 1: at: it is there twice"},
		"latency that is none":      {"[{\"at\":\"1s\",\"fault\":\"latency\",\"model\":\"slow\"}]", "line 1: entry 1: latency: latency \"slow\": want one of: constant 1ms;"},
		"entry that is a word":      {"[\n\"crash\"]", "line 2: entry 1: this is a string: want an object"},
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
		{`{"at":"1s","fault":"pause","node":6}`, "pause): node: 6: want 1 to 5"},
		{`{"at":"-1s","fault":"pause","node":1}`, "pause): at: -1s: want 0s to 876000h"},
		{`{"at":"1s","for":"-1s","fault":"pause","node":1}`, "pause): for: -1s: want 0s to 876000h"},
		{`{"at":"5s","fault":"pause","node":1}`, "pause): at: 5s: want less than 5s, when faults are over"},
		{`{"at":"1s","fault":"clog","from":1,"to":2}`, "clog): for: missing, or 0s: want above 0s, up to 876000h"},
		{`{"at":"1s","for":"1s","fault":"clog","from":1,"to":1}`, "clog): to: 1 is from too: want another node"},
		{`{"at":"1s","fault":"crash","nodes":[]}`, "crash): nodes: missing, or empty: want nodes 1 to 5, each once"},
		{`{"at":"1s","fault":"crash","nodes":[0]}`, "crash): nodes: 0: want nodes 1 to 5, each once"},
		{`{"at":"1s","fault":"crash","nodes":[1,2,1]}`, "crash): nodes: node 1 is there twice: want nodes 1 to 5, each once"},
		{`{"at":"1s","fault":"partition"}`, "partition): groups: missing, or empty: want nodes 1 to 5, each once"},
		{`{"at":"1s","fault":"partition","groups":[[1,2],[2,3]]}`, "partition): groups: node 2 is in more than one"},
		{`{"at":"1s","fault":"partition","groups":[[1,2],[3,9]]}`, "partition): groups: 9: want nodes 1 to 5, each once"},
		{`{"at":"1s","fault":"partition","groups":[[1,2],[]]}`, "partition): groups: number 2 is empty"},
		{`{"at":"1s","fault":"oneway","from":[1]}`, "oneway): to: missing, or empty: want nodes 1 to 5, each once"},
		{`{"at":"1s","fault":"bridge","left":[1,2],"right":[2,3],"node":4}`, "bridge): right: node 2 is in left too"},
		{`{"at":"1s","fault":"bridge","left":[1,2],"right":[3],"node":3}`, "bridge): node: 3 is on one of the sides: want another"},
		{`{"at":"1s","fault":"ring","nodes":[1,2]}`, "ring): nodes: a ring needs 3, not 2"},
		{`{"at":"1s","fault":"clockdrift","node":1,"ppm":300000}`, "clockdrift): ppm: 300000: want -200000 to 200000"},
		{`{"at":"1s","fault":"clockoffset","node":1,"by":"1s"}`, "clockoffset): at: 1s: want 0s, because a node boots with its offset; later, it is a clockjump"},
		{`{"at":"1s","fault":"clockjump","node":1,"by":"1000000h"}`, "clockjump): by: 1000000h0m0s: want -876000h to 876000h"},
		{`{"at":"1s","fault":"slow","node":1}`, "slow): perEvent: missing, or 0s: want 1ns to 1h"},
		{`{"at":"1s","fault":"point","node":1,"times":1,"sends":"Ask","then":"explode","nodes":[1],"lasts":"1s"}`, `point): then: "explode": want crash or pause`},
		{`{"at":"1s","fault":"point","node":1,"times":1,"then":"crash","nodes":[1],"lasts":"1s"}`, "point): sends and passes: both are missing: want one"},
		{`{"at":"1s","fault":"point","node":1,"times":1,"sends":"Ask","passes":"asked","then":"crash","nodes":[1],"lasts":"1s"}`, "point): sends and passes: both are there: want one of them"},
		{`{"at":"1s","fault":"point","node":1,"times":1,"passes":"askt","then":"crash","nodes":[1],"lasts":"1s"}`, `point): passes: there is no "askt"; there is: asked, answered`},
		{`{"at":"1s","fault":"buggify","name":"ask","rate":"1%"}`, `buggify): name: there is no "ask"; there is: ask twice, answer late`},
		{`{"at":"1s","fault":"loss"}`, "loss): rate: missing, or 0%: want above 0%, up to 100%"},
		{`{"at":"1s","fault":"loss","rate":"1%","kinds":["Ask","Ask"]}`, `loss): kinds: "Ask" is empty or there twice: want names, each once`},
		{`{"at":"1s","fault":"powerloss"}`, "powerloss): lose and tear: both are missing, or 0%: want one of them above 0%, up to 100%"},
		{`{"at":"1s","fault":"isolate"}`, "isolate): node: missing, or 0: want 1 to 5"},
		{`{"at":"1s","fault":"mute","node":1}`, "mute): kinds: missing, or empty: want names, each once"},
		{`{"at":"1s","fault":"bandwidth"}`, "bandwidth): bytesPerSecond: missing, or 0: want 1 to 1000000000000"},
		{`{"at":"1s","fault":"bandwidth","bytesPerSecond":-1}`, "bandwidth): bytesPerSecond: -1: want 1 to 1000000000000"},
		{`{"at":"1s","fault":"latency"}`, "latency): model: missing, or empty: want such as constant 1ms;"},
	} {
		good := `{"at":"1s","fault":"pause","node":1}`
		plan, err := faults.ReadPlan(strings.NewReader("[" + good + "," + bad.text + "]"))
		if err != nil {
			t.Errorf("%s: %v", bad.text, err)
			continue
		}
		if err := plan.Check(shape); err == nil || !strings.HasPrefix(err.Error(), "plan entry 2 ("+bad.want) {
			t.Errorf("%s: the error is %v, want %q", bad.text, err, bad.want)
		}
	}
}

// A parameter that a plan file can have is one that is listed, with what it is
// for and what it may be.
func TestEachParameterSaysWhatItIsForAndWhatItMayBe(t *testing.T) {
	for _, kind := range faults.Kinds() {
		if kind.Summary == "" || kind.StandsFor == "" || len(kind.Parameters) == 0 && kind.ID != "ordered" {
			t.Errorf("%+v says too little", kind)
		}
		for _, p := range kind.Parameters {
			if p.ID == "" || p.Summary == "" || p.Range == "" {
				t.Errorf("%s: %+v says too little", kind.ID, p)
			}
		}
	}
	drift, _ := faults.FindKind("clockdrift")
	if got, want := drift.Parameters[1].Range, fmt.Sprintf("%d to %d", -clock.MaxDrift, clock.MaxDrift); got != want {
		t.Errorf("drift: %s, and a clock takes %s", got, want)
	}
	jump, _ := faults.FindKind("clockjump")
	if got, want := jump.Parameters[1].Range, fmt.Sprintf("-%dh to %[1]dh", clock.MaxOffset/time.Hour); got != want {
		t.Errorf("jump: %s, and a clock takes %s", got, want)
	}
}

// A world of one node has no room for what goes on between nodes.
func TestALoneNodeIsNotCutOffFromItself(t *testing.T) {
	chaos, _ := faults.FindProfile("chaos")
	for seed := range choice.Seed(200) {
		for _, e := range chaos.Draw(seed, faults.Shape{Nodes: 1, Span: 5 * time.Second}) {
			switch e.Fault.(type) {
			case faults.Partition, faults.Isolate, faults.OneWay, faults.Bridge, faults.Ring, faults.Clog:
				t.Fatalf("seed %d: %v", seed, e)
			}
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
		if err != nil || plan.Check(shape) != nil {
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
