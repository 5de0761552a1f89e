package explore_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

// counters is a scenario whose clients count operations at a server. It breaks
// the promise "few" when nodes 1 and 2 are down at once and two operations of
// value 7 have come, and the promise "none" when three of value 9 have.
func counters() *experiment.Scenario {
	return &experiment.Scenario{
		ID: "counters",
		Parameters: []experiment.Parameter{
			experiment.Nodes(4, 2, 9), experiment.Faults("crash"), experiment.Size("clients", "", 3, 1, 9), experiment.Size("operations", "", 40, 1, 100),
		},
		Build: func(w *sim.World, values experiment.Values, _ string) experiment.Setup {
			setup := experiment.Setup{Span: 2 * time.Second}
			for i := range values.Whole("nodes") {
				setup.Nodes = append(setup.Nodes, w.AddNode(fmt.Sprintf("node %d", i+1), func() sim.Node { return idle{} }))
			}
			counts := make(map[uint64]int)
			for i := range values.Whole("clients") {
				w.Go(fmt.Sprintf("client %d", i+1), func(p *sim.Process) {
					draw := p.Rand("operation")
					for range values.Whole("operations") / values.Whole("clients") {
						p.Sleep(20*time.Millisecond + p.Rand("pause").Between(0, 50*time.Millisecond))
						value := draw.N(12)
						if value == 0 {
							continue
						}
						p.Invoke(history.Input{F: history.Write, Value: fmt.Sprint(value)}).OK(history.Output{})
						counts[value]++
						switch {
						case counts[7] >= 2 && !w.Up(1) && !w.Up(2):
							w.Violate("count", "few", "two sevens while 1 and 2 are down")
						case counts[9] >= 3:
							w.Violate("count", "none", "three nines")
						}
					}
				})
			}
			return setup
		},
	}
}

type idle struct{}

func (idle) Start(sim.Env)                   {}
func (idle) Receive(sim.NodeID, sim.Message) {}

// breaking returns the configurations of seeds that break that promise.
func breaking(t *testing.T, s *experiment.Scenario, kind string, seeds uint64) []experiment.Config {
	t.Helper()
	var all []experiment.Config
	for seed := range seeds {
		result, err := s.Run(experiment.Config{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Violations) > 0 && result.Violations[0].Kind == kind {
			all = append(all, experiment.Config{Seed: seed})
		}
	}
	if len(all) < 3 {
		t.Fatalf("%d of %d seeds break the promise %q: the test says nothing", len(all), seeds, kind)
	}
	if testing.Short() {
		return all[:3]
	}
	return all
}

func shrunk(t *testing.T, shrink explore.Shrink, config experiment.Config) *explore.Shrunk {
	t.Helper()
	s, err := shrink.Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAShrunkRunHoldsOnlyWhatItTakes(t *testing.T) {
	for _, config := range breaking(t, counters(), "few", 150) {
		s := shrunk(t, explore.Shrink{Scenario: counters()}, config)
		r := s.Result
		if v := r.Violations[0]; v.Kind != "few" {
			t.Errorf("seed %d: now it breaks %q", config.Seed, v.Kind)
		}
		// One crash of two nodes, or two of one; the two operations, and at most
		// one more for the moment at which they came.
		if !s.Minimal || s.After.Faults > 2 || s.After.Operations > 3 || r.Values.Whole("nodes") != 2 {
			t.Errorf("seed %d: %v, minimal: %v, with %v\n%v\n%v", config.Seed, s.After, s.Minimal, r.Values, r.Plan, r.Config.Overrides)
		}
	}
}

func TestAShrinkNeverTurnsToAnotherPromise(t *testing.T) {
	for _, config := range breaking(t, counters(), "none", 40) {
		s := shrunk(t, explore.Shrink{Scenario: counters()}, config)
		if v := s.Result.Violations[0]; v.Kind != "none" || s.After != (explore.Size{Nodes: s.After.Nodes, Operations: 3, Choices: 3}) {
			t.Errorf("seed %d: %q, %v", config.Seed, v.Kind, s.After)
		}
	}
}

// shortened are mistakes of Raft whose runs are quick, each seen by another
// checker or broken in another way.
func shortened() []string {
	all := []string{"raft.quorumOffByOne", "raft.ackBeforeFsync", "raft.truncateAlways", "raft.noUpToDateCheck"}
	if testing.Short() {
		return all[:1]
	}
	return all
}

func findOne(t *testing.T, mistake string, from uint64) experiment.Config {
	t.Helper()
	config := experiment.Config{Mistake: mistake}
	report, err := explore.Hunt{Scenario: scenarios.Raft(), Config: config, From: from, Seeds: 10_000}.Run(t.Context())
	if err != nil || len(report.Failures) == 0 {
		t.Fatalf("%s was not found: %v", mistake, err)
	}
	config.Seed = report.Failures[0].Seed
	return config
}

// Taking out any one fault, operation or other choice that is left makes the
// violation disappear.
func TestAShrunkRunIsOneMinimal(t *testing.T) {
	for _, mistake := range shortened() {
		t.Run(mistake, func(t *testing.T) {
			t.Parallel()
			s := shrunk(t, explore.Shrink{Scenario: scenarios.Raft()}, findOne(t, mistake, 0))
			if !s.Minimal || s.After.Faults > 3 || s.After.Operations > 12 {
				t.Errorf("%v, minimal: %v", s.After, s.Minimal)
			}
			config := s.Result.Config
			for i := range config.Plan {
				less := config
				less.Plan = append(append(faults.Plan{}, config.Plan[:i]...), config.Plan[i+1:]...)
				mustNotShow(t, less, s.Result.Violations[0], "without "+config.Plan[i].String())
			}
			for i, o := range config.Overrides {
				less := config
				less.Overrides = slices.Delete(slices.Clone(config.Overrides), i, i+1)
				mustNotShow(t, less, s.Result.Violations[0], "without "+o.String())
			}
		})
	}
}

func mustNotShow(t *testing.T, config experiment.Config, v checkers.Violation, what string) {
	t.Helper()
	result, err := scenarios.Raft().Run(config)
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Violations) > 0 && result.Violations[0].Checker == v.Checker && result.Violations[0].Kind == v.Kind {
		t.Errorf("%s it still breaks %s %s", what, v.Checker, v.Kind)
	}
}

func TestWhatAShrinkFindsDoesNotDependOnWhoLooks(t *testing.T) {
	config := findOne(t, "raft.quorumOffByOne", 100)
	one := shrunk(t, explore.Shrink{Scenario: scenarios.Raft(), Workers: 1}, config)
	three := shrunk(t, explore.Shrink{Scenario: scenarios.Raft(), Workers: 3}, config)
	if diff := cmp.Diff(explore.NewRepro(one.Result), explore.NewRepro(three.Result)); diff != "" {
		t.Errorf("(-one worker +three):\n%s", diff)
	}
}

func TestAShrinkEndsWithWhatItHas(t *testing.T) {
	config := findOne(t, "raft.quorumOffByOne", 100)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := explore.Shrink{Scenario: scenarios.Raft(), Progress: func(*explore.Shrunk) { cancel() }}
	s, err := stopped.Run(ctx, config)
	if err != nil || s.Minimal || s.After.Faults >= s.Before.Faults || s.Result.Verdict != checkers.Violated {
		t.Errorf("called off after the first step: %v, %+v", err, s)
	}
	s = shrunk(t, explore.Shrink{Scenario: scenarios.Raft(), Runs: 10}, config)
	if s.Minimal || s.Runs > 16 {
		t.Errorf("with ten runs: minimal: %v, after %d", s.Minimal, s.Runs)
	}
}

func TestARunThatHoldsCanNotBeShrunk(t *testing.T) {
	if _, err := (explore.Shrink{Scenario: scenarios.Raft()}).Run(t.Context(), experiment.Config{Seed: 1}); err == nil {
		t.Error("there was something to shrink")
	}
	if _, err := (explore.Shrink{Scenario: scenarios.Raft()}).Run(t.Context(), experiment.Config{Mistake: "raft.no"}); err == nil {
		t.Error("an unknown mistake was run")
	}
}

// A shrunk run is its overrides and its plan: the seed that it came from, and
// what that would have answered, no longer matter.
func TestAShrunkRunDoesNotRestOnItsSeed(t *testing.T) {
	config := shrunk(t, explore.Shrink{Scenario: scenarios.Raft()}, findOne(t, "raft.quorumOffByOne", 100)).Result.Config
	want, err := scenarios.Raft().Run(config)
	if err != nil {
		t.Fatal(err)
	}
	config.Seed += 12345
	config.Decisions = new(choice.Recorder)
	got, err := scenarios.Raft().Run(config)
	if err != nil || got.Hash != want.Hash {
		t.Errorf("with another seed it is another run: %v, %v", got, err)
	}
	if decided := config.Decisions.Overrides(); len(decided) != len(config.Overrides) {
		t.Errorf("it decides %v, and its overrides are %v", decided, config.Overrides)
	}
}

// A smaller run that does not end is given up, and shrinking goes on.
func TestAShrinkGivesUpARunThatDoesNotEnd(t *testing.T) {
	var spinning atomic.Bool
	spinning.Store(true)
	defer spinning.Store(false)
	spinner := &experiment.Scenario{
		ID: "spinner",
		Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
			w.Go("client", func(p *sim.Process) {
				thrown := p.Rand("dice").N(6)
				for thrown == 0 && spinning.Load() { //seedbed:allow it is to go round until the test ends
				}
				p.Never("a dice that is thrown", thrown > 0)
			})
			return experiment.Setup{Span: time.Second}
		},
	}
	seed := uint64(0)
	for choice.NewStream(choice.Seed(seed), "rand", "client dice").N(6) < 2 {
		seed++
	}
	s := shrunk(t, explore.Shrink{Scenario: spinner, Stuck: 50 * time.Millisecond}, experiment.Config{Seed: seed})
	if o := s.Result.Config.Overrides; !s.Minimal || len(o) != 1 || o[0].Value != 1 {
		t.Errorf("minimal: %v, %v", s.Minimal, o)
	}
}

// brittle is a scenario that breaks its promise when node 1 goes down soon after the
// beginning, or twice later on.
func brittle() *experiment.Scenario {
	return &experiment.Scenario{
		ID: "brittle",
		Parameters: []experiment.Parameter{
			experiment.Nodes(2, 2, 9), experiment.Faults("crash"), experiment.Length("span", "", 5*time.Second, time.Millisecond, time.Hour),
		},
		Build: func(w *sim.World, values experiment.Values, _ string) experiment.Setup {
			setup := experiment.Setup{Span: values.Duration("span")}
			for i := range values.Whole("nodes") {
				setup.Nodes = append(setup.Nodes, w.AddNode(fmt.Sprintf("node %d", i+1), func() sim.Node { return idle{} }))
			}
			w.Go("client", func(p *sim.Process) {
				for down, up := 0, true; p.Elapsed() < values.Duration("span"); up = w.Up(1) {
					p.Sleep(5 * time.Millisecond)
					if up && !w.Up(1) {
						down++
					}
					if down == 2 || down == 1 && p.Elapsed() < 300*time.Millisecond {
						w.Violate("brittle", "broken", "node 1 went down")
					}
				}
			})
			return setup
		},
	}
}

// What takes two faults where they strike takes one of them elsewhere.
func TestAShrinkMovesFaultsToASmallWorld(t *testing.T) {
	config := experiment.Config{Plan: faults.Plan{
		{At: 3 * time.Second, For: 50 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{1}}},
		{At: 4 * time.Second, For: 50 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{1}}},
	}}
	s := shrunk(t, explore.Shrink{Scenario: brittle()}, config)
	if !s.Minimal || s.After.Faults != 1 || faults.KindOf(s.Result.Plan[0].Fault) != "crash" || s.Result.Violations[0].Kind != "broken" {
		t.Errorf("%v, minimal: %v\n%v", s.After, s.Minimal, s.Result.Plan)
	}
}
