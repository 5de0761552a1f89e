package simtest

import (
	"fmt"
	"os"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"pgregory.net/rapid"

	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// TestMain makes of this program a second one, toy, which is a test of its own:
// its tests fail, as those of users do. The stories under testdata/script run it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"toy": func() {
		testing.Main(regexp.MatchString, toys, nil, nil)
	}})
}

var toys = []testing.InternalTest{
	{Name: "TestCoin", F: func(t *testing.T) { Run(t, 1000, coinWorld) }},
	{Name: "TestFair", F: func(t *testing.T) { Run(t, 200, fairWorld) }},
	{Name: "TestQuiet", F: func(t *testing.T) { Run(t, 150, quietWorld) }},
	{Name: "TestNobody", F: func(t *testing.T) { Run(t, 1, func(*sim.World) experiment.Setup { return experiment.Setup{} }) }},
	{Name: "TestNoSeeds", F: func(t *testing.T) { Run(t, 0, fairWorld) }},
	{Name: "TestMisspelt", F: func(t *testing.T) { Run(t, 1, misspeltWorld) }},
	{Name: "TestPanics", F: func(t *testing.T) { Run(t, 1, func(*sim.World) experiment.Setup { panic("no such thing") }) }},
	{Name: "TestForgetful", F: func(t *testing.T) { Run(t, 200, forgetfulWorld) }},
	{Name: "TestOutside", F: func(t *testing.T) { Run(t, 1000, outsideWorld()) }},
	{Name: "TestGroup", F: func(t *testing.T) {
		t.Run("a coin", func(t *testing.T) { Run(t, 1000, coinWorld) })
	}},
	{Name: "TestAliasing", F: func(t *testing.T) { Run(t, 200, aliasingWorld) }},
	{Name: "TestFatal", F: func(t *testing.T) {
		Run(t, 20, func(w *sim.World) experiment.Setup {
			w.Go("client", func(*sim.Process) { t.FailNow() })
			return experiment.Setup{Faults: "calm"}
		})
	}},
	{Name: "TestStranger", F: func(t *testing.T) {
		Run(t, 20, func(*sim.World) experiment.Setup { return experiment.Setup{Nodes: []sim.NodeID{7}} })
	}},
	{Name: "TestSlow", F: func(t *testing.T) { Run(t, 1<<40, fairWorld) }},
	{Name: "TestSame", F: func(t *testing.T) { SameRun(t, fairWorld, 42) }},
	{Name: "TestNotSame", F: func(t *testing.T) { SameRun(t, outsideWorld(), 42) }},
	{Name: "TestRapid", F: func(t *testing.T) { Rapid(t, registerProperty(false)) }},
	{Name: "TestRapidChoices", F: func(t *testing.T) { Rapid(t, coinProperty) }},
	{Name: "FuzzForgetful", F: func(t *testing.T) {
		input := drawInput(3)
		t.Run("0123", func(t *testing.T) { newProperty("FuzzForgetful", forgetfulWorld).fuzz(t, input.plan, input.choices) })
	}},
}

// coinWorld is a node that breaks a promise if it throws seven heads in a row.
func coinWorld(w *sim.World) experiment.Setup {
	id := w.AddNode("thrower", func() sim.Node { return &thrower{w} })
	return experiment.Setup{Nodes: []sim.NodeID{id}, Faults: "calm", Span: time.Second}
}

type thrower struct{ w *sim.World }

func (n *thrower) Start(env sim.Env) {
	heads := 0
	for env.Rand("coin").N(2) == 1 {
		heads++
	}
	env.Always("fewer than seven heads in a row", heads < 7)
}

func (n *thrower) Receive(sim.NodeID, sim.Message) {}

// aliasingWorld is a node that sends a list, and goes on writing into it.
func aliasingWorld(w *sim.World) experiment.Setup {
	list := w.AddNode("list", func() sim.Node { return &lister{} })
	return experiment.Setup{Nodes: []sim.NodeID{list, w.AddNode("reader", func() sim.Node { return &lister{} })}, Faults: "calm", Span: time.Second}
}

type lister struct {
	env  sim.Env
	sent []int
}

func (l *lister) Start(env sim.Env) {
	if l.env = env; env.ID() != 1 {
		return
	}
	l.sent = make([]int, 1)
	env.After(time.Millisecond, func() { env.Send(2, l.sent); env.After(time.Millisecond, func() { l.sent[0]++ }) })
}

func (l *lister) Receive(sim.NodeID, sim.Message) {}

func fairWorld(w *sim.World) experiment.Setup {
	w.Go("client", func(p *sim.Process) { p.Sometimes("heads", p.Rand("coin").N(2) == 1) })
	return experiment.Setup{Faults: "calm"}
}

func quietWorld(w *sim.World) experiment.Setup {
	w.Go("client", func(p *sim.Process) { p.Sometimes("the coin stands on its edge", false) })
	return experiment.Setup{Faults: "calm"}
}

func misspeltWorld(w *sim.World) experiment.Setup {
	return experiment.Setup{Nodes: []sim.NodeID{w.AddNode("n", func() sim.Node { return &thrower{w} })}, Faults: "crsh"}
}

// outsideWorld is decided by a variable that outlives its runs.
func outsideWorld() World {
	var runs atomic.Int64
	return func(w *sim.World) experiment.Setup {
		run := runs.Add(1)
		w.Go("client", func(p *sim.Process) {
			p.Sleep(time.Duration(run) * time.Millisecond)
			p.Never("the first run", run == 1)
		})
		return experiment.Setup{Faults: "calm"}
	}
}

// A register keeps one value on its disk.
type register struct {
	env    sim.Env
	synced bool // whether a write is on the disk before it is answered
}

func (r *register) Start(env sim.Env) { r.env = env }

func (r *register) Receive(from sim.NodeID, m sim.Message) {
	asked, answer := m.(history.Input), history.Output{}
	if asked.F == history.Write {
		if err := r.write(asked.Value); err != nil {
			r.env.Halt(err)
		}
	} else if file, err := r.env.Disk().Open("value"); err == nil {
		value, _ := storage.ReadAll(file)
		answer = history.Output{Value: string(value), Found: true}
	}
	r.env.Send(from, answer)
}

func (r *register) write(value string) error {
	if r.synced {
		_, err := storage.ReplaceFile(r.env.Disk(), "value", []byte(value))
		return err
	}
	file, err := r.env.Disk().Create("value")
	if err == nil {
		_, err = file.WriteAt([]byte(value), 0)
	}
	return err
}

// forgetfulWorld is a register that does not sync, and its clients; with
// TOY_MENDED set it does.
func forgetfulWorld(w *sim.World) experiment.Setup {
	return registerWorld(w, os.Getenv("TOY_MENDED") != "")
}

func registerWorld(w *sim.World, synced bool) experiment.Setup {
	server := w.AddNode("server", func() sim.Node { return &register{synced: synced} })
	setup := experiment.Setup{Nodes: []sim.NodeID{server}, Faults: "crash", Span: 2 * time.Second, Check: experiment.Linearizable(w, "register")}
	for i := range 3 {
		setup.Clients = append(setup.Clients, w.Go(fmt.Sprint("client ", i), func(p *sim.Process) {
			for j := range 10 {
				p.Sleep(p.Rand("pause").Between(0, 200*time.Millisecond))
				if what := p.Rand("what").N(3); what > 0 {
					asked := history.Input{F: history.Function(what - 1), Value: fmt.Sprint(i, ".", j)}
					experiment.Ask(p, server, asked, 50*time.Millisecond)
				}
			}
		}))
	}
	return setup
}

// coinProperty is broken by two choices of the world, not by what is drawn.
func coinProperty(rt *rapid.T, w *sim.World) {
	w.Go("client", func(p *sim.Process) {
		heads := 0
		for range 50 {
			heads += int(p.Rand("coin").N(2))
		}
		p.Always("fewer than two heads", heads < 2)
	})
	w.RunFor(time.Second)
}
