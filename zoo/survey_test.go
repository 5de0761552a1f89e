package zoo_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
	"seedbed.example/sim"
	"seedbed.example/zoo"
)

// dice is a scenario of which one run in ten fails if a mistake is planted, and
// none if not. Its twin fails as well if it is a false one.
func dice(falseAlarms bool) *experiment.Scenario {
	return &experiment.Scenario{
		ID: "dice", Parameters: []experiment.Parameter{experiment.Whole("sides", "of the die", 1000, 1, 1_000_000)},
		Mistakes: []mistake.Mistake{
			{ID: "dice.loaded", Needs: []mistake.Setting{{Parameter: "sides", Value: "10"}}},
			{ID: "dice.hidden"},
		},
		Build: func(w *sim.World, values experiment.Values, mistake string) experiment.Setup {
			w.Go("player", func(p *sim.Process) {
				thrown := p.Rand("die").N(uint64(values.Whole("sides")))
				p.Always("nobody throws the highest", !(mistake == "dice.loaded" || falseAlarms) || thrown < 9)
			})
			return experiment.Setup{}
		},
	}
}

func find(t *testing.T, s zoo.Survey, scenario *experiment.Scenario, id string) *zoo.Finding {
	t.Helper()
	m, _ := scenario.Mistake(id)
	f, err := s.Find(context.Background(), scenario, m)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAMistakeIsFoundAndItsTwinIsNot(t *testing.T) {
	f := find(t, zoo.Survey{Starts: 20, Shrinks: 2}, dice(false), "dice.loaded")
	if median, _, found := f.Quartile(2); !found || median < 3 || median > 15 {
		t.Errorf("the median is %d (%v), of one run in ten", median, found)
	}
	if f.Hunts != 20 || len(f.Runs) != 20 || f.TwinRuns != f.Tried() || f.TwinFailures != 0 || len(f.Shrunk) != 2 || f.Verdict() != "holds" {
		t.Errorf("found %+v", f)
	}
	if diff := cmp.Diff([]string{"always"}, f.SeenBy()); diff != "" {
		t.Error(diff)
	}
}

func TestATwinThatFailsIsAccused(t *testing.T) {
	f := find(t, zoo.Survey{Starts: 1, Twin: 200}, dice(true), "dice.loaded")
	if f.TwinRuns != 200 || f.TwinFailures < 5 || f.Verdict() != "violated" {
		t.Errorf("found %+v", f)
	}
}

func TestAMistakeThatIsNotFoundIsOpen(t *testing.T) {
	f := find(t, zoo.Survey{Starts: 3, Most: 50}, dice(false), "dice.hidden")
	if !f.Open() || f.Runs == nil || f.Tried() != 150 || f.GaveUp != 50 || f.Verdict() != "unknown" {
		t.Errorf("found %+v", f)
	}
}

// What hunts came to until they are called off is told.
func TestASurveyThatIsCalledOff(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	survey := zoo.Survey{Starts: 1000, Progress: func(_ string, r *explore.Report) {
		if r.From >= 3*zoo.Apart {
			cancel()
		}
	}}
	scenario := dice(false)
	f, err := survey.Find(ctx, scenario, scenario.Mistakes[0])
	if !errors.Is(err, context.Canceled) || f == nil || f.Hunts < 3 || f.Hunts > 5 {
		t.Errorf("came to %+v, %v", f, err)
	}
}

// A twin that has failed is accused, also when its survey is called off.
func TestATwinThatFailsBeforeItIsCalledOff(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	scenario := dice(true)
	survey := zoo.Survey{Starts: 1, Twin: 1_000_000, Progress: func(_ string, r *explore.Report) {
		if r.Runs > 100 {
			cancel()
		}
	}}
	f, err := survey.Find(ctx, scenario, scenario.Mistakes[0])
	if !errors.Is(err, context.Canceled) || f.TwinRuns <= 100 || f.TwinFailures == 0 || f.Verdict() != "violated" {
		t.Errorf("came to %+v, %v", f, err)
	}
}

// Hunts that found nothing count as longer than all that did.
func TestQuartiles(t *testing.T) {
	for name, c := range map[string]struct {
		finding zoo.Finding
		want    string // of quartiles 1 to 4
	}{
		"all found":  {zoo.Finding{Hunts: 4, Runs: []uint64{1, 2, 3, 1400}, Seconds: []float64{.1, .2, .3, .4}}, "2/0.2 3/0.3 1400/0.4 1400/0.4 "},
		"half found": {zoo.Finding{Hunts: 4, Runs: []uint64{1, 2}, Seconds: []float64{.1, .2}}, "2/0.2 none none none "},
		"none found": {zoo.Finding{Hunts: 1}, "none none none none "},
		"none made":  {zoo.Finding{}, "none none none none "},
	} {
		got := ""
		for quartile := 1; quartile <= 4; quartile++ {
			if runs, seconds, found := c.finding.Quartile(quartile); found {
				got += fmt.Sprintf("%d/%v ", runs, seconds)
			} else {
				got += "none "
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A hunt that the limit cuts off before its first run has no seeds for the twin.
func TestALimitThatIsOverAtOnce(t *testing.T) {
	f := find(t, zoo.Survey{Starts: 3, Limit: 1}, dice(false), "dice.hidden")
	if !f.Open() || f.Hunts != 1 || f.TwinRuns != f.Tried() {
		t.Errorf("found %+v", f)
	}
}

func TestWhoSawAMistakeMostOftenIsToldFirst(t *testing.T) {
	f := zoo.Finding{Seen: map[string]int{"never": 1, "always": 1, "liveness": 3, "invariants": 4}}
	if diff := cmp.Diff([]string{"invariants", "liveness", "always", "never"}, f.SeenBy()); diff != "" {
		t.Error(diff)
	}
}
