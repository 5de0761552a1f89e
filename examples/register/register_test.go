package register_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/sim"
	"seedbed.example/simtest"
	"seedbed.example/storage"
)

// Register is a server that keeps one value on its disk.
type Register struct{ env sim.Env }

func (r *Register) Start(env sim.Env) { r.env = env } // at boot and at each restart

func (r *Register) Receive(from sim.NodeID, m sim.Message) {
	asked, answer := m.(history.Input), history.Output{}
	if asked.F == history.Write { // take the durable write away, and some seed shows what comes of it
		if _, err := storage.ReplaceFile(r.env.Disk(), "value", []byte(asked.Value)); err != nil {
			r.env.Halt(err) // a supervisor starts the server again
		}
	} else if file, err := r.env.Disk().Open("value"); err == nil {
		value, _ := storage.ReadAll(file)
		answer = history.Output{Value: string(value), Found: true}
	}
	r.env.Send(from, answer)
}

func TestRegister(t *testing.T) { simtest.Run(t, simtest.Seeds(1000), registerWorld) }

func registerWorld(w *sim.World) experiment.Setup {
	server := w.AddNode("server", func() sim.Node { return &Register{} })
	setup := experiment.Setup{Nodes: []sim.NodeID{server}, Faults: "crash", Check: experiment.Linearizable(w, "register")}
	for i := range 3 {
		setup.Clients = append(setup.Clients, w.Go(fmt.Sprint("client ", i+1), func(p *sim.Process) {
			for n := range 20 { // at random times it reads, or writes what nobody else does
				p.Sleep(p.Rand("pause").Between(0, 100*time.Millisecond))
				if what := p.Rand("operation").N(3); what > 0 { // 0, the benign answer, is to ask nothing: a failure keeps few operations
					asked := history.Input{F: history.Function(what - 1), Value: fmt.Sprint(i+1, ".", n)}
					experiment.Ask(p, server, asked, 50*time.Millisecond)
				}
			}
		}))
	}
	return setup
}
