package story_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/network"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
	"seedbed.example/story"
)

// server is a node that does what a test wants.
type server struct {
	env     sim.Env
	start   func(sim.Env)
	receive func(env sim.Env, from sim.NodeID, m sim.Message)
}

func (s *server) Start(env sim.Env) {
	s.env = env
	if s.start != nil {
		s.start(env)
	}
}

func (s *server) Receive(from sim.NodeID, m sim.Message) {
	if s.receive != nil {
		s.receive(s.env, from, m)
	}
}

type (
	Ask    struct{ Round int }
	Answer struct {
		Yes   bool
		Round int
	}
)

// tell runs a world that a test builds, and tells it.
func tell(t *testing.T, plan faults.Plan, build func(w *sim.World) experiment.Setup) string {
	t.Helper()
	s := &experiment.Scenario{ID: "made", Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
		w.Network().SetLatency(network.Constant(time.Millisecond))
		return build(w)
	}}
	if plan == nil {
		plan = faults.Plan{}
	}
	r, err := s.Run(experiment.Config{Record: true, Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	return story.Of(r).String()
}

func expectStory(t *testing.T, got string, want ...string) {
	t.Helper()
	if want := strings.Join(want, "\n") + "\n"; got != want {
		t.Errorf("it is told as\n%s\nwant\n%s", got, want)
	}
}

// candidate asks the others, and leads when all have answered. Shortly before,
// it asks one of them in vain: that answer comes when it asks all.
func candidate(others ...sim.NodeID) func() sim.Node {
	return func() sim.Node {
		votes := 0
		return &server{
			start: func(env sim.Env) {
				env.After(999*time.Millisecond, func() { env.Send(others[0], Ask{2}) })
				env.After(time.Second, func() {
					env.Log("wants to lead")
					for _, other := range others {
						env.Send(other, Ask{3})
					}
				})
			},
			receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
				if m.(Answer).Round < 3 {
					return
				}
				if votes++; votes == len(others) {
					env.Log("became leader of round 3")
				}
			},
		}
	}
}

func voter() sim.Node {
	return &server{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
		env.Send(from, Answer{env.ID() != 4, m.(Ask).Round})
	}}
}

func TestALeaderIsToldWithTheAnswersThatMadeIt(t *testing.T) {
	got := tell(t, nil, func(w *sim.World) experiment.Setup {
		setup := experiment.Setup{Nodes: []sim.NodeID{w.AddNode("node 1", candidate(2, 3, 4))}, Span: 2 * time.Second}
		for _, name := range []string{"node 2", "node 3", "the third"} {
			setup.Nodes = append(setup.Nodes, w.AddNode(name, voter))
		}
		return setup
	})
	expectStory(t, got,
		"      1.002s    node 1 became leader of round 3, by Answer of nodes 2 and 3 ({Yes:true Round:3}) and Answer of the third (4) ({Yes:false Round:3})",
		"          2s    the run ends, and nothing is broken")
}

func TestWhatLedToAPanicIsToldFromItsTimerOn(t *testing.T) {
	got := tell(t, nil, func(w *sim.World) experiment.Setup {
		w.AddNode("node 1", candidate(2))
		w.AddNode("node 2", func() sim.Node {
			return &server{receive: func(_ sim.Env, _ sim.NodeID, m sim.Message) {
				if m.(Ask).Round == 3 {
					panic("no such round")
				}
			}}
		})
		return experiment.Setup{Span: 2 * time.Second}
	})
	for _, want := range []string{
		"          1s    node 1 is woken by its timer: wants to lead; sends Ask to node 2 ({Round:3})\n",
		"      1.001s    node 2 receives Ask of node 1\n",
		"      1.001s !! panic: ", "no such round",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not tell %q:\n%s", want, got)
		}
	}
	if lines := strings.Count(got, "\n"); lines > 10 {
		t.Errorf("it takes %d lines:\n%s", lines, got)
	}
}

func TestWhoCrashesHaltsAndStandsStillIsTold(t *testing.T) {
	plan := faults.Plan{
		{For: 300 * time.Millisecond, Fault: faults.Point{Node: 3, Times: 5, Sends: "Ask", Then: "crash", Nodes: []sim.NodeID{1, 2}, Lasts: faults.Duration(time.Second)}},
		{At: 100 * time.Millisecond, For: 100 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2, 1}}},
		{At: 500 * time.Millisecond, For: time.Second, Fault: faults.Pause{Node: 1}},
		{At: 600 * time.Millisecond, For: time.Second, Fault: faults.Point{Node: 3, Times: 1, Sends: "Ask", Then: "crash", Nodes: []sim.NodeID{3}, Lasts: faults.Duration(50 * time.Millisecond)}},
		{At: 700 * time.Millisecond, For: 100 * time.Millisecond, Fault: faults.Loss{Rate: 1}},
		{At: 3 * time.Second, Fault: faults.Isolate{Node: 1}},
	}
	got := tell(t, plan, func(w *sim.World) experiment.Setup {
		boots := 0
		for _, name := range []string{"node 1", "node 2"} {
			w.AddNode(name, func() sim.Node { return &server{} })
		}
		w.AddNode("node 3", func() sim.Node {
			return &server{start: func(env sim.Env) {
				boots++
				env.Log("is here for the %d. time", boots)
				switch boots {
				case 1:
					env.After(time.Second, func() { env.Send(1, Ask{1}) })
				case 2:
					env.After(100*time.Millisecond, func() { env.Halt(errors.New("the disk is gone")) })
				}
			}}
		})
		w.At(2*time.Second, func() { w.Violate("test", "patience", "it took too long") })
		return experiment.Setup{Nodes: []sim.NodeID{1, 2, 3}, Span: 5 * time.Second}
	})
	expectStory(t, got,
		"       100ms    nodes 1 and 2 crash",
		"       200ms    node 2 starts again",
		"       200ms    node 1 starts again",
		"       500ms    node 1 stands still, until 1.5s",
		"       700ms    0.0001% of messages are lost, until 800ms",
		"          1s    node 3 crashes, as planned: once node 3 has sent 1 Ask, node 3 goes down for 50ms",
		"       1.05s    node 3 starts again: is here for the 2. time",
		"       1.15s    node 3 halts: the disk is gone",
		"       1.65s    node 3 starts again: is here for the 3. time",
		"          2s !! test: patience: it took too long")
}

// A client asks a server that has forgotten: who asked what of whom, who
// answered, and why that is wrong.
func TestTheOperationsThatConvictAreTold(t *testing.T) {
	got := tell(t, nil, func(w *sim.World) experiment.Setup {
		id := w.AddNode("server", func() sim.Node {
			return &server{
				start:   func(env sim.Env) { env.Log("became primary of view 1") },
				receive: func(env sim.Env, from sim.NodeID, m sim.Message) { env.Send(from, history.Output{}) },
			}
		})
		silent := w.AddNode("silent", func() sim.Node { return &server{} })
		client := w.Go("client 1", func(p *sim.Process) {
			for _, in := range []history.Input{{F: history.Write, Value: "1"}, {}} {
				op := p.Invoke(in)
				_, _ = p.Call(silent, in, 10*time.Millisecond)
				_, _ = p.Call(silent, in, 10*time.Millisecond)
				answer, _ := p.Call(id, in, 10*time.Millisecond)
				op.OK(answer)
			}
		})
		register, _ := models.Find("register")
		return experiment.Setup{Nodes: []sim.NodeID{id, silent}, Clients: []sim.NodeID{client}, Span: time.Second,
			Check: func() (checkers.Verdict, []checkers.Violation) {
				result := checkers.Linearizable(w.History(), register, 0)
				return result.Verdict, result.Violations()
			}}
	})
	expectStory(t, got,
		`          0s    server (1) became primary of view 1`,
		`          0s    client 1 asks silent (2) (2 times), then server (1): write "1"`,
		`        22ms    client 1 has its answer from server (1), primary of view 1: write "1"`,
		`        22ms    client 1 asks silent (2) (2 times), then server (1): read`,
		`        44ms !! client 1 has its answer from server (1), primary of view 1: read -> nothing`,
		`        44ms !! linearizability: stale value: client 1 found nothing, although client 1's write "1" had returned before`)
}

func TestAnOperationOfUnknownOutcomeIsToldAsSuch(t *testing.T) {
	got := tell(t, nil, func(w *sim.World) experiment.Setup {
		answers := []history.Output{{}, {Value: "1", Found: true}, {Value: "2", Found: true}}
		id := w.AddNode("node 1", func() sim.Node {
			return &server{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
				env.Send(from, answers[0])
				answers = answers[1:]
			}}
		})
		client := w.Go("client 1", func(p *sim.Process) {
			lost := p.Invoke(history.Input{F: history.Write, Value: "1"})
			p.Sleep(time.Millisecond)
			lost.Unknown()
			for _, in := range []history.Input{{F: history.Write, Value: "2"}, {}, {}} {
				op := p.Invoke(in)
				answer, _ := p.Call(id, in, 10*time.Millisecond)
				op.OK(answer)
			}
		})
		register, _ := models.Find("register")
		return experiment.Setup{Nodes: []sim.NodeID{id}, Clients: []sim.NodeID{client}, Span: time.Second,
			Check: func() (checkers.Verdict, []checkers.Violation) {
				result := checkers.Linearizable(w.History(), register, 0)
				return result.Verdict, result.Violations()
			}}
	})
	for _, want := range []string{
		`          0s    client 1 asks: write "1"`,
		`         1ms    client 1 gives up on write "1": it may have happened, or may yet`,
		`         7ms !! client 1 has its answer from node 1: read -> "2"`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("it does not tell %q:\n%s", want, got)
		}
	}
}

func TestARunThatWasNotRecordedTellsWhatWasBroken(t *testing.T) {
	s := &experiment.Scenario{ID: "made", Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
		w.At(time.Second, func() { w.Violate("test", "", "it took too long") })
		return experiment.Setup{}
	}}
	r, err := s.Run(experiment.Config{})
	if err != nil {
		t.Fatal(err)
	}
	expectStory(t, story.Of(r).String(), "          1s !! test: at 1s: it took too long")
}

// Whatever happens in a run, its story is short and in the order of time.
func TestTheStoryOfAnyRunIsShortAndInOrder(t *testing.T) {
	raft, _ := scenarios.Find("raft")
	broken := 0
	for seed := range uint64(36) {
		mistake := raft.Mistakes[seed%uint64(len(raft.Mistakes))].ID
		parameters := map[string]string{"faults": "chaos", "membership": "yes", "nodes": "9", "clients": "12", "bound": "1s"}
		r, err := raft.Run(experiment.Config{Seed: seed, Record: true, Mistake: mistake, Parameters: parameters})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict == checkers.Violated {
			broken++
		}
		s := story.Of(r)
		if lines := strings.Count(s.String(), "\n"); lines >= 40 {
			t.Errorf("seed %d, %s: %d lines:\n%s", seed, mistake, lines, s)
		}
		for i := 1; i < len(s.Lines); i++ {
			if s.Lines[i].At < s.Lines[i-1].At {
				t.Errorf("seed %d, %s: time goes back from %v to %v", seed, mistake, s.Lines[i-1], s.Lines[i])
			}
		}
	}
	if broken < 4 {
		t.Errorf("only %d of the runs were broken", broken)
	}
}
