package sim_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"seedbed.example/clock"
	"seedbed.example/sim"
)

// bootTimes returns a node that answers everything, and the times of its boots.
func bootTimes(w *sim.World) (server sim.NodeID, boots *[]time.Duration) {
	boots = new([]time.Duration)
	server = w.AddNode("server", func() sim.Node {
		*boots = append(*boots, w.Now())
		return echoNode()
	})
	return server, boots
}

func TestACrashEndsAPauseToo(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server, boots := bootTimes(w)
	w.RunFor(10 * time.Millisecond)
	w.Pause(server)
	lost := call(w, server, "lost", 50*time.Millisecond)
	w.RunFor(10 * time.Millisecond)
	w.Crash(server)
	w.Restart(server)
	w.RunFor(0)
	answered := call(w, server, "answered", 50*time.Millisecond)
	w.RunFor(time.Second)
	w.Resume(server) // of a pause that is over
	w.RunFor(time.Second)
	expect(t, "boots", *boots, []time.Duration{0, 20 * time.Millisecond})
	expect(t, "call while it was paused", lost(), "<nil>, timed out at 60ms")
	expect(t, "call after its restart", answered(), "answered, <nil> at 20ms")
}

func TestPausingWhatIsDownDoesNothing(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server, _ := bootTimes(w)
	w.RunFor(0)
	w.Crash(server)
	w.Pause(server)
	w.Restart(server)
	w.RunFor(0)
	answered := call(w, server, "answered", 50*time.Millisecond)
	w.RunFor(time.Second)
	expect(t, "call", answered(), "answered, <nil> at 0s")
}

func TestRestartingTwiceBootsOnce(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server, boots := bootTimes(w)
	w.RunFor(0)
	w.Crash(server)
	w.Restart(server)
	w.Restart(server)
	w.RunFor(0)
	w.Restart(server)
	w.RunFor(0)
	expect(t, "boots", *boots, []time.Duration{0, 0})
}

func TestACrashCallsOffARestart(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server, boots := bootTimes(w)
	w.RunFor(0)
	w.Crash(server)
	w.Restart(server)
	w.Crash(server)
	w.RunFor(time.Second)
	expect(t, "boots", *boots, []time.Duration{0})
	expect(t, "up", w.Up(server), false)
}

func TestTwoCrashesPlannedForOneTimeAreOne(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	server := w.AddNode("server", syncingNode)
	w.CrashAt(10*time.Millisecond, server)
	w.CrashAt(10*time.Millisecond, server)
	w.RunFor(20 * time.Millisecond)
	expect(t, "up", w.Up(server), false)
	w.Restart(server)
	w.RunFor(0)
	answered := call(w, server, "answered", time.Second) // and no crash strikes meanwhile
	w.RunFor(time.Minute)
	expect(t, "call", answered(), "answered, <nil> at 40ms")
}

func TestACrashPlannedForThePastStrikesNow(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk, Record: true})
	w.At(time.Second, func() { w.CrashAt(time.Millisecond, 1) })
	w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) { env.After(time.Second, func() { _ = env.Disk().SyncDir() }) }}
	})
	w.RunFor(time.Minute)
	var crashes []time.Duration
	for _, e := range w.Trace().Events {
		if e.Kind == sim.CrashEvent {
			crashes = append(crashes, e.At)
		}
	}
	expect(t, "crashes", crashes, []time.Duration{time.Second})
}

// A crash inside Start is a crash like any other, and so is the next start.
func TestAPlannedCrashStrikesInsideStart(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	var story []string
	server := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			story = append(story, fmt.Sprint("start at ", w.Now()))
			if err := env.Disk().SyncDir(); err != nil {
				t.Error(err)
			}
			story = append(story, fmt.Sprint("started by ", env.Elapsed()))
		}}
	})
	w.CrashAt(5*time.Millisecond, server)
	w.At(50*time.Millisecond, func() { w.Restart(server) })
	w.RunFor(time.Second)
	expect(t, "story", story, []string{"start at 0s", "start at 50ms", "started by 60ms"})
}

// The engine learns at the beginning of a handler that it dies in its midst.
// Until that time has come the node must not live again.
func TestNoNodeStartsBeforeItsLastLifeHasEnded(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk, RestartAfter: time.Millisecond})
	var boots []time.Duration
	server := w.AddNode("server", func() sim.Node {
		boots = append(boots, w.Now())
		return syncingNode()
	})
	call(w, server, "hello", time.Second)
	w.CrashAt(15*time.Millisecond, server)
	w.At(5*time.Millisecond, func() { w.Restart(server) })
	w.RunFor(time.Second)
	expect(t, "boots", boots, []time.Duration{0, 15 * time.Millisecond})
}

// The supervisor counts from the time at which the handler came to its Halt.
func TestASupervisorWaitsFromTheHaltOn(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk, RestartAfter: time.Millisecond})
	var boots []time.Duration
	w.AddNode("server", func() sim.Node {
		boots = append(boots, w.Now())
		return &node{start: func(env sim.Env) {
			if err := env.Disk().SyncDir(); err != nil {
				t.Error(err)
			}
			if len(boots) == 1 {
				env.Halt(errors.New("enough"))
			}
		}}
	})
	w.RunFor(time.Second)
	expect(t, "boots", boots, []time.Duration{0, 11 * time.Millisecond})
}

// A busy node that is crashed finishes what it is at, and begins nothing else.
func TestABusyNodeCrashesBeforeItsNextEvent(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	server := w.AddNode("server", syncingNode)
	first := call(w, server, "first", time.Second)
	second := call(w, server, "second", time.Second)
	third := call(w, server, "third", time.Second)
	w.At(25*time.Millisecond, func() { w.Crash(server) })
	w.RunFor(35 * time.Millisecond)
	expect(t, "up while it is busy", w.Up(server), true)
	w.RunFor(2 * time.Second)
	expect(t, "first", first(), "first, <nil> at 20ms")
	expect(t, "second", second(), "second, <nil> at 40ms")
	expect(t, "third", third(), "<nil>, timed out at 1s")
	expect(t, "up", w.Up(server), false)
}

// The time that each event costs a slow machine comes before what its handler
// does: a crash in that time comes before it too.
func TestASlowNodeCrashesAtThePlannedTime(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server, _ := bootTimes(w)
	w.RunFor(0)
	w.Slow(server, 10*time.Millisecond)
	ended := call(w, server, "hello", 100*time.Millisecond)
	w.CrashAt(5*time.Millisecond, server)
	w.RunFor(7 * time.Millisecond)
	expect(t, "up", w.Up(server), false)
	w.RunFor(time.Second)
	expect(t, "call", ended(), "<nil>, timed out at 100ms")
}

// A clock that is slowed down in the midst of a handler must not show the next
// handler less than it has shown this one.
func TestTheMonotonicClockOfABusyNodeNeverGoesBack(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	var readings []time.Duration
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			readings = append(readings, env.Elapsed())
			if err := env.Disk().SyncDir(); err != nil {
				t.Error(err)
			}
			readings = append(readings, env.Elapsed())
		}}
	})
	call(w, server, 1, time.Second)
	call(w, server, 2, time.Second)
	w.At(time.Millisecond, func() {
		w.AdjustClock(server, func(c *clock.Clock, now time.Duration) {
			if err := c.SetDrift(now, -clock.MaxDrift); err != nil {
				t.Error(err)
			}
		})
	})
	w.RunFor(time.Second)
	expect(t, "readings", readings, []time.Duration{0, 10 * time.Millisecond, 10 * time.Millisecond, 18 * time.Millisecond})
}

// The clock of a paused node runs on, and may run at another speed.
func TestATimerFollowsADriftThatBeginsInAPause(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var fired []time.Duration
	server := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			for _, d := range []time.Duration{100, 200, 300} {
				env.After(d*time.Millisecond, func() { fired = append(fired, w.Now()) })
			}
		}}
	})
	w.RunFor(50 * time.Millisecond)
	w.Pause(server)
	w.RunFor(100 * time.Millisecond) // the first one is due
	w.AdjustClock(server, func(c *clock.Clock, now time.Duration) {
		if err := c.SetDrift(now, clock.MaxDrift); err != nil {
			t.Error(err)
		}
	})
	w.RunFor(50 * time.Millisecond) // and so is the second
	w.Resume(server)
	w.RunFor(time.Second)
	expect(t, "fired", fired, []time.Duration{200 * time.Millisecond, 200 * time.Millisecond, 275 * time.Millisecond})
}

func TestWhoeverHaltsIsStartedAgain(t *testing.T) {
	enough := errors.New("enough")
	for name, c := range map[string]struct {
		reason error
		add    func(w *sim.World, halt func(func(error))) sim.NodeID
	}{
		"in a timer": {enough, func(w *sim.World, halt func(func(error))) sim.NodeID {
			return w.AddNode("server", func() sim.Node {
				return &node{start: func(env sim.Env) { env.After(0, func() { halt(env.Halt) }) }}
			})
		}},
		"in Receive": {enough, func(w *sim.World, halt func(func(error))) sim.NodeID {
			return w.AddNode("server", func() sim.Node {
				return &node{
					start:   func(env sim.Env) { env.Send(env.ID(), "") },
					receive: func(env sim.Env, from sim.NodeID, m sim.Message) { halt(env.Halt) },
				}
			})
		}},
		"in a process": {enough, func(w *sim.World, halt func(func(error))) sim.NodeID {
			return w.Go("client", func(p *sim.Process) { halt(p.Halt) })
		}},
		"from outside": {enough, func(w *sim.World, halt func(func(error))) sim.NodeID {
			return w.AddNode("server", func() sim.Node {
				return &node{start: func(env sim.Env) { w.At(w.Now(), func() { halt(env.Halt) }) }}
			})
		}},
		"without a reason": {nil, func(w *sim.World, halt func(func(error))) sim.NodeID {
			return w.Go("client", func(p *sim.Process) { halt(p.Halt) })
		}},
	} {
		w := sim.NewWorld(sim.Options{})
		halts := 0
		id := c.add(w, func(halt func(error)) {
			if halts++; halts == 1 {
				halt(c.reason)
			}
		})
		if w.RunFor(100 * time.Millisecond); w.Up(id) || w.HaltReason(id) == nil || (c.reason != nil && w.HaltReason(id) != c.reason) {
			t.Errorf("%s: up %v, halted because of %v", name, w.Up(id), w.HaltReason(id))
		}
		if !w.RunFor(time.Second) || !w.Up(id) || halts != 2 {
			t.Errorf("%s: after its restart: up %v, came to the place %d times, violations %v", name, w.Up(id), halts, w.Violations())
		}
	}
}

func TestATestMayHaltANode(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var env sim.Env
	server := w.AddNode("server", func() sim.Node { return &node{start: func(e sim.Env) { env = e }} })
	w.RunFor(time.Second)
	env.Halt(errors.New("enough"))
	expect(t, "up", w.Up(server), false)
	env.Halt(errors.New("it is down already"))
	expect(t, "reason", w.HaltReason(server).Error(), "enough")
	w.RunFor(time.Second)
	expect(t, "up after a while", w.Up(server), true)
}

func TestANodeThatRecoversFromItsHaltIsDownAllTheSame(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			defer func() { _ = recover() }()
			env.Halt(errors.New("enough"))
		}}
	})
	call(w, server, "hello", time.Millisecond)
	w.RunFor(100 * time.Millisecond)
	expect(t, "up", w.Up(server), false)
}

// A handler that recovers from whatever is thrown does not outlive its node.
func TestANodeThatRecoversIsDeadAllTheSame(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			func() {
				defer func() { _ = recover() }()
				_ = env.Disk().SyncDir()
			}()
			env.Send(from, m)
		}}
	})
	w.CrashAt(5*time.Millisecond, server)
	ended := call(w, server, "hello", time.Second)
	if !w.RunFor(2 * time.Second) {
		t.Errorf("violations %v", w.Violations())
	}
	expect(t, "call", ended(), "<nil>, timed out at 1s")
	expect(t, "up", w.Up(server), false)
}

// What a deferred function throws while a crash unwinds its handler is no
// finding: a machine that loses its power runs no deferred functions.
func TestADeferredPanicOfACrashedHandlerIsNoViolation(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	w.CrashAt(5*time.Millisecond, w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			defer func() { panic("the result is missing") }()
			_ = env.Disk().SyncDir()
		}}
	}))
	w.CrashAt(5*time.Millisecond, w.Go("client", func(p *sim.Process) {
		defer func() { panic("the result is missing") }()
		p.Sleep(time.Second)
	}))
	if !w.RunFor(time.Second) {
		t.Errorf("violations %v", w.Violations())
	}
}

func TestACrashedProcessDoesNothingMore(t *testing.T) {
	for name, body := range map[string]func(p *sim.Process, server sim.NodeID){
		"in deferred functions": func(p *sim.Process, server sim.NodeID) {
			defer p.Send(server, "deferred")
			defer func() { _, _ = p.Call(server, "deferred", time.Second) }()
			p.Sleep(time.Hour)
		},
		"by recovering": func(p *sim.Process, server sim.NodeID) {
			for {
				func() {
					defer func() { _ = recover() }()
					p.Sleep(time.Hour)
					p.Send(server, "alive")
				}()
			}
		},
		"by recovering in a deferred function": func(p *sim.Process, server sim.NodeID) {
			defer func() {
				for {
					func() {
						defer func() { _ = recover() }()
						p.Send(server, "alive")
					}()
				}
			}()
			p.Sleep(time.Hour)
		},
	} {
		w := sim.NewWorld(sim.Options{})
		server := w.AddNode("server", func() sim.Node {
			return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) { t.Errorf("%s: it sent %v", name, m) }}
		})
		client := w.Go("client", func(p *sim.Process) { body(p, server) })
		w.RunFor(time.Second)
		w.Crash(client)
		if !w.RunFor(time.Minute) {
			t.Errorf("%s: violations %v", name, w.Violations())
		}
	}
}

// A process may crash itself, as an operator who pulls the wrong plug, and
// another one.
func TestAProcessMayCrashProcesses(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var story []string
	note := func(what string) { story = append(story, fmt.Sprint(what, " at ", w.Now())) }
	victim := w.Go("victim", func(p *sim.Process) {
		defer note("the victim is down")
		p.Sleep(time.Hour)
	})
	w.Go("operator", func(p *sim.Process) {
		defer note("the operator is down")
		p.Sleep(time.Second)
		w.Crash(victim)
		note("the operator goes on")
		w.Crash(p.ID())
		note("the operator finishes what it is at")
		p.Sleep(time.Second)
		t.Error("the operator outlived its crash")
	})
	w.RunFor(time.Minute)
	expect(t, "story", story, []string{
		"the victim is down at 1s", "the operator goes on at 1s",
		"the operator finishes what it is at at 1s", "the operator is down at 1s",
	})
}

func TestAnInboxIsLeftAloneAfterAViolation(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	handled := 0
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			handled++
			w.Violate("test", "", "enough")
		}}
	})
	w.RunFor(0)
	w.Pause(server)
	call(w, server, 1, time.Second)
	call(w, server, 2, time.Second)
	w.RunFor(0)
	w.Resume(server)
	expect(t, "run", w.RunFor(time.Minute), false)
	expect(t, "handled", handled, 1)
}

// A pause that begins while a node is busy begins there: it comes back to its
// inbox when it resumes.
func TestANodeThatIsPausedWhileItIsBusyHandlesNothingMore(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	server := w.AddNode("server", syncingNode)
	first := call(w, server, "first", time.Second)
	second := call(w, server, "second", time.Second)
	w.At(5*time.Millisecond, func() { w.Pause(server) })
	w.At(100*time.Millisecond, func() { w.Resume(server) })
	w.RunFor(2 * time.Second)
	expect(t, "first", first(), "first, <nil> at 20ms")
	expect(t, "second", second(), "second, <nil> at 120ms")
}

func TestNothingHappensAfterAViolation(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server, boots := bootTimes(w)
	w.At(time.Second, func() {
		w.Crash(server)
		w.Violate("test", "", "enough")
		w.Restart(server)
	})
	expect(t, "run", w.RunFor(time.Minute), false)
	expect(t, "and again", w.RunFor(time.Minute), false)
	expect(t, "now", w.Now(), time.Second)
	expect(t, "boots", *boots, []time.Duration{0})
}
