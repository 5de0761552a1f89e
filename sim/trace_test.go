package sim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// causes returns the chain of causes that led to the last event of a kind,
// backwards from it, each as "kind@node".
func causes(w *sim.World, kind sim.TraceEventKind) []string {
	events := w.Trace().Events
	last := 0
	for i := range events {
		if events[i].Kind == kind {
			last = i + 1
		}
	}
	var chain []string
	for id := uint64(last); id != 0; id = events[id-1].Cause {
		chain = append(chain, fmt.Sprintf("%s@%v", events[id-1].Kind, events[id-1].Node))
	}
	return chain
}

func TestAReturnIsCausedByTheDeliveryOfTheAnswer(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	server := w.AddNode("server", echoNode)
	w.Go("client", func(p *sim.Process) {
		op := p.Invoke("hello")
		if _, err := p.Call(server, "hello", time.Second); err == nil {
			op.OK("hello")
		}
	})
	w.RunFor(time.Second)
	expect(t, "causes", causes(w, sim.ReturnEvent),
		[]string{"return@2", "deliver@2", "send@1", "deliver@1", "send@2", "boot@2"})
}

func TestAReturnAfterATimeoutIsCausedByTheTimer(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	server := w.AddNode("server", func() sim.Node { return &node{} })
	w.Go("client", func(p *sim.Process) {
		op := p.Invoke("hello")
		if _, err := p.Call(server, "hello", time.Second); err != nil {
			op.Unknown()
		}
	})
	w.RunFor(time.Minute)
	expect(t, "causes", causes(w, sim.ReturnEvent), []string{"return@2", "timer@2", "boot@2"})
	expect(t, "outcome", w.History().Operations()[0].Outcome, history.Unknown)
}

func TestATimerIsCausedByTheHandlerThatSetIt(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	server := w.AddNode("server", func() sim.Node {
		var timer sim.Timer
		return &node{
			start: func(env sim.Env) {
				timer = env.NewTimer(func() { env.Log("rings") })
				timer.Reset(time.Second)
			},
			receive: func(env sim.Env, from sim.NodeID, m sim.Message) { timer.Reset(time.Minute) },
		}
	})
	w.Go("client", func(p *sim.Process) { p.Send(server, "later") })
	w.RunFor(time.Hour)
	expect(t, "causes", causes(w, sim.NoteEvent), []string{"note@1", "timer@1", "deliver@1", "send@2", "boot@2"})
}

// What comes after a wait on the disk is still done by the handler that waits,
// or because of what the process acted on that waits.
func TestASendAfterADiskOperationHasTheHandlersCause(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true, Disk: slowDisk})
	server := w.AddNode("server", syncingNode)
	call(w, server, "hello", time.Second)
	w.RunFor(time.Second)
	expect(t, "causes", causes(w, sim.DeliverEvent), []string{"deliver@2", "send@1", "deliver@1", "send@2", "boot@2"})

	w = sim.NewWorld(sim.Options{Record: true, Disk: slowDisk})
	server = w.AddNode("server", func() sim.Node { return &node{} })
	w.Go("client", func(p *sim.Process) {
		_ = p.Disk().SyncDir()
		p.Send(server, "synced")
	})
	w.RunFor(time.Second)
	expect(t, "causes", causes(w, sim.DeliverEvent), []string{"deliver@1", "send@2", "boot@2"})
}

// A process that takes a message out of its mailbox acts because of that
// message, however long it has lain there.
func TestAMessageFromTheMailboxIsACause(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	receiver := w.Go("receiver", func(p *sim.Process) {
		p.Sleep(time.Second)
		from, _, _ := p.Receive(0)
		p.Send(from, "thanks")
	})
	w.Go("sender", func(p *sim.Process) { p.Send(receiver, "hello") })
	w.RunFor(time.Minute)
	expect(t, "causes", causes(w, sim.DeliverEvent), []string{"deliver@2", "send@1", "deliver@1", "send@2", "boot@2"})
}

// What a plan or a test does to the world has no cause in it, and what a
// process does has.
func TestFaultsHaveTheCauseOfWhoeverStruckThem(t *testing.T) {
	disturb := func(w *sim.World) {
		w.Pause(1)
		w.Resume(1)
		w.Slow(1, 0)
		w.AdjustClock(1, func(c *clock.Clock, now time.Duration) { c.Jump(now, time.Second) })
		w.Crash(1)
		w.Restart(1)
	}
	for name, c := range map[string]struct {
		strike func(w *sim.World)
		caused bool
	}{
		"a plan":    {func(w *sim.World) { w.At(time.Second, func() { disturb(w) }) }, false},
		"a test":    {func(w *sim.World) { w.RunFor(time.Second); disturb(w) }, false},
		"a process": {func(w *sim.World) { w.Go("operator", func(p *sim.Process) { p.Sleep(time.Second); disturb(w) }) }, true},
	} {
		w := sim.NewWorld(sim.Options{Record: true})
		call(w, w.AddNode("server", echoNode), "hello", time.Second)
		c.strike(w)
		w.RunFor(time.Minute)
		seen := 0
		for _, e := range w.Trace().Events {
			strikes := e.Kind == sim.FaultEvent || e.Kind == sim.CrashEvent || (e.Kind == sim.BootEvent && e.At > 0)
			if strikes && (e.Cause != 0) != c.caused {
				t.Errorf("struck by %s: %v has cause %d", name, e, e.Cause)
			}
			if strikes {
				seen++
			}
		}
		expect(t, "faults of "+name, seen, 6)
	}
}

func TestAPlannedCrashInsideAHandlerHasNoCause(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true, Disk: slowDisk})
	server := w.AddNode("server", syncingNode)
	call(w, server, "hello", time.Second)
	w.CrashAt(5*time.Millisecond, server)
	w.RunFor(time.Second)
	expect(t, "causes", causes(w, sim.CrashEvent), []string{"crash@1"})
}

func TestARestartAfterAHaltIsCausedByTheHalt(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	halts := 0
	w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			if halts++; halts == 1 {
				env.After(time.Second, func() { env.Halt(errors.New("enough")) })
			}
		}}
	})
	w.RunFor(time.Minute)
	expect(t, "causes", causes(w, sim.BootEvent), []string{"boot@1", "crash@1", "timer@1", "boot@1"})
}

func TestWhatACrashDoesToTheDiskIsCausedByTheCrash(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true, Disk: storage.Conditions{Lose: choice.Always}, Choices: choice.Seed(1)})
	server := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			file, err := env.Disk().Create("file")
			if err == nil {
				err = env.Disk().SyncDir()
			}
			if err == nil {
				_, err = file.Write([]byte("forgotten"))
			}
			if err != nil {
				t.Error(err)
			}
		}}
	})
	w.CrashAt(time.Second, server)
	w.RunFor(time.Minute)
	events := w.Trace().Events
	last := events[len(events)-1]
	expect(t, "last event", last.String(), "          1s  1  disk lose: file, 9 bytes")
	expect(t, "its cause", events[last.Cause-1].Kind, sim.CrashEvent)
}

// A message that is lost as it is sent is dropped because of the send, as one
// that is lost later is.
func TestALostMessageIsDroppedBecauseOfItsSend(t *testing.T) {
	for name, c := range map[string]struct {
		options sim.Options
		setUp   func(w *sim.World)
		detail  string
	}{
		"as it is sent": {sim.Options{}, func(w *sim.World) { w.Network().Impose(network.Condition{Cut: true}) }, network.WasCut.String()},
		"on its way": {sim.Options{}, func(w *sim.World) {
			w.Network().SetLatency(network.Constant(time.Second))
			w.At(time.Millisecond, func() { w.Network().Impose(network.Condition{Cut: true}) })
		}, network.WasCut.String()},
		"at its end": {sim.Options{}, func(w *sim.World) { w.At(0, func() { w.Crash(1) }) }, "receiver is down"},
	} {
		c.options.Record = true
		w := sim.NewWorld(c.options)
		server := w.AddNode("server", func() sim.Node { return &node{} })
		c.setUp(w)
		w.Go("client", func(p *sim.Process) { p.Send(server, "hello") })
		w.RunFor(time.Minute)
		events := w.Trace().Events
		last := events[len(events)-1]
		expect(t, name+": last event", fmt.Sprint(last.Kind, ": ", last.Detail), "drop: "+c.detail)
		expect(t, name+": causes", causes(w, sim.DropEvent), []string{"drop@1", "send@2", "boot@2"})
		expect(t, name+": dropped", w.Counts().Dropped, uint64(1))
	}
}

// In the text, a message that arrives is told whole, and with what its cause
// tells; in what is marked there is a !!.
func TestTheTextTellsWhatCausesTellAndMarksWhatAViolationIsAbout(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	w.Network().SetLatency(network.Constant(2 * time.Millisecond))
	w.DescribeWith(func(v any) string {
		if v == "hello" {
			return "a greeting"
		}
		return ""
	})
	server := w.AddNode("server", echoNode)
	w.Go("client", func(p *sim.Process) {
		p.Sleep(time.Millisecond)
		op := p.Invoke("hello")
		answer, _ := p.Call(server, "hello", time.Second)
		op.OK(answer)
		w.Network().Impose(network.Condition{Cut: true})
		p.Send(server, 7)
	})
	w.At(time.Second, func() { w.Violate("test", "", "enough") })
	w.RunFor(2 * time.Second)
	w.Trace().Mark(5)
	expect(t, "text", w.Trace().String(), `          0s  1  boot server
          0s  2  boot client
         1ms  2  timer (set at 0s)
         1ms  2  invoke a greeting
         1ms  !! 2 -> 1  send string: a greeting
         3ms  1 <- 2  receive string: a greeting (sent at 1ms)
         3ms  1 -> 2  send string: a greeting
         5ms  2 <- 1  receive string: a greeting (sent at 3ms)
         5ms  2  return ok: a greeting (answer of 1)
         5ms  2 -> 1  send int: 7
         5ms  1 <- 2  drop int: the link is cut (sent at 5ms)
          1s  !! 0  violation test: enough
`)
}

// A list holds pointers, a map and itself.
type list struct {
	Text []byte
	Next *list
	Seen map[string]*int
	Wait time.Duration
	grow func()
}

// Two runs of one seed are told in the same words: no address and no order of a
// map gets into a trace.
func TestOneSeedIsToldInTheSameWords(t *testing.T) {
	tell := func() string {
		w := sim.NewWorld(sim.Options{Choices: choice.Seed(1), Record: true})
		w.Network().Impose(network.Condition{Loss: 30 * choice.Percent, Duplicate: 30 * choice.Percent})
		chatter(w)
		w.Go("client", func(p *sim.Process) {
			for i := range 20 {
				m := &list{Text: []byte("a"), Seen: map[string]*int{}, Wait: time.Second, grow: func() {}}
				for _, key := range strings.Split("the quick brown fox jumps", " ") {
					m.Seen[key] = new(int)
				}
				if m.Next = new(list); i == 19 {
					m.Next = m
				}
				op := p.Invoke(m)
				p.Send(1, m)
				op.OK([]any{m, nil})
				p.Sleep(time.Millisecond)
			}
		})
		w.RunFor(time.Second)
		var text bytes.Buffer
		if err := errors.Join(w.Trace().WriteJSON(&text), w.Trace().WriteText(&text)); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	first := tell()
	expect(t, "second telling", tell(), first)
	want := `{Text:"a" Next:{Text:"" Next:<nil> Seen:map[] Wait:0s grow:func()} Seen:map[brown:0 fox:0 jumps:0 quick:0 the:0] Wait:1s grow:func()}`
	if !strings.Contains(first, want) {
		t.Errorf("the trace does not tell of %s", want)
	}
	if strings.Contains(first, "0xc0") {
		t.Error("the trace holds an address")
	}
}

func TestATraceIsReadBackAsItWasWritten(t *testing.T) {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1), Record: true})
	chatter(w)
	w.RunFor(100 * time.Millisecond)
	var text bytes.Buffer
	if err := w.Trace().WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(&text)
	var header struct {
		Version int `json:"seedbed-trace"`
		Events  int
	}
	if err := decoder.Decode(&header); err != nil || header.Version != 1 || header.Events != len(w.Trace().Events) {
		t.Fatalf("header %+v, %v", header, err)
	}
	var events []sim.TraceEvent
	for decoder.More() {
		var e sim.TraceEvent
		if err := decoder.Decode(&e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	if !slices.Equal(events, w.Trace().Events) {
		t.Error("what was read is not what was written")
	}
}
