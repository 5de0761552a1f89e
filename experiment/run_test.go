package experiment_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/sim"
)

// echo answers every message with what a register that holds "x" would.
type echo struct{ env sim.Env }

func (e *echo) Start(env sim.Env) { e.env = env }
func (e *echo) Receive(from sim.NodeID, m sim.Message) {
	answer := history.Output{}
	if m.(history.Input).F == history.Read {
		answer = history.Output{Value: "x", Found: true}
	}
	e.env.Send(from, answer)
}

// run runs a world once, calm unless setup says otherwise.
func run(t *testing.T, config experiment.Config, build func(w *sim.World, setup *experiment.Setup)) *experiment.Result {
	t.Helper()
	scenario := &experiment.Scenario{ID: "toy", Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
		setup := experiment.Setup{Faults: "calm", Span: time.Second}
		build(w, &setup)
		return setup
	}}
	result, err := scenario.Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestAPanicOutsideOfHandlersIsAViolationWithItsStack(t *testing.T) {
	for what, build := range map[string]func(w *sim.World, s *experiment.Setup){
		"building the world": func(*sim.World, *experiment.Setup) { panic("no") },
		"the check": func(_ *sim.World, s *experiment.Setup) {
			s.Check = func() (checkers.Verdict, []checkers.Violation) { panic("no") }
		},
		"Heal": func(_ *sim.World, s *experiment.Setup) { s.Heal = func() { panic("no") } },
	} {
		result := run(t, experiment.Config{}, build)
		if result.Verdict != checkers.Violated || len(result.Violations) != 1 {
			t.Fatalf("%s: %v, %v", what, result.Verdict, result.Violations)
		}
		v := result.Violations[0]
		if v.Checker != "panic" || !strings.Contains(v.Message, what+" panicked: no\n") || !strings.Contains(v.Message, "run_test.go:") {
			t.Errorf("%s: %+v", what, v)
		}
		if again := run(t, experiment.Config{}, build); again.Violations[0] != v {
			t.Errorf("%s is told in two ways:\n%s", what, cmp.Diff(v, again.Violations[0]))
		}
	}
}

func TestWhatNeverHeldIsFoundAtTheEnd(t *testing.T) {
	result := run(t, experiment.Config{}, func(w *sim.World, _ *experiment.Setup) { w.Eventually("a leader", false) })
	want := []checkers.Violation{{Checker: "eventually", Kind: "a leader", Message: `at 1s: "a leader" has not held once`}}
	if diff := cmp.Diff(want, result.Violations); diff != "" {
		t.Error(diff)
	}
}

func TestAResultNamesTheFaultsThatMightHaveStruck(t *testing.T) {
	result := run(t, experiment.Config{Choices: "zero"}, func(w *sim.World, s *experiment.Setup) {
		s.Nodes, s.Faults = []sim.NodeID{w.AddNode("n", func() sim.Node { return &echo{} })}, "crash"
	})
	if diff := cmp.Diff(map[string]int{"crash": 0, "crashloop": 0, "powerloss": 0, "pause": 0, "slow": 0}, result.Struck); diff != "" {
		t.Error(diff)
	}
}

// A server whose code blocks is one that faults strike; a client is not.
func TestFaultsStrikeServersHoweverTheyAreWritten(t *testing.T) {
	crash := faults.Plan{{At: 100 * time.Millisecond, For: 100 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{1}}}}
	var answers []string
	result := run(t, experiment.Config{Plan: crash}, func(w *sim.World, s *experiment.Setup) {
		server := w.Serve("server", func(p *sim.Process) {
			for {
				from, m, err := p.Receive(sim.MaxTime)
				if err != nil {
					return
				}
				p.Send(from, m)
			}
		})
		s.Nodes = []sim.NodeID{server}
		s.Clients = append(s.Clients, w.Go("client", func(p *sim.Process) {
			for range 3 {
				_, err := p.Call(server, "hello", 50*time.Millisecond)
				answers = append(answers, fmt.Sprint(err))
				p.Sleep(100 * time.Millisecond)
			}
		}))
	})
	if diff := cmp.Diff([]string{"<nil>", "timed out", "<nil>"}, answers); diff != "" || result.Verdict != checkers.Holds || result.Struck["crash"] != 1 {
		t.Errorf("%v, %v, struck %v\n%s", result.Verdict, result.Violations, result.Struck, diff)
	}
	scenario := &experiment.Scenario{ID: "toy", Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
		return experiment.Setup{Nodes: []sim.NodeID{w.Go("client", func(*sim.Process) {})}}
	}}
	if _, err := scenario.Run(experiment.Config{}); err == nil || !strings.Contains(err.Error(), "want the nodes that were added first") {
		t.Errorf("a client among the servers: %v", err)
	}
}

func TestASourceOfOnesOwnAnswersTheChoicesOfARun(t *testing.T) {
	var answers []uint64
	recorder := choice.Record(choice.Seed(7))
	run(t, experiment.Config{Seed: 1, Source: recorder}, func(w *sim.World, _ *experiment.Setup) {
		w.Go("client", func(p *sim.Process) {
			for range 3 {
				answers = append(answers, p.Rand("what").N(1000))
			}
		})
	})
	var want []uint64
	for draw := choice.NewStream(choice.Seed(7), "rand", "client what"); len(want) < 3; {
		want = append(want, draw.N(1000))
	}
	if diff := cmp.Diff(want, answers); diff != "" {
		t.Error(diff)
	}
}

// asking is a client that writes what it should not, so that reads are wrong.
func asking(check string) func(w *sim.World, s *experiment.Setup) {
	return func(w *sim.World, s *experiment.Setup) {
		server := w.AddNode("n", func() sim.Node { return &echo{} })
		s.Clients = append(s.Clients, w.Go("client", func(p *sim.Process) {
			for _, in := range []history.Input{{F: history.Write, Value: "y"}, {F: history.Read}} {
				if _, err := experiment.Ask(p, server, in, 100*time.Millisecond); err != nil {
					panic(err)
				}
			}
			w.Crash(server)
			if _, err := experiment.Ask(p, server, history.Input{F: history.Read}, time.Millisecond); err != sim.ErrTimeout {
				panic(err)
			}
		}))
		s.Check = experiment.Linearizable(w, check)
	}
}

func TestWhatAClientAsksIsRecordedAndChecked(t *testing.T) {
	result := run(t, experiment.Config{}, asking("register"))
	if result.Verdict != checkers.Violated || result.Violations[0].Checker != "linearizability" {
		t.Errorf("%v, %v", result.Verdict, result.Violations)
	}
	var outcomes []history.Outcome
	for _, op := range result.World.History().Operations() {
		outcomes = append(outcomes, op.Outcome)
	}
	if diff := cmp.Diff([]history.Outcome{history.OK, history.OK, history.Unknown}, outcomes); diff != "" {
		t.Error(diff)
	}
}

func TestAModelThatIsNoneIsRefusedByName(t *testing.T) {
	result := run(t, experiment.Config{}, asking("regster"))
	if v := result.Violations[0]; !strings.Contains(v.Message, `there is no model "regster": want one of register, cas-register, kv`) {
		t.Error(v)
	}
}
