package sim_test

import (
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A handler that waits for time to pass, or for anything else, in a loop waits
// for ever: nothing else happens while it runs.
func TestAHandlerThatLoopsIsStoppedAndSaysWhere(t *testing.T) {
	for name, loop := range map[string]func(env sim.Env){
		"waiting for the monotonic clock": func(env sim.Env) {
			for env.Elapsed() < time.Second {
			}
		},
		"waiting for the wall clock": func(env sim.Env) {
			for start := env.Now(); env.Now().Equal(start); {
			}
		},
		"drawing": func(env sim.Env) {
			for env.Rand("dice").N(6) < 6 {
			}
		},
		"putting off a timer": func(env sim.Env) {
			for timer := env.NewTimer(func() {}); ; {
				timer.Reset(time.Second)
			}
		},
		"syncing": func(env sim.Env) {
			for disk := env.Disk(); ; {
				if err := disk.SyncDir(); err != nil {
					return
				}
			}
		},
		"logging": func(env sim.Env) {
			for {
				env.Log("still here")
			}
		},
	} {
		w := sim.NewWorld(sim.Options{})
		w.AddNode("looper", func() sim.Node { return &node{start: loop} })
		if w.RunFor(time.Second) {
			t.Errorf("%s: the run ended by itself", name)
			continue
		}
		v := w.Violations()[0]
		if v.Checker != "event limit" || !strings.Contains(v.Message, "looper") || !strings.Contains(v.Message, "TestAHandlerThatLoops") {
			t.Errorf("%s: the report lacks the looper or the loop:\n%s", name, v.Message)
		}
	}
}

func TestAProcessThatLoopsIsStoppedAndSaysWhere(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var looper *sim.Process
	w.Go("looper", func(p *sim.Process) {
		looper = p
		p.Sleep(time.Second)
		for p.Elapsed() < time.Minute {
		}
	})
	if w.RunFor(time.Hour) {
		t.Fatal("the run ended by itself")
	}
	v := w.Violations()[0]
	if v.Checker != "event limit" || !strings.Contains(v.Message, "looper") || !strings.Contains(v.Message, "TestAProcessThatLoops") {
		t.Errorf("the report lacks the looper or the loop:\n%s", v.Message)
	}
	expect(t, "its clock", looper.Elapsed(), time.Second) // a report may ask it
}

// Only one handler's calls count: a long run is no loop, and neither is a
// test that looks at a node from outside.
func TestManyShortHandlersAreNoLoop(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var env sim.Env
	w.AddNode("busy", func() sim.Node {
		return &node{start: func(e sim.Env) {
			env = e
			var again func()
			again = func() {
				for range 1000 {
					env.Elapsed()
				}
				env.After(time.Millisecond, again)
			}
			again()
		}}
	})
	w.RunFor(2 * time.Second)
	for range 2_000_000 {
		env.Elapsed()
	}
	if !w.RunFor(time.Second) {
		t.Error(w.Violations())
	}
}

// A report names the place of the panic first, then who called it, and no
// directories: they differ from machine to machine.
func TestAPanicsStackBeginsAtItsPlaceAndNamesNoDirectories(t *testing.T) {
	_, here, _, _ := runtime.Caller(0)
	for name, start := range map[string]func(w *sim.World){
		"node": func(w *sim.World) {
			w.AddNode("server", func() sim.Node { return &node{start: func(sim.Env) { explode(nil) }} })
		},
		"process": func(w *sim.World) {
			w.Go("client", func(p *sim.Process) {
				p.Sleep(time.Second)
				explode(nil)
			})
		},
		"action": func(w *sim.World) { w.At(time.Second, func() { explode(nil) }) },
	} {
		w := sim.NewWorld(sim.Options{})
		start(w)
		w.RunFor(2 * time.Second)
		lines := strings.Split(w.Violations()[0].Message, "\n")
		if len(lines) < 5 || !strings.HasSuffix(lines[1], "explode") || !strings.HasPrefix(strings.TrimSpace(lines[2]), "world_test.go:") {
			t.Errorf("%s: the stack does not begin where it happened:\n%s", name, strings.Join(lines, "\n"))
		}
		if last := lines[len(lines)-2]; !strings.Contains(last, "/sim_test.") {
			t.Errorf("%s: the stack does not end with the handler, but with %s", name, last)
		}
		if strings.Contains(w.Violations()[0].Message, filepath.Dir(here)) {
			t.Errorf("%s: the stack names the directory %s", name, filepath.Dir(here))
		}
	}
}

func TestAMessageToNobodyIsAViolationThatNamesTheSender(t *testing.T) {
	for _, to := range []sim.NodeID{0, 7} {
		w := sim.NewWorld(sim.Options{})
		w.AddNode("server", func() sim.Node {
			return &node{start: func(env sim.Env) { env.Send(to, "hello") }}
		})
		if w.RunFor(time.Second) {
			t.Fatalf("to %v: the run went on", to)
		}
		v := w.Violations()[0]
		if v.Checker != "panic" || !strings.Contains(v.Message, fmt.Sprintf("no node %v", to)) || !strings.Contains(v.Message, "TestAMessageToNobody") {
			t.Errorf("to %v: %s", to, v.Message)
		}
	}
}

func TestAHandlerCannotRunItsOwnWorld(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.Go("client", func(*sim.Process) { w.RunFor(time.Second) })
	if w.RunFor(time.Second) || w.Violations()[0].Checker != "panic" {
		t.Errorf("violations %v", w.Violations())
	}
}

func TestAPanicOfTheOneWhoWaitsIsAViolation(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.AddNode("server", echoNode)
	if w.RunWhile(func() bool { return explode(nil) == 0 }, time.Second) || w.Violations()[0].Checker != "panic" {
		t.Errorf("violations %v", w.Violations())
	}
}

// Whatever is given as "for ever": time stands still at its end, and never
// goes back.
func TestTimeDoesNotOverflow(t *testing.T) {
	const forever = math.MaxInt64
	w := sim.NewWorld(sim.Options{
		Choices: choice.Seed(1),
		Disk:    storage.Conditions{SyncLatency: storage.Latency{Least: forever}},
	})
	var last time.Duration
	look := func() {
		if w.Now() < last {
			t.Errorf("%v after %v", w.Now(), last)
		}
		last = w.Now()
	}
	w.Network().SetLatency(network.Exponential(forever, forever))
	w.Network().Impose(network.Condition{Delay: choice.Always, DelayBy: forever, Bandwidth: 1})
	server := w.AddNode("server", func() sim.Node {
		return &node{
			start: func(env sim.Env) {
				late := env.NewTimer(func() { t.Error("the end of time has come") })
				env.After(time.Minute, func() {
					late.Reset(time.Second)
					late.Reset(forever) // and not after a second
				})
				env.After(time.Hour, func() {
					_ = env.Disk().SyncDir()
					_ = env.Disk().SyncDir()
					env.Send(2, "synced")
				})
			},
			receive: func(sim.Env, sim.NodeID, sim.Message) { look() },
		}
	})
	w.Go("client", func(p *sim.Process) {
		for range 100 {
			p.Sleep(time.Minute)
			p.Send(server, "hello")
			look()
		}
		_, err := p.Call(server, "hello", forever)
		t.Errorf("the end of time has come: %v", err)
	})
	w.CrashAt(forever, server)
	w.RunFor(time.Second)
	for range 3 {
		if !w.RunFor(forever) || w.Now() != sim.MaxTime {
			t.Fatalf("it is %v, violations %v", w.Now(), w.Violations())
		}
		w.Network().Impose(network.Condition{Clog: forever})
		w.Slow(server, forever)
		look()
	}
}
