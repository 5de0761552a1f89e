package sim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// node is a state machine made of functions, for short tests.
type node struct {
	start   func(env sim.Env)
	receive func(env sim.Env, from sim.NodeID, m sim.Message)
	env     sim.Env
}

func (n *node) Start(env sim.Env) {
	n.env = env
	if n.start != nil {
		n.start(env)
	}
}

func (n *node) Receive(from sim.NodeID, m sim.Message) {
	if n.receive != nil {
		n.receive(n.env, from, m)
	}
}

// echoNode answers every message with itself.
func echoNode() sim.Node {
	return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) { env.Send(from, m) }}
}

// call lets a process call id once, and returns a function that tells how it
// ended.
func call(w *sim.World, id sim.NodeID, m sim.Message, timeout time.Duration) func() string {
	ended := "not ended"
	w.Go("caller", func(p *sim.Process) {
		reply, err := p.Call(id, m, timeout)
		ended = fmt.Sprintf("%v, %v at %v", reply, err, p.Elapsed())
	})
	return func() string { return ended }
}

func expect[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestACallReturnsTheAnswer(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	ended := call(w, w.AddNode("server", echoNode), "hello", time.Second)
	w.RunFor(2 * time.Second)
	expect(t, "call", ended(), "hello, <nil> at 0s")
}

func TestACallToANodeThatIsDownTimesOut(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.AddNode("server", echoNode)
	w.RunFor(0)
	w.Crash(server)
	ended := call(w, server, "hello", time.Second)
	w.RunFor(2 * time.Second)
	expect(t, "call", ended(), "<nil>, timed out at 1s")
}

// A reply that comes after its call has timed out must not answer the next one.
func TestALateAnswerFindsNobody(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			env.After(m.(time.Duration), func() { env.Send(from, m) })
		}}
	})
	var first, second string
	w.Go("client", func(p *sim.Process) {
		reply, err := p.Call(server, 150*time.Millisecond, 100*time.Millisecond)
		first = fmt.Sprint(reply, err)
		reply, err = p.Call(server, 90*time.Millisecond, 100*time.Millisecond)
		second = fmt.Sprint(reply, err)
	})
	w.RunFor(time.Second)
	expect(t, "first", first, "<nil> timed out")
	expect(t, "second", second, "90ms <nil>")
}

func TestACrashTakesMemoryTimersAndInboxButNotTheDisk(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var story []string
	boots := 0
	server := w.AddNode("server", func() sim.Node {
		boots++
		life := boots
		return &node{
			start: func(env sim.Env) {
				names, err := env.Disk().List()
				story = append(story, fmt.Sprint("boot ", life, " finds ", names, err))
				env.After(100*time.Millisecond, func() { story = append(story, fmt.Sprint("timer of life ", life)) })
				if _, err := env.Disk().Create(fmt.Sprint("life-", life)); err != nil {
					t.Error(err)
				}
				if err := env.Disk().SyncDir(); err != nil {
					t.Error(err)
				}
			},
		}
	})
	w.At(50*time.Millisecond, func() { w.Crash(server) })
	w.At(60*time.Millisecond, func() { w.Restart(server) })
	w.RunFor(time.Second)
	expect(t, "story", story, []string{
		"boot 1 finds [] <nil>",
		"boot 2 finds [life-1] <nil>",
		"timer of life 2",
	})
}

func TestAPausedNodeHandlesItsInboxInOrderWhenItResumes(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var got []string
	server := w.AddNode("server", func() sim.Node {
		return &node{
			start: func(env sim.Env) {
				env.After(30*time.Millisecond, func() { got = append(got, "timer") })
			},
			receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
				got = append(got, fmt.Sprint(m, "@", env.Elapsed()))
			},
		}
	})
	w.Go("client", func(p *sim.Process) {
		for i := range 3 {
			p.Sleep(20 * time.Millisecond)
			p.Send(server, i)
		}
	})
	w.At(10*time.Millisecond, func() { w.Pause(server) })
	w.RunFor(100 * time.Millisecond)
	expect(t, "while paused", got, nil)
	w.Resume(server)
	w.RunFor(0)
	expect(t, "after it resumed", got, []string{"0@100ms", "timer", "1@100ms", "2@100ms"})
}

// A message to oneself does not go over the network.
func TestAMessageToOneselfArrivesAtOnce(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.Network().SetLatency(network.Constant(time.Second))
	w.Network().Impose(network.Condition{Cut: true, Loss: choice.Always})
	var got []string
	w.AddNode("server", func() sim.Node {
		return &node{
			start: func(env sim.Env) { env.Send(env.ID(), "hello") },
			receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
				got = append(got, fmt.Sprint(m, " from ", from, " at ", w.Now()))
			},
		}
	})
	w.RunFor(time.Minute)
	expect(t, "received", got, []string{"hello from 1 at 0s"})
}

// What arrives as a node resumes waits behind what came while it was paused.
func TestNothingOvertakesTheInbox(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.Network().SetLatency(network.Constant(10 * time.Millisecond))
	var got []sim.Message
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) { got = append(got, m) }}
	})
	w.At(0, func() { w.Pause(server) })
	w.At(100*time.Millisecond, func() { w.Resume(server) })
	w.Go("client", func(p *sim.Process) {
		for i := range 10 {
			p.Send(server, i+1)
			p.Sleep(10 * time.Millisecond)
		}
	})
	w.RunFor(time.Second)
	expect(t, "received", got, []sim.Message{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
}

// A test that looks at a disk does not keep its owner busy.
func TestADiskLookedAtFromOutsideTakesNoTime(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	server := w.AddNode("server", echoNode)
	ended := call(w, server, "hello", time.Second)
	for _, id := range []sim.NodeID{server, w.Go("sleeper", func(p *sim.Process) { p.Sleep(time.Hour) })} {
		w.RunFor(0)
		if err := w.Disk(id).SyncDir(); err != nil {
			t.Error(err)
		}
	}
	again := call(w, server, "again", time.Second)
	w.RunFor(time.Second)
	expect(t, "calls", []string{ended(), again()}, []string{"hello, <nil> at 0s", "again, <nil> at 0s"})
}

func TestATimerFiresOnceAtItsLastSetting(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var fired []time.Duration
	w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			timer := env.NewTimer(func() { fired = append(fired, env.Elapsed()) })
			timer.Reset(50 * time.Millisecond)
			timer.Reset(80 * time.Millisecond) // later
			timer.Reset(20 * time.Millisecond) // sooner
			env.After(10*time.Millisecond, func() { timer.Reset(30 * time.Millisecond) })
			stopped := env.NewTimer(func() { t.Error("a stopped timer fired") })
			stopped.Reset(time.Millisecond)
			stopped.Stop()
		}}
	})
	w.RunFor(time.Second)
	expect(t, "fired", fired, []time.Duration{40 * time.Millisecond})
}

func TestATimerKeepsItsNodesOwnTime(t *testing.T) {
	for _, ppm := range []int{-100_000, 0, 100_000} {
		w := sim.NewWorld(sim.Options{})
		var fired time.Duration
		server := w.AddNode("server", func() sim.Node {
			return &node{start: func(env sim.Env) { env.After(time.Second, func() { fired = w.Now() }) }}
		})
		w.RunFor(500 * time.Millisecond)
		w.AdjustClock(server, func(c *clock.Clock, now time.Duration) { c.SetDrift(now, ppm) })
		w.RunFor(2 * time.Second)
		// The second half of the second is counted at the new speed.
		want := 500*time.Millisecond + time.Duration(int64(500*time.Millisecond)*1_000_000/int64(1_000_000+ppm))
		if off := fired - want; off < -time.Microsecond || off > time.Microsecond {
			t.Errorf("drift %d ppm: fired at %v of true time, want %v", ppm, fired, want)
		}
	}
}

// slowDisk makes each sync take 10 ms.
var slowDisk = storage.Conditions{SyncLatency: storage.Latency{Least: 10 * time.Millisecond}}

// A node that syncs twice for 10 ms and then answers must answer 20 ms later, and
// what arrives meanwhile must wait.
func TestDiskTimeDelaysWhatFollows(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	server := w.AddNode("server", syncingNode)
	first := call(w, server, "a", time.Second)
	second := call(w, server, "b", time.Second)
	third := call(w, server, "c", time.Second)
	w.RunFor(time.Second)
	expect(t, "first", first(), "a, <nil> at 20ms")
	expect(t, "second", second(), "b, <nil> at 40ms")
	expect(t, "third", third(), "c, <nil> at 60ms")
}

// syncingNode writes what it receives, syncs, and then acknowledges.
func syncingNode() sim.Node {
	return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
		file, err := env.Disk().Create("file")
		if err == nil {
			_, err = file.Write([]byte(m.(string)))
		}
		if err == nil {
			err = env.Disk().SyncDir()
		}
		if err == nil {
			err = file.Sync()
		}
		if err != nil {
			env.Halt(err)
		}
		env.Send(from, m)
	}}
}

// A planned crash strikes in the midst of a handler that takes time: what came
// before it has happened, what comes after it has not.
func TestAPlannedCrashStrikesInsideAHandler(t *testing.T) {
	for _, at := range []time.Duration{5 * time.Millisecond, 15 * time.Millisecond} {
		w := sim.NewWorld(sim.Options{Disk: slowDisk})
		server := w.AddNode("server", func() sim.Node {
			return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
				file, err := env.Disk().Create("file")
				if err != nil {
					t.Error(err)
				}
				if err := file.Sync(); err != nil {
					t.Error(err)
				}
				env.Send(from, m)
				if err := file.Sync(); err != nil {
					t.Error(err)
				}
				t.Errorf("crash planned at %v: the handler ran to its end", at)
			}}
		})
		w.CrashAt(at, server)
		ended := call(w, server, "a", 100*time.Millisecond)
		w.RunFor(time.Second)
		want := "<nil>, timed out at 100ms"
		if at > 10*time.Millisecond {
			want = "a, <nil> at 10ms"
		}
		expect(t, fmt.Sprint("crash at ", at), ended(), want)
		if w.Up(server) {
			t.Errorf("crash at %v: the node is still up", at)
		}
	}
}

func TestAHaltedNodeIsStartedAgainByItsSupervisor(t *testing.T) {
	w := sim.NewWorld(sim.Options{RestartAfter: 300 * time.Millisecond})
	var boots []time.Duration
	bad := errors.New("bad sector")
	server := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			boots = append(boots, w.Now())
			if len(boots) == 1 {
				env.Halt(bad)
				t.Error("Halt returned")
			}
		}}
	})
	w.RunFor(100 * time.Millisecond)
	if w.Up(server) || !errors.Is(w.HaltReason(server), bad) {
		t.Errorf("up %v, halted because of %v", w.Up(server), w.HaltReason(server))
	}
	w.RunFor(time.Second)
	expect(t, "boots", boots, []time.Duration{0, 300 * time.Millisecond})
	if !w.Up(server) || w.HaltReason(server) != nil {
		t.Errorf("after its restart: up %v, halted because of %v", w.Up(server), w.HaltReason(server))
	}
}

func TestAProcessThatCrashesStartsAgainAtItsBeginning(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var steps []string
	client := w.Go("client", func(p *sim.Process) {
		defer func() { steps = append(steps, "unwound") }()
		for i := range 3 {
			p.Sleep(10 * time.Millisecond)
			steps = append(steps, fmt.Sprint("step ", i))
		}
	})
	w.RunFor(15 * time.Millisecond)
	w.Crash(client)
	w.Restart(client)
	w.RunFor(time.Second)
	expect(t, "steps", steps, []string{"step 0", "unwound", "step 0", "step 1", "step 2", "unwound"})
}

func TestAPanicIsAViolationWithItsStack(t *testing.T) {
	for name, start := range map[string]func(w *sim.World){
		"node": func(w *sim.World) {
			w.AddNode("server", func() sim.Node { return &node{start: func(sim.Env) { explode(nil) }} })
		},
		"timer": func(w *sim.World) {
			w.AddNode("server", func() sim.Node {
				return &node{start: func(env sim.Env) { env.After(time.Second, func() { explode(nil) }) }}
			})
		},
		"process": func(w *sim.World) { w.Go("client", func(*sim.Process) { explode(nil) }) },
	} {
		w := sim.NewWorld(sim.Options{})
		start(w)
		if w.RunFor(2 * time.Second) {
			t.Errorf("%s: the run went on as if nothing had happened", name)
			continue
		}
		v := w.Violations()[0]
		if v.Checker != "panic" || !strings.Contains(v.Message, "index out of range") || !strings.Contains(v.Message, "explode") {
			t.Errorf("%s: the report lacks the panic or its place:\n%s", name, v.Message)
		}
	}
}

func explode(list []int) int { return list[len(list)] }

func TestARunWithoutEndIsStoppedAndSaysWhere(t *testing.T) {
	w := sim.NewWorld(sim.Options{EventLimit: 50_000})
	w.AddNode("spinner", func() sim.Node {
		return &node{start: func(env sim.Env) {
			var again func()
			again = func() { env.After(0, again) }
			again()
		}}
	})
	if w.RunFor(time.Second) {
		t.Fatal("the run ended by itself")
	}
	v := w.Violations()[0]
	if v.Checker != "event limit" || !strings.Contains(v.Message, "spinner: timer") {
		t.Errorf("the report does not name the spinner:\n%s", v.Message)
	}
}

func TestAHandlerThatSendsWithoutEndIsStoppedAndSaysWhere(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	id := w.AddNode("peer", echoNode)
	w.AddNode("flooder", func() sim.Node {
		return &node{start: func(env sim.Env) {
			w.Network() // the peer exists
			for {
				env.Send(id, 1)
			}
		}}
	})
	if w.RunFor(time.Second) {
		t.Fatal("the run ended by itself")
	}
	if v := w.Violations()[0]; v.Checker != "event limit" || !strings.Contains(v.Message, "flooder") {
		t.Errorf("the report does not name the flooder:\n%s", v.Message)
	}
}

func TestEveryEventOfATraceKnowsItsCause(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	call(w, w.AddNode("server", echoNode), "hello", time.Second)
	w.RunFor(time.Second)
	var chain []string
	events := w.Trace().Events
	for id := uint64(len(events)); id != 0; id = events[id-1].Cause {
		e := events[id-1]
		chain = append(chain, fmt.Sprintf("%s@%v", e.Kind, e.Node))
	}
	expect(t, "causes, backwards", chain, []string{"deliver@2", "send@1", "deliver@1", "send@2", "boot@2"})
}

func TestRecordingDoesNotChangeTheRun(t *testing.T) {
	for seed := range choice.Seed(20) {
		hashes := map[bool]sim.Hash{}
		for _, record := range []bool{false, true} {
			w := sim.NewWorld(sim.Options{Choices: seed, Record: record})
			chatter(w)
			w.RunFor(time.Second)
			hashes[record] = w.Hash()
		}
		if hashes[false] != hashes[true] {
			t.Errorf("seed %d: %v when recorded, %v when not", seed, hashes[true], hashes[false])
		}
	}
}

// chatter is three nodes that talk at random.
func chatter(w *sim.World) {
	for i := range 3 {
		w.AddNode(fmt.Sprint("node ", i+1), func() sim.Node {
			return &node{start: func(env sim.Env) {
				var talk func()
				talk = func() {
					env.Send(sim.NodeID(1+env.Rand("whom").N(3)), "hello")
					env.After(env.Rand("when").Between(time.Millisecond, 20*time.Millisecond), talk)
				}
				talk()
			}}
		})
	}
}

func TestTheHashTellsRunsApart(t *testing.T) {
	seen := map[sim.Hash]choice.Seed{}
	for seed := range choice.Seed(500) {
		w := sim.NewWorld(sim.Options{Choices: seed})
		chatter(w)
		w.RunFor(200 * time.Millisecond)
		if other, ok := seen[w.Hash()]; ok {
			t.Fatalf("seeds %d and %d have one hash", seed, other)
		}
		seen[w.Hash()] = seed
	}
}
