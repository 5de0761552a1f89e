package sim

import (
	"runtime"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/network"
	"seedbed.example/storage"
)

// busyWorld is a world in which everything goes on all the time: messages that
// are lost, late and doubled, timers that are set once, put off and forgotten,
// processes that call, sleep and receive, disks that are written, crashes,
// pauses and disturbed clocks. Its nodes allocate nothing of their own.
func busyWorld(t testing.TB) *World {
	w := NewWorld(Options{
		Choices: choice.Seed(1), EventLimit: 1 << 62, RestartAfter: time.Millisecond,
		Disk: storage.Conditions{SyncLatency: storage.Latency{Extra: time.Millisecond}, Lose: choice.Percent},
	})
	w.Network().SetLatency(network.Exponential(time.Millisecond, 2*time.Millisecond))
	w.Network().Impose(network.Condition{Loss: choice.Percent, Duplicate: choice.Percent, Delay: choice.Percent, DelayBy: 100 * time.Millisecond})
	for range 3 {
		w.AddNode("node", func() Node { return &busyNode{t: t} })
	}
	for range 2 {
		w.Go("client", func(p *Process) {
			m := &ping{}
			for {
				p.Sleep(3 * time.Millisecond)
				_, _ = p.Call(1, m, 5*time.Millisecond)
				for range 50 { // more than come
					_, _, _ = p.Receive(time.Millisecond)
				}
			}
		})
	}
	w.Go("done", func(p *Process) {}) // and yet it gets messages
	disturb(w)
	return w
}

// disturb crashes, pauses and disturbs one node after the other, for ever.
func disturb(w *World) {
	victim := NodeID(1)
	w.CrashAt(w.now+time.Millisecond, victim)
	w.At(w.now+5*time.Millisecond, func() {
		w.Restart(victim)
		w.Pause(victim)
		handle := w.Network().Impose(network.Condition{From: []int{int(victim)}, Cut: true})
		w.At(w.now+20*time.Millisecond, func() {
			w.Network().Lift(handle)
			w.Resume(victim)
			w.AdjustClock(victim, func(c *clock.Clock, now time.Duration) { _ = c.SetDrift(now, int(now/time.Second)%100-50) })
		})
		w.At(w.now+100*time.Millisecond, func() { disturb(w) })
	})
}

type busyNode struct {
	t           testing.TB
	env         Env
	file        storage.File
	tick        Timer
	electionDue Timer
	record      [100]byte
	ticks       int
}

func (n *busyNode) Start(env Env) {
	n.env = env
	var err error
	if n.file, err = env.Disk().Create("log"); err != nil {
		n.t.Error(err)
	}
	n.electionDue = env.NewTimer(func() {})
	n.tick = env.NewTimer(n.onTick)
	n.tick.Reset(0)
}

func (n *busyNode) onTick() {
	n.ticks++
	for to := NodeID(1); to <= 6; to++ {
		n.env.Send(to, n)
	}
	n.electionDue.Reset(time.Second) // put off again and again
	n.env.After(time.Millisecond, func() {})
	n.env.NewTimer(func() {}) // and never set
	if _, err := n.file.Write(n.record[:]); err != nil {
		n.t.Error(err)
	}
	if n.ticks%10 == 0 {
		if err := n.file.Sync(); err != nil {
			n.t.Error(err)
		}
		if err := n.file.Truncate(0); err != nil {
			n.t.Error(err)
		}
	}
	n.tick.Reset(2 * time.Millisecond)
}

func (n *busyNode) Receive(from NodeID, m Message) {
	if from.Port() > 0 {
		n.env.Send(from, m)
	}
}

// footprint is how much the engine holds of each thing.
func footprint(w *World) map[string]int {
	sizes := map[string]int{
		"events queued": cap(w.queue.heap), "messages in flight": cap(w.inFlight.values),
		"timers": cap(w.timers.values), "actions": cap(w.actions.values), "kinds": len(w.kinds.table),
	}
	for _, a := range w.actors[1:] {
		sizes["inboxes"] += len(a.inbox.values)
		sizes["planned crashes"] += cap(a.planned)
		sizes["streams"] += len(a.streams)
		if a.process != nil {
			sizes["mailboxes"] += len(a.process.mailbox.values)
		}
	}
	return sizes
}

// heap is how many bytes are reachable.
func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // the first one leaves what finalizers and pools still hold
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func TestMemoryDoesNotGrowWithTheRun(t *testing.T) {
	w := busyWorld(t)
	w.RunFor(20 * time.Second)
	before, beforeHeap := footprint(w), heap()
	w.RunFor(400 * time.Second)
	after, afterHeap := footprint(w), heap()
	for what, size := range after {
		if size > 2*before[what] { // it is the greatest number there ever was, rounded up
			t.Errorf("%s: room for %d after 20 times as long a run, and for %d before", what, size, before[what])
		}
	}
	if afterHeap > beforeHeap+beforeHeap/10 {
		t.Errorf("%d bytes are held after 20 times as long a run, and %d before", afterHeap, beforeHeap)
	}
	if w.Counts().Events < 500_000 || len(w.violations) > 0 {
		t.Errorf("only %d events, violations %v", w.Counts().Events, w.violations)
	}
}

// The hash of a run in which everything goes on: the same on every platform.
// When the engine comes to ask other choices, each seed becomes another run.
func TestOneSeedIsOneRunOnEveryPlatform(t *testing.T) {
	w := busyWorld(t)
	w.RunFor(10 * time.Second)
	const want = "cae36da35402ed8b"
	if got := w.Hash().String(); got != want {
		t.Errorf("the hash of seed 1 is %s, and was %s: every seed ever published means another run", got, want)
	}
}

func TestSteadyTrafficAllocatesNothing(t *testing.T) {
	for name, add := range map[string]func(w *World){
		"messages": func(w *World) {
			w.Network().SetLatency(network.LogNormal(2*time.Millisecond, 50))
			w.Network().Impose(network.Condition{Loss: choice.Percent, Duplicate: choice.Percent, Reorder: choice.Percent, Bandwidth: 1e6})
			w.AddNode("a", func() Node { return &echo{} })
			w.AddNode("b", func() Node { return &starter{peer: 1} })
		},
		"timers": func(w *World) { w.AddNode("a", func() Node { return &ticker{} }) },
		"a slow and paused node": func(w *World) {
			w.AddNode("a", func() Node { return &echo{} })
			w.AddNode("b", func() Node { return &starter{peer: 1} })
			w.AddNode("c", func() Node { return &starter{peer: 1} })
			w.Network().SetLatency(network.Constant(time.Millisecond))
			w.Slow(1, 100*time.Microsecond)
		},
		"processes": func(w *World) {
			w.Network().SetLatency(network.Constant(time.Millisecond))
			w.AddNode("a", func() Node { return &echo{} })
			w.Go("client", func(p *Process) {
				for m := (&ping{}); ; {
					p.Sleep(time.Millisecond)
					_, _ = p.Call(1, m, time.Second)
					p.Send(p.ID(), m)
					_, _, _ = p.Receive(time.Second)
				}
			})
		},
		"disks": func(w *World) { w.AddNode("a", func() Node { return &logger{} }) },
	} {
		w := NewWorld(Options{Choices: choice.Seed(1), EventLimit: 1 << 62, Disk: storage.Conditions{SyncLatency: storage.Latency{Extra: time.Millisecond}}})
		add(w)
		w.RunFor(10 * time.Second)
		events := w.Counts().Events
		allocated := testing.AllocsPerRun(100, func() {
			w.Pause(1)
			w.RunFor(10 * time.Millisecond)
			w.Resume(1)
			w.RunFor(10 * time.Millisecond)
		})
		if allocated > 0 {
			t.Errorf("%s: %v allocations in 20ms", name, allocated)
		}
		if passed := w.Counts().Events - events; passed < 500 || len(w.violations) > 0 {
			t.Errorf("%s: only %d events, violations %v", name, passed, w.violations)
		}
	}
}

// starter sends the first messages to an echo.
type starter struct {
	echo
	peer NodeID
}

func (s *starter) Start(env Env) {
	s.env = env
	for range 20 {
		env.Send(s.peer, &ping{})
	}
	var tick Timer
	tick = env.NewTimer(func() {
		env.Send(s.peer, s) // for those that are lost
		tick.Reset(10 * time.Millisecond)
	})
	tick.Reset(0)
}

// ticker keeps one timer that rings and one that is put off.
type ticker struct{ tick, late Timer }

func (n *ticker) Start(env Env) {
	n.late = env.NewTimer(func() {})
	n.tick = env.NewTimer(func() {
		n.late.Reset(100 * time.Millisecond)
		n.tick.Reset(time.Millisecond)
	})
	n.tick.Reset(0)
}

func (n *ticker) Receive(NodeID, Message) {}

// logger writes and syncs.
type logger struct {
	ticker
	file   storage.File
	record [100]byte
}

func (n *logger) Start(env Env) {
	n.file, _ = env.Disk().Create("log")
	writes := 0
	n.tick = env.NewTimer(func() {
		if writes++; writes%10 == 0 {
			_ = n.file.Truncate(0)
		}
		_, _ = n.file.Write(n.record[:])
		_ = n.file.Sync()
		n.tick.Reset(time.Millisecond)
	})
	n.tick.Reset(0)
}
