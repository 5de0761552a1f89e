package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/sim"
)

var errRefused = errors.New("refused")

// shelf is a store with one server that keeps registers in memory; it refuses
// what a client asks for fifth, and leaves reads of the key "b" without an answer.
type shelf struct {
	process *sim.Process
	server  sim.NodeID
	patience
}

func (s *shelf) Do(in history.Input) (history.Output, error) {
	answer, err := s.process.Call(s.server, in, s.Try)
	if err != nil {
		return history.Output{}, err
	}
	if refused, ok := answer.(error); ok {
		return history.Output{}, fmt.Errorf("write %s: %w", in.Key, refused)
	}
	return answer.(history.Output), nil
}

func keepShelf(p *sim.Process) {
	values := make(map[string]string)
	for {
		from, m, err := p.Receive(sim.MaxTime)
		if err != nil {
			return
		}
		switch in := m.(history.Input); {
		case in.F == history.Read && in.Key == "b":
		case in.F == history.Read:
			p.Send(from, history.Output{Value: values[in.Key], Found: values[in.Key] != ""})
		case strings.HasSuffix(in.Value, ".5"):
			p.Send(from, errRefused)
		default:
			values[in.Key] = in.Value
			p.Send(from, history.Output{})
		}
	}
}

// shelves is all that a scenario of another store says.
var shelves = &experiment.Scenario{
	ID: "shelves", Model: "register", Parameters: storeParameters(experiment.Nodes(1, 1, 1)),
	Build: func(w *sim.World, values experiment.Values, _ string) experiment.Setup {
		server := w.Serve("shelf", keepShelf)
		l := startWorkload(w, values, workload{
			open:    func(p *sim.Process, patience patience) store { return &shelf{p, server, patience} },
			notDone: errRefused,
			mix:     registerMix,
			status:  w.Waiting,
		})
		return l.setup(experiment.Setup{
			Nodes: []sim.NodeID{server}, Check: checkStore(w, "register"),
		})
	},
}

// runShelves runs the scenario of shelves once, on a network without faults
// unless parameters say otherwise.
func runShelves(t *testing.T, config experiment.Config, parameters ...string) *experiment.Result {
	t.Helper()
	config.Parameters = map[string]string{"faults": "calm"}
	for i := 0; i < len(parameters); i += 2 {
		config.Parameters[parameters[i]] = parameters[i+1]
	}
	result, err := shelves.Run(config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// A workload asks only what is in its mix, writes no value twice, and records
// each outcome as what it was.
func TestAWorkloadSuitsAnyStore(t *testing.T) {
	outcomes := make(map[history.Outcome]int)
	for seed := range uint64(20) {
		result := runShelves(t, experiment.Config{Seed: seed})
		if result.Verdict != checkers.Holds {
			t.Fatalf("seed %d: %v", seed, result.Violations)
		}
		written, answeredLate := make(map[string]int), make(map[int]bool)
		operations := result.World.History().Operations()
		for _, op := range operations {
			in := op.Input.(history.Input)
			outcomes[op.Outcome]++
			switch {
			case in.F == history.Write:
				if other, ok := written[in.Value]; ok && other != op.Client {
					t.Errorf("seed %d: %q is written by clients %d and %d", seed, in.Value, other, op.Client)
				}
				written[in.Value] = op.Client
			case in.F != history.Read:
				t.Errorf("seed %d: %v is asked of a register", seed, in)
			case op.Call >= 5*time.Second && op.Outcome == history.OK:
				answeredLate[op.Client] = true
			}
		}
		if len(answeredLate) != 5 {
			t.Errorf("seed %d: after the faults only clients %v had a read answered", seed, answeredLate)
		}
	}
	for _, outcome := range []history.Outcome{history.OK, history.Failed, history.Unknown} {
		if outcomes[outcome] < 20 {
			t.Errorf("%v came up only %d times: %v", outcome, outcomes[outcome], outcomes)
		}
	}
}

// All clients together ask for so many operations, each for its share.
func TestOperationsAreSharedOut(t *testing.T) {
	for _, test := range []struct {
		clients, operations string
		want                []int
	}{
		{"3", "10", []int{4, 3, 3}}, {"4", "2", []int{1, 1, 0, 0}}, {"1", "7", []int{7}},
	} {
		values := experiment.Values{"clients": test.clients, "operations": test.operations}
		l := &workload{values: values}
		for number, want := range test.want {
			if got := l.share(number); got != want {
				t.Errorf("client %d of %s has %d of %s operations, want %d", number+1, test.clients, got, test.operations, want)
			}
		}
	}
}

// Clients whose every choice is benign ask for nothing, and wait for nothing.
func TestTheBenignWorkloadAsksNothing(t *testing.T) {
	result := runShelves(t, experiment.Config{Choices: "zero"})
	if result.Operations != 0 || result.Verdict != checkers.Holds || result.Simulated > 5*time.Second {
		t.Errorf("%d operations, %v after %v", result.Operations, result.Verdict, result.Simulated)
	}
}

// An operation that is left out moves no other.
func TestAnOperationThatIsLeftOutMovesNoOther(t *testing.T) {
	asked := func(overrides ...choice.Override) (all []string) { // with one key, and so none that has to wait long
		config := experiment.Config{Seed: 3, Overrides: overrides}
		for _, op := range runShelves(t, config, "clients", "1", "operations", "20", "keys", "1").World.History().Operations() {
			all = append(all, fmt.Sprint(op.Call, " ", op.Input))
		}
		return all
	}
	whole := asked()
	for at := range uint64(20) {
		left := asked(choice.Override{Key: choice.Key{Domain: "rand", Subject: "client 1 operation", Index: at}})
		for _, op := range left {
			if !slices.Contains(whole, op) {
				t.Errorf("without operation %d of %q there is %s", at+1, whole, op)
			}
		}
	}
	if len(whole) < 10 {
		t.Errorf("the whole run has only %d operations", len(whole))
	}
}

// The report of a run that got stuck names each client that waits, and tells of
// each server how it stands.
func TestAStuckWorkloadSaysWhoWaits(t *testing.T) {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
	defer w.Close()
	var servers []sim.NodeID
	for _, name := range []string{"deaf", "gone"} {
		servers = append(servers, w.Serve(name, func(p *sim.Process) { p.Sleep(sim.MaxTime) }))
	}
	values := experiment.Values{"clients": "2", "operations": "40", "keys": "1", "span": "1s", "bound": "1s"}
	l := startWorkload(w, values, workload{
		open: func(p *sim.Process, patience patience) store { return &shelf{p, servers[0], patience} }, mix: registerMix, status: w.Waiting,
	})
	w.RunFor(time.Second)
	w.Crash(servers[1])
	l.healed = true
	w.RunFor(10 * time.Second)
	want := "client 1 waits in Call to deaf\nclient 2 waits in Call to deaf\ndeaf: Sleep\ngone: down"
	if got := l.waiting(servers); got != want || l.settled != 0 {
		t.Errorf("%d have got on, and it says\n%s\nwant\n%s", l.settled, got, want)
	}
}
