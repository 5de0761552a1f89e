package register_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// Register is a server that keeps one value on its disk.
type Register struct {
	Sync bool // before it answers
	env  sim.Env
}

type Write struct{ Value string }
type Read struct{}

func (r *Register) Start(env sim.Env) { r.env = env } // at boot and at each restart

func (r *Register) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Write:
		r.env.Send(from, r.save(m.Value))
	case Read:
		r.env.Send(from, r.load())
	}
}

// client reads and writes at random, and records what it did and saw.
func client(p *sim.Process, server sim.NodeID) {
	for i := range 20 {
		p.Sleep(p.Rand("pause").Between(0, 100*time.Millisecond))
		asked, message := history.Input{F: history.Read}, sim.Message(Read{})
		if p.Rand("what").N(2) == 1 {
			asked = history.Input{F: history.Write, Value: fmt.Sprint(p.ID(), ".", i)}
			message = Write{asked.Value}
		}
		operation := p.Invoke(asked)
		answer, err := p.Call(server, message, 50*time.Millisecond)
		if err != nil {
			operation.Unknown() // it may have happened, or may yet
		} else {
			operation.OK(answer)
		}
	}
}

// run is one run: a server, three clients, and crashes. The seed decides the rest.
func run(seed choice.Seed, sync bool) checkers.Linearizability {
	w := sim.NewWorld(sim.Options{Choices: seed})
	w.Network().SetLatency(network.Uniform(time.Millisecond, 5*time.Millisecond))
	server := w.AddNode("server", func() sim.Node { return &Register{Sync: sync} })
	crash, _ := faults.FindProfile("crash")
	plan := crash.Draw(seed, faults.Shape{Nodes: 1, Span: 2 * time.Second})
	faults.Inject(w, []sim.NodeID{server}, plan)
	for i := range 3 {
		w.Go(fmt.Sprint("client ", i), func(p *sim.Process) { client(p, server) })
	}
	w.RunFor(5 * time.Second)
	register, _ := models.Find("register")
	return checkers.Linearizable(w.History(), register, time.Second)
}

func TestTheRegisterIsLinearizable(t *testing.T) {
	for seed := range choice.Seed(300) {
		if result := run(seed, true); result.Verdict != checkers.Holds {
			t.Fatalf("seed %d: %v\n%v", seed, result, result.Offence)
		}
	}
}
