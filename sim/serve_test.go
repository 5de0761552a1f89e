package sim_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// serve answers each message with what answer makes of it.
func serve(answer func(p *sim.Process, m sim.Message) sim.Message) func(p *sim.Process) {
	return func(p *sim.Process) {
		for {
			from, m, err := p.Receive(sim.MaxTime)
			if err != nil {
				return
			}
			p.Send(from, answer(p, m))
		}
	}
}

func echo(_ *sim.Process, m sim.Message) sim.Message { return m }

// kept counts on the disk how often it was asked: one byte each, synced.
func kept(p *sim.Process, _ sim.Message) sim.Message {
	file, err := p.Disk().Open("asked")
	if err != nil {
		file, err = p.Disk().Create("asked")
		err = errors.Join(err, p.Disk().SyncDir())
	}
	if err != nil {
		return err
	}
	size, err := file.Size()
	_, wrong := file.WriteAt([]byte{1}, size)
	if err = errors.Join(err, wrong, file.Sync()); err != nil {
		return err
	}
	return size + 1
}

// Two calls of one server are under way at once, and it answers the later one
// first: each gets its own answer.
func TestABlockingServerAnswersWhoeverCalled(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.Serve("server", func(p *sim.Process) {
		first, hello, _ := p.Receive(time.Second)
		second, bye, _ := p.Receive(time.Second)
		p.Send(second, fmt.Sprint("to ", bye))
		p.Send(first, fmt.Sprint("to ", hello))
	})
	one := call(w, server, "hello", time.Second)
	other := call(w, server, "bye", time.Second)
	w.RunFor(2 * time.Second)
	expect(t, "the first", one(), "to hello, <nil> at 0s")
	expect(t, "the second", other(), "to bye, <nil> at 0s")
}

// A server that answers too late answers no later call, neither of the same
// life nor of the next.
func TestALateAnswerOfABlockingServerFindsNobody(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.Serve("server", serve(func(p *sim.Process, m sim.Message) sim.Message {
		p.Sleep(m.(time.Duration))
		return m
	}))
	var got []string
	client := w.Go("client", func(p *sim.Process) {
		for _, takes := range []time.Duration{150, 20, 30} {
			answer, err := p.Call(server, takes*time.Millisecond, 100*time.Millisecond)
			got = append(got, fmt.Sprint(answer, " ", err, " at ", p.Elapsed()))
		}
	})
	w.At(190*time.Millisecond, func() { w.Crash(client); w.Restart(client) }) // in its third call
	w.RunFor(time.Second)
	expect(t, "answers", got, []string{
		"<nil> timed out at 100ms", "20ms <nil> at 170ms",
		"<nil> timed out at 290ms", "20ms <nil> at 370ms", "30ms <nil> at 400ms",
	})
}

// A crash strikes while the server calls another: it begins again at the top,
// what it had taken in is gone, and the answer to its earlier life is for nobody.
func TestACrashInTheMidstOfACallOfAServer(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var story []string
	store := w.AddNode("store", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			env.After(50*time.Millisecond, func() { env.Send(from, fmt.Sprint("stored ", m)) })
		}}
	})
	front := w.Serve("front", func(p *sim.Process) {
		defer func() { story = append(story, "is unwound") }()
		story = append(story, fmt.Sprint("begins at ", w.Now()))
		for {
			from, m, err := p.Receive(sim.MaxTime)
			if err != nil {
				return
			}
			answer, err := p.Call(store, m, time.Second)
			story = append(story, fmt.Sprint(answer, " ", err))
			p.Send(from, answer)
		}
	})
	lost := call(w, front, "one", 200*time.Millisecond)
	w.At(10*time.Millisecond, func() { w.Crash(front) })
	w.At(20*time.Millisecond, func() { w.Restart(front) })
	w.RunFor(30 * time.Millisecond)
	answered := call(w, front, "two", time.Second)
	w.RunFor(time.Second)
	expect(t, "story", story, []string{"begins at 0s", "is unwound", "begins at 20ms", "stored two <nil>"})
	expect(t, "the call that it had taken", lost(), "<nil>, timed out at 200ms")
	expect(t, "the next one", answered(), "stored two, <nil> at 80ms")
	w.Close()
}

// What a blocking server has synced is there after a crash; what it was about
// to sync is not, nor is the answer.
func TestABlockingServerFindsItsDiskAsItWasSynced(t *testing.T) {
	disk := slowDisk // each sync takes 10 ms
	disk.Lose = choice.Always
	w := sim.NewWorld(sim.Options{Disk: disk})
	server := w.Serve("server", serve(kept))
	first := call(w, server, "count", time.Second)
	w.RunFor(30 * time.Millisecond) // the directory, then the file
	second := call(w, server, "count", 20*time.Millisecond)
	w.RunFor(5 * time.Millisecond) // in the midst of its sync
	w.Crash(server)
	w.Restart(server)
	w.RunFor(time.Second)
	third := call(w, server, "count", time.Second)
	w.RunFor(time.Second)
	expect(t, "first", first(), "1, <nil> at 20ms")
	expect(t, "second", second(), "<nil>, timed out at 50ms")
	expect(t, "third", third(), "2, <nil> at 1.045s")
}

func TestAPausedBlockingServerTakesWhatHasComeInItsOrder(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var got []string
	server := w.Serve("server", func(p *sim.Process) {
		p.Sleep(5 * time.Millisecond) // one message is in the mailbox already when it stands still
		for {
			_, m, err := p.Receive(sim.MaxTime)
			if err != nil {
				return
			}
			got = append(got, fmt.Sprint(m, "@", w.Now()))
		}
	})
	w.Go("client", func(p *sim.Process) {
		for i := range 4 {
			p.Send(server, i)
			p.Sleep(2 * time.Millisecond)
		}
	})
	w.At(3*time.Millisecond, func() { w.Pause(server) })
	w.At(time.Second, func() { w.Resume(server) })
	w.RunFor(2 * time.Second)
	expect(t, "taken", got, []string{"0@1s", "1@1s", "2@1s", "3@1s"})
}

func TestABlockingServerThatHaltsIsStartedAgain(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.Serve("server", serve(func(p *sim.Process, m sim.Message) sim.Message {
		if m == "poison" {
			p.Halt(errors.New("this was poison"))
		}
		return m
	}))
	poison := call(w, server, "poison", 100*time.Millisecond)
	w.RunFor(100 * time.Millisecond)
	if reason := w.HaltReason(server); reason == nil || reason.Error() != "this was poison" {
		t.Errorf("it halted because of %v", reason)
	}
	w.RunFor(sim.DefaultRestartAfter)
	answered := call(w, server, "hello", time.Second)
	w.RunFor(time.Second)
	expect(t, "poison", poison(), "<nil>, timed out at 100ms")
	expect(t, "afterwards", answered(), "hello, <nil> at 600ms")
}

// A crash at a point of its code strikes there: what comes after has not
// happened.
func TestACrashAtAPointOfABlockingServer(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.Serve("server", serve(func(p *sim.Process, m sim.Message) sim.Message {
		p.Point("about to answer")
		return m
	}))
	w.WhenPasses(server, 2, "about to answer", func(now time.Duration) { w.CrashAt(now, server) })
	first := call(w, server, "first", time.Second)
	w.RunFor(time.Second)
	second := call(w, server, "second", time.Second)
	w.RunFor(time.Second)
	expect(t, "first", first(), "first, <nil> at 0s")
	expect(t, "second", second(), "<nil>, timed out at 2s")
	expect(t, "up", w.Up(server), false)
}

func TestABlockingServerIsNoClient(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.Serve("server", serve(echo))
	client := w.Go("client", func(*sim.Process) {})
	w.RunFor(time.Second)
	expect(t, "clients", w.Clients(), []sim.NodeID{client})
	expect(t, "numbers", [2]int{w.Client(server), w.Client(client)}, [2]int{0, 1})
	expect(t, "it waits in", w.Waiting(server), "Receive")
	w.Serve("asking", func(p *sim.Process) { p.Invoke("hello") })
	w.RunFor(time.Second)
	if seen := w.Violations(); len(seen) != 1 || !strings.Contains(seen[0].Message, "a server has no operations of its own") {
		t.Errorf("a server that invokes: %v", seen)
	}
}

func TestABlockingServerThatReturnsAnswersNobodyUntilItIsRestarted(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.Serve("server", func(p *sim.Process) {
		from, m, _ := p.Receive(sim.MaxTime)
		p.Send(from, m)
	})
	first, second := call(w, server, "first", time.Second), call(w, server, "second", time.Second)
	w.RunFor(2 * time.Second)
	w.Crash(server)
	w.Restart(server)
	third := call(w, server, "third", time.Second)
	w.RunFor(time.Second)
	expect(t, "answers", []string{first(), second(), third()}, []string{"first, <nil> at 0s", "<nil>, timed out at 1s", "third, <nil> at 2s"})
}

// Two servers that block are told apart, and from one that is down, by the
// states that they publish; a client has none.
func TestABlockingServerPublishesItsState(t *testing.T) {
	states := func(publish bool) []uint64 {
		w := sim.NewWorld(sim.Options{Cover: true})
		defer w.Close()
		var servers [2]sim.NodeID
		for i := range servers {
			servers[i] = w.Serve("server", serve(func(p *sim.Process, m sim.Message) sim.Message {
				if publish {
					p.Publish(m.(sim.State))
				}
				return m
			}))
		}
		w.Go("client", func(p *sim.Process) {
			p.Publish(own(9)) // of no account
			for i := range 3 {
				_, _ = p.Call(servers[i%2], own(uint64(i+1)), time.Second)
			}
		})
		w.RunFor(time.Second)
		return w.States()
	}
	expect(t, "pairs", len(states(true)), 3)
	expect(t, "pairs of servers that publish nothing", len(states(false)), 0)
}

// A process has what a state machine has of the world, except timers: it
// sleeps.
func TestAProcessHasWhatAnEnvHas(t *testing.T) {
	env, process := reflect.TypeFor[sim.Env](), reflect.TypeFor[*sim.Process]()
	for i := range env.NumMethod() {
		method := env.Method(i)
		if method.Name == "NewTimer" || method.Name == "After" {
			continue
		}
		own, ok := process.MethodByName(method.Name)
		if !ok {
			t.Errorf("a process has no %s", method.Name)
			continue
		}
		if got, want := own.Type.NumIn()-1, method.Type.NumIn(); got != want || own.Type.NumOut() != method.Type.NumOut() {
			t.Errorf("%s of a process is %v, of an Env %v", method.Name, own.Type, method.Type)
		}
	}
}
