package explore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// stair is a node that is one step higher after each restart, and publishes how
// high it is if it is to.
type stair struct {
	height uint64
	tells  bool
}

func (s *stair) Start(env sim.Env) {
	if file, err := env.Disk().Open("height"); err == nil {
		data, _ := storage.ReadAll(file)
		s.height = uint64(len(data))
	}
	if _, err := storage.ReplaceFile(env.Disk(), "height", make([]byte, s.height+1)); err != nil {
		env.Halt(err)
	}
}

func (s *stair) Receive(sim.NodeID, sim.Message) {}

func (s *stair) State() sim.State {
	if !s.tells {
		return sim.State{}
	}
	return sim.State{Own: s.height}
}

// stairs is a scenario that is broken by whoever gets the first node to the top.
func stairs(top uint64, tells bool) *experiment.Scenario {
	return &experiment.Scenario{
		ID:         "stairs",
		Parameters: []experiment.Parameter{experiment.Nodes(2, 2, 2), experiment.Faults("crash")},
		Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
			nodes := make([]sim.NodeID, 2)
			for i := range nodes {
				nodes[i] = w.AddNode("node", func() sim.Node { return &stair{tells: tells} })
			}
			for at := range 100 {
				w.At(time.Duration(at)*10*time.Millisecond, func() {
					if s, ok := w.Node(1).(*stair); ok && s.height >= top {
						w.Violate("top", "", "it is at %d", s.height)
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
		report := run(t, explore.Hunt{Scenario: stairs(14, tells), Strategy: strategy, Seeds: 800})
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
	report := run(t, explore.Hunt{Scenario: stairs(1000, true), Strategy: "guided", Seeds: 200})
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
