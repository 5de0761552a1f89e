package main

import (
	"fmt"
	"time"

	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/mistake"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// depotScenarios has what is unlike Raft in all that commands may assume of a
// scenario: two nodes with names of their own, of which one blocks and the
// other is a state machine; a register; no parameter but those that all have.
func depotScenarios() scenarios.List {
	return append(scenarios.All(), &experiment.Scenario{
		ID:         "depot",
		Summary:    "a value that a ledger keeps, and copies to another house before it answers",
		Model:      "register",
		Checkers:   []string{"linearizability", "liveness"},
		Parameters: []experiment.Parameter{experiment.Nodes(2, 2, 2), experiment.Faults("crash")},
		Mistakes:   depotMistakes().Known(),
		Build:      buildDepot,
	})
}

// depotRules are what the ledger goes by.
type depotRules struct {
	keeps   bool          // each value is on the disk before it is answered
	patient time.Duration // with the copy, before it is asked again
}

func depotMistakes() mistake.List[depotRules] {
	return mistake.List[depotRules]{
		{
			Mistake: mistake.Mistake{ID: "depot.notKept", Summary: "the ledger keeps the value in memory only", Source: "this test", SeenBy: "linearizability"},
			Plant:   func(r *depotRules) { r.keeps = false },
		},
		{
			Mistake: mistake.Mistake{ID: "depot.waitsForEver", Summary: "the ledger asks the copy once, and waits", Source: "this test", SeenBy: "liveness"},
			Plant:   func(r *depotRules) { r.patient = sim.MaxTime },
		},
	}
}

func buildDepot(w *sim.World, _ experiment.Values, planted string) experiment.Setup {
	rules := &depotRules{keeps: true, patient: 20 * time.Millisecond}
	depotMistakes().Plant(planted, rules)
	ledger := w.Serve("ledger", func(p *sim.Process) { keepLedger(p, rules) })
	other := w.AddNode("copy", func() sim.Node { return &copyHouse{} })
	setup := experiment.Setup{
		Nodes: []sim.NodeID{ledger, other}, Kinds: []string{"copyOrder", "copied"}, Points: []string{"kept, not copied yet"}, Core: 2,
		Span: 2 * time.Second, Bound: 10 * time.Second, Check: experiment.Linearizable(w, "register"),
	}
	for i := range 2 {
		setup.Clients = append(setup.Clients, w.Go(fmt.Sprint("client ", i+1), func(p *sim.Process) {
			for n := range 20 {
				p.Sleep(p.Rand("pause").Between(0, 100*time.Millisecond))
				if what := p.Rand("operation").N(3); what > 0 {
					_, _ = experiment.Ask(p, ledger, history.Input{F: history.Function(what - 1), Value: fmt.Sprint(i+1, ".", n)}, 50*time.Millisecond)
				}
			}
			for {
				if _, err := experiment.Ask(p, ledger, history.Input{F: history.Read}, time.Second); err == nil {
					return
				}
			}
		}))
	}
	return setup
}

type (
	copyOrder struct{ Value string }
	copied    struct{}
)

// keepLedger answers reads and writes, one after the other.
func keepLedger(p *sim.Process, rules *depotRules) {
	value := ""
	if file, err := p.Disk().Open("value"); err == nil {
		kept, _ := storage.ReadAll(file)
		value = string(kept)
	}
	p.Log("became keeper of %q", value)
	for {
		from, m, err := p.Receive(sim.MaxTime)
		if err != nil {
			return
		}
		asked := m.(history.Input)
		if asked.F == history.Read {
			p.Send(from, history.Output{Value: value, Found: value != ""})
			continue
		}
		value = asked.Value
		if rules.keeps {
			if _, err := storage.ReplaceFile(p.Disk(), "value", []byte(value)); err != nil {
				p.Halt(err)
			}
		}
		p.Point("kept, not copied yet")
		for {
			if _, err := p.Call(2, copyOrder{value}, rules.patient); err == nil {
				break
			}
		}
		p.Send(from, history.Output{})
	}
}

// copyHouse takes a copy of whatever it is sent.
type copyHouse struct {
	env   sim.Env
	value string
}

func (c *copyHouse) Start(env sim.Env) { c.env = env }

func (c *copyHouse) Receive(from sim.NodeID, m sim.Message) {
	c.value = m.(copyOrder).Value
	c.env.Send(from, copied{})
}
