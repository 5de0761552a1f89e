package explore_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/scenarios"
)

// searching are the strategies that look for something new.
var searching = []string{"random", "swarm", "pct", "guided", "exhaustive"}

// smallRaft is a hunt in which runs take little.
func smallRaft(strategy, mistake string) explore.Hunt {
	raft, _ := scenarios.Find("raft")
	config := experiment.Config{Mistake: mistake, Parameters: map[string]string{"nodes": "3", "operations": "12", "span": "500ms"}}
	return explore.Hunt{Scenario: raft, Config: config, Strategy: strategy, From: 5, Seeds: 150, KeepGoing: true}
}

func TestEveryStrategyFindsTheSameHoweverManyLook(t *testing.T) {
	for _, strategy := range searching {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			var want *explore.Report
			for _, workers := range []int{1, 7} {
				hunt := smallRaft(strategy, "raft.truncateAlways")
				hunt.Workers = workers
				got := run(t, hunt)
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(findingOf(want), findingOf(got)); diff != "" {
					t.Errorf("%d workers (-one worker +got):\n%s", workers, diff)
				}
				if diff := cmp.Diff(want.Figures, got.Figures); diff != "" {
					t.Errorf("%d workers: figures (-one worker +got):\n%s", workers, diff)
				}
			}
			if want.Runs != 150 {
				t.Errorf("%d runs", want.Runs)
			}
		})
	}
}

func TestWhatAStrategyFindsIsAReproThatReplays(t *testing.T) {
	for _, strategy := range searching {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			hunt := smallRaft(strategy, "raft.noUpToDateCheck")
			if strategy == "exhaustive" {
				hunt.Scenario, hunt.Config = letters(), experiment.Config{}
			}
			report := run(t, hunt)
			if len(report.Failures) == 0 {
				t.Fatalf("nothing was found in %d runs", report.Runs)
			}
			last := report.Failures[len(report.Failures)-1]
			result, err := hunt.Scenario.Run(last.Config)
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if err := explore.NewRepro(result).WriteJSON(&file); err != nil {
				t.Fatal(err)
			}
			repro, err := explore.ReadRepro(&file)
			if err != nil {
				t.Fatal(err)
			}
			replay, err := repro.Replay(hunt.Scenario, false)
			if err != nil {
				t.Fatal(err)
			}
			if !replay.SameTrace || !replay.SameViolation || replay.Result.Hash != last.Hash {
				t.Errorf("same trace: %v, same violation: %v; the trace hash was %v and is %v", replay.SameTrace, replay.SameViolation, last.Hash, replay.Result.Hash)
			}
		})
	}
}

func TestNoStrategyAccusesACorrectProtocol(t *testing.T) {
	for _, strategy := range searching {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			if report := run(t, smallRaft(strategy, "")); len(report.Failures) > 0 || len(report.Unknown) > 0 {
				t.Errorf("failures %v, unknown %v", report.Failures, report.Unknown)
			}
		})
	}
}

func TestAStrategyOfAProfileGivesWayToFaultsThatAreAskedFor(t *testing.T) {
	struck := func(strategy, profile string) int {
		hunt := smallRaft(strategy, "")
		hunt.Seeds = 30
		if profile != "" {
			hunt.Config.Parameters["faults"] = profile
		}
		return run(t, hunt).Struck["partition"]
	}
	swarm, random, calm := struck("swarm", ""), struck("random", ""), struck("random", "calm")
	if swarm == 0 || random <= swarm || calm != 0 {
		t.Errorf("partitions: %d in swarm, %d in random, %d in random without faults: want some, more, and none", swarm, random, calm)
	}
}

func TestAStrategyThatIsNotThereIsSaid(t *testing.T) {
	_, err := explore.Hunt{Scenario: coin(nil), Strategy: "luck", Seeds: 1}.Run(t.Context())
	var unknown *experiment.UnknownError
	if !errors.As(err, &unknown) || unknown.Name != "luck" || !slices.Contains(unknown.Known, "guided") {
		t.Errorf("the error is %v", err)
	}
}

// Priorities are nothing where no message asks how late it is.
func TestPCTLetsEveryMessageAskHowLateItIs(t *testing.T) {
	late := func(plan faults.Plan) int {
		return len(slices.DeleteFunc(slices.Clone(plan), func(e faults.Entry) bool { return !cmp.Equal(e, experiment.Lateness) }))
	}
	own := faults.Plan{{Fault: faults.Isolate{Node: 1}, For: 1}}
	for name, given := range map[string]faults.Plan{"a drawn plan": nil, "a plan of one's own": own} {
		t.Run(name, func(t *testing.T) {
			hunt := explore.Hunt{Scenario: letters(), Config: experiment.Config{Plan: given}, Strategy: "pct", Depth: 5, Seeds: 2, KeepGoing: true}
			config := run(t, hunt).Failures[1].Config // the first run is that of a seed
			result, err := hunt.Scenario.Run(config)
			if err != nil {
				t.Fatal(err)
			}
			if late(result.Plan) != 1 || !strings.HasPrefix(config.Choices, "pct 5/") {
				t.Errorf("choices %q, plan:\n%v", config.Choices, result.Plan)
			}
		})
	}
	if len(own) != 1 {
		t.Errorf("the given plan has become %v", own)
	}
}

func TestASourceOfChoicesThatIsNoneIsSaid(t *testing.T) {
	for choices, want := range map[string]string{"luck": `there is no source of choices "luck"`, "pct 3": "want pct CHANGES/STEPS"} {
		_, err := scenarios.Raft().Run(experiment.Config{Choices: choices})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want %q", choices, err, want)
		}
	}
	if _, err := scenarios.Raft().Run(experiment.Config{Choices: choice.PCTName(3, 100), Parameters: map[string]string{"operations": "1"}}); err != nil {
		t.Error(err)
	}
}
