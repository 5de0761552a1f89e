package story_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/scenarios"
	"seedbed.example/story"
)

var rewrite = flag.Bool("rewrite", false, "write the stories under testdata anew")

// kept is where a run that shows each planted mistake is kept.
const kept = "../explore/testdata/repros"

// eachMistake calls test with the recorded run of each planted mistake.
func eachMistake(t *testing.T, test func(t *testing.T, mistake string, r *experiment.Result)) {
	for _, scenario := range scenarios.All() {
		for _, mistake := range scenario.Mistakes {
			t.Run(mistake.ID, func(t *testing.T) {
				t.Parallel()
				test(t, mistake.ID, replay(t, scenario, mistake.ID))
			})
		}
	}
}

func replay(t *testing.T, scenario *experiment.Scenario, mistake string) *experiment.Result {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(kept, mistake+".repro.json"))
	if err != nil {
		t.Fatal(err)
	}
	repro, err := explore.ReadRepro(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	replay, err := repro.Replay(scenario, true)
	if err != nil {
		t.Fatal(err)
	}
	if !replay.SameViolation {
		t.Fatalf("the repro shows %v", replay.Result.Violations)
	}
	return replay.Result
}

func TestTheStoryOfEachMistakeIsAsItWasWritten(t *testing.T) {
	eachMistake(t, func(t *testing.T, mistake string, r *experiment.Result) {
		told := story.Of(r).String()
		path := filepath.Join("testdata", mistake+".txt")
		if *rewrite {
			if err := os.WriteFile(path, []byte(told), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), told); diff != "" {
			t.Errorf("(-written before +told now; if the change is meant, run this test with -rewrite):\n%s", diff)
		}
	})
}

func TestAStoryIsShortInOrderAndNamesWhatWasBrokenAndWhatStruck(t *testing.T) {
	eachMistake(t, func(t *testing.T, _ string, r *experiment.Result) {
		s := story.Of(r)
		told := s.String()
		if lines := strings.Count(told, "\n"); lines >= 40 {
			t.Errorf("it takes %d lines:\n%s", lines, told)
		}
		for i := 1; i < len(s.Lines); i++ {
			if s.Lines[i].At < s.Lines[i-1].At {
				t.Errorf("time goes back from %v to %v", s.Lines[i-1], s.Lines[i])
			}
		}
		end := s.Lines[len(s.Lines)-1]
		broken := r.Violations[0]
		if !end.Harm || !strings.HasPrefix(end.Text, broken.Checker) || !strings.Contains(end.Text, broken.Kind) {
			t.Errorf("it ends with %v, and what was broken is %s %s", end, broken.Checker, broken.Kind)
		}
		if !tellsAFault(told, r.Plan, story.BrokenAt(r)) {
			t.Errorf("it tells of no fault of the plan:\n%s", told)
		}
	})
}

// tellsAFault reports whether the story tells of an entry of the plan that began
// before the harm, if there is one.
func tellsAFault(told string, plan faults.Plan, harm time.Duration) bool {
	struck := false
	for _, e := range plan {
		if e.At >= harm {
			continue
		}
		struck = true
		words := e.Fault.String()
		switch e.Fault.(type) {
		case faults.Crash, faults.Point:
			words = " crash"
		case faults.Pause:
			words = "stands still"
		}
		if strings.Contains(told, words) {
			return true
		}
	}
	return !struck
}

func TestTheSameRunIsToldInTheSameWords(t *testing.T) {
	raft, _ := scenarios.Find("raft")
	first := fmt.Sprint(story.Of(replay(t, raft, "raft.commitOldTerm")))
	if again := fmt.Sprint(story.Of(replay(t, raft, "raft.commitOldTerm"))); again != first {
		t.Errorf("(-first +again):\n%s", cmp.Diff(first, again))
	}
}
