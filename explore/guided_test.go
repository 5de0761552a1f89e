package explore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/sim"
)

// stairs is what nodes climb: a step for each time that one starts which was not
// the last to start.
type stairs struct {
	height uint64
	last   sim.NodeID
}

// climber is a node on the stairs. It publishes how high they are, if it is to.
type climber struct {
	*stairs
	tells bool
}

func (c *climber) Start(env sim.Env) {
	if c.last != env.ID() {
		c.height, c.last = c.height+1, env.ID()
	}
}

func (c *climber) Receive(sim.NodeID, sim.Message) {}

func (c *climber) State() sim.State {
	if !c.tells {
		return sim.State{}
	}
	return sim.State{Own: c.height}
}

// stairsUpTo is a scenario that is broken at the top.
func stairsUpTo(top uint64, tells bool) *experiment.Scenario {
	return &experiment.Scenario{
		ID:         "stairs",
		Parameters: []experiment.Parameter{experiment.Nodes(2, 2, 2), experiment.Faults("crash")},
		Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
			s, nodes := &stairs{}, make([]sim.NodeID, 2)
			for i := range nodes {
				nodes[i] = w.AddNode("node", func() sim.Node { return &climber{s, tells} })
			}
			for at := range 100 {
				w.At(time.Duration(at)*10*time.Millisecond, func() {
					if s.height >= top {
						w.Violate("top", "", "they are at %d", s.height)
					}
				})
			}
			return experiment.Setup{Nodes: nodes, Span: time.Second}
		},
	}
}

// What seeds hardly ever do in one run, a search that goes by states does step
// by step.
func TestAGuidedSearchGetsWhereSeedsDoNot(t *testing.T) {
	found := func(strategy string, tells bool) uint64 {
		report := run(t, explore.Hunt{Scenario: stairsUpTo(22, tells), Strategy: strategy, Seeds: 4000})
		if len(report.Failures) == 0 {
			return 0
		}
		return report.Runs
	}
	if runs := found("", true); runs != 0 {
		t.Errorf("seeds get there after %d runs: the stairs are too low", runs)
	}
	if runs := found("guided", false); runs != 0 {
		t.Errorf("it gets there blindly after %d runs", runs)
	}
	if found("guided", true) == 0 {
		t.Error("a guided search does not get there")
	}
}

func TestAGuidedSearchCountsStatesAndWhatItKeeps(t *testing.T) {
	report := run(t, explore.Hunt{Scenario: stairsUpTo(1000, true), Strategy: "guided", Seeds: 200})
	states, kept := report.Figures[0], report.Figures[1]
	if states.Name != "states seen" || kept.Name != "runs kept" || kept.Value < 2 || kept.Value > states.Value || states.Value < 10 || states.Value > 10_000 {
		t.Errorf("figures %v", report.Figures)
	}
	blind := run(t, explore.Hunt{Scenario: coin(nil), Strategy: "guided", Seeds: 100})
	if blind.Figures[0].Value != 0 || blind.Figures[1].Value != 0 {
		t.Errorf("of nodes that publish nothing: %v", blind.Figures)
	}
}

// As long as nothing is known, the runs are those of seeds.
func TestAGuidedSearchBeginsWithSeeds(t *testing.T) {
	seeds, guided := smallRaft("", ""), smallRaft("guided", "")
	seeds.Seeds, guided.Seeds = 64, 64
	if diff := cmp.Diff(findingOf(run(t, seeds)), findingOf(run(t, guided))); diff != "" {
		t.Errorf("(-seeds +guided):\n%s", diff)
	}
}

// How many servers there are a run tells, whether or not a parameter does: else
// mutants have plans that no run can have, and that ends the hunt.
func TestAGuidedSearchKnowsTheServersWithoutAParameter(t *testing.T) {
	scenario := stairsUpTo(1000, true)
	scenario.Parameters = []experiment.Parameter{experiment.Faults("chaos")}
	report := run(t, explore.Hunt{Scenario: scenario, Strategy: "guided", Seeds: 1500})
	if kept := report.Figures[1].Value; kept < 5 {
		t.Errorf("only %d runs had mutants", kept)
	}
}
