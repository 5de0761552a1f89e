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
	"seedbed.example/storage"
)

// Register is a server that keeps one value on its disk.
type Register struct{ env sim.Env }

func (r *Register) Start(env sim.Env) { r.env = env } // at boot and at each restart

func (r *Register) Receive(from sim.NodeID, m sim.Message) {
	var answer history.Output
	switch asked := m.(history.Input); asked.F {
	case history.Write: // take the durable write away, and some seed shows what comes of it
		if _, err := storage.ReplaceFile(r.env.Disk(), "value", []byte(asked.Value)); err != nil {
			r.env.Halt(err) // a supervisor starts the server again
		}
	case history.Read:
		if file, err := r.env.Disk().Open("value"); err == nil {
			value, _ := storage.ReadAll(file)
			answer = history.Output{Value: string(value), Found: true}
		}
	}
	r.env.Send(from, answer)
}

// client reads and writes at random, and records what it asked and saw.
func client(p *sim.Process, server sim.NodeID) {
	for i := range 20 {
		p.Sleep(p.Rand("pause").Between(0, 100*time.Millisecond))
		asked := history.Input{F: history.Read}
		if p.Rand("what").N(2) == 1 {
			asked = history.Input{F: history.Write, Value: fmt.Sprint(p.ID(), ".", i)}
		}
		operation := p.Invoke(asked)
		if answer, err := p.Call(server, asked, 50*time.Millisecond); err == nil {
			operation.OK(answer)
		} else {
			operation.Unknown() // it may have happened, or may yet
		}
	}
}

func TestRegisterIsLinearizable(t *testing.T) {
	crashes, _ := faults.FindProfile("crash")
	register, _ := models.Find("register")
	for seed := range choice.Seed(300) {
		w := sim.NewWorld(sim.Options{Choices: seed})
		w.Network().SetLatency(network.Uniform(time.Millisecond, 5*time.Millisecond))
		server := w.AddNode("server", func() sim.Node { return &Register{} })
		for i := range 3 {
			w.Go(fmt.Sprint("client ", i), func(p *sim.Process) { client(p, server) })
		}
		plan := crashes.Draw(seed, faults.Shape{Nodes: 1, Span: 2 * time.Second})
		faults.Inject(w, []sim.NodeID{server}, plan)
		if !w.RunFor(5 * time.Second) {
			t.Fatalf("seed %d: %v", seed, w.Violations()) // a panic, say
		}
		if result := checkers.Linearizable(w.History(), register, time.Second); result.Verdict != checkers.Holds {
			t.Fatalf("seed %d: %v\n%v\n%v", seed, result, result.Offence, plan)
		}
		w.Close()
	}
}
