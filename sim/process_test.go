package sim_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// A call that does not wait gets no answer, not even from a server that takes
// no time.
func TestACallWithoutTimeTimesOutAtOnce(t *testing.T) {
	for _, timeout := range []time.Duration{0, -time.Second} {
		w := sim.NewWorld(sim.Options{})
		ended := call(w, w.AddNode("server", echoNode), "hello", timeout)
		w.RunFor(time.Second)
		expect(t, fmt.Sprint("timeout ", timeout), ended(), "<nil>, timed out at 0s")
	}
}

// A process that calls itself waits for an answer that only it could give, and
// finds the request when it has given up.
func TestAProcessThatCallsItselfWaitsInVain(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var story []string
	w.Go("client", func(p *sim.Process) {
		_, err := p.Call(p.ID(), "hello", time.Second)
		story = append(story, fmt.Sprint("call: ", err))
		from, m, err := p.Receive(time.Second)
		story = append(story, fmt.Sprint("received: ", m, " from node ", from.Node(), " ", err))
		p.Send(from, "too late")
		_, _, err = p.Receive(time.Second)
		story = append(story, fmt.Sprint("received: ", err))
	})
	w.RunFor(time.Minute)
	expect(t, "story", story, []string{"call: timed out", "received: hello from node 1 <nil>", "received: timed out"})
}

// A restarted process makes the same calls again; an answer to those of its
// earlier life is not for them.
func TestAnAnswerToAnEarlierLifeFindsNobody(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	answers := 0
	server := w.AddNode("server", func() sim.Node {
		return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) {
			answers++
			answer := fmt.Sprint("answer ", answers)
			env.After(100*time.Millisecond, func() { env.Send(from, answer) })
		}}
	})
	var got []string
	client := w.Go("client", func(p *sim.Process) {
		reply, err := p.Call(server, "hello", time.Second)
		got = append(got, fmt.Sprint(reply, " ", err, " at ", w.Now()))
	})
	w.RunFor(50 * time.Millisecond)
	w.Crash(client)
	w.Restart(client)
	w.RunFor(time.Second)
	expect(t, "answers", got, []string{"answer 2 <nil> at 150ms"})
}

func TestAProcessReceivesItsMessagesInTheirOrder(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var got []string
	receiver := w.Go("receiver", func(p *sim.Process) {
		p.Sleep(time.Second) // what comes meanwhile is kept
		for {
			_, m, err := p.Receive(time.Minute)
			if err != nil {
				return
			}
			got = append(got, fmt.Sprint(m, "@", w.Now()))
		}
	})
	w.Go("sender", func(p *sim.Process) {
		for i := range 20 {
			p.Send(receiver, i)
		}
		p.Sleep(2 * time.Second)
		p.Send(receiver, "late")
	})
	w.RunFor(time.Hour)
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprint(i, "@1s"))
	}
	expect(t, "received", got, append(want, "late@2s"))
}

func TestWaitingSaysWhatAProcessIsBlockedIn(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.AddNode("server", func() sim.Node { return &node{} })
	client := w.Go("client", func(p *sim.Process) {
		p.Sleep(time.Second)
		_, _ = p.Call(server, "hello", time.Second)
		_, _, _ = p.Receive(time.Second)
	})
	for _, want := range []string{"Sleep", "Call to server", "Receive", ""} {
		w.RunFor(500 * time.Millisecond)
		expect(t, fmt.Sprint("at ", w.Now()), w.Waiting(client), want)
		w.RunFor(500 * time.Millisecond)
	}
	w.Crash(client)
	expect(t, "when down", w.Waiting(client), "")
}

// A program that makes many worlds must not keep the coroutines of all of them.
func TestAClosedWorldLeavesNothingRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	unwound := 0
	var client *sim.Process
	for range 100 {
		w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
		for range 3 {
			w.Go("client", func(p *sim.Process) {
				client = p
				defer func() { unwound++ }()
				for {
					p.Sleep(time.Second)
				}
			})
		}
		w.RunFor(time.Minute)
		hash := w.Hash()
		w.Close()
		w.Close()
		if !w.RunFor(time.Minute) || w.Hash() != hash {
			t.Fatal("a closed world goes on")
		}
		expect(t, "its clock", client.Elapsed(), 2*time.Minute)
	}
	expect(t, "processes unwound", unwound, 300)
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// A disk operation of a process blocks it, and it may crash meanwhile.
func TestADiskOperationBlocksAProcess(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: slowDisk})
	var story []string
	client := w.Go("client", func(p *sim.Process) {
		err := p.Disk().SyncDir()
		story = append(story, fmt.Sprint("synced at ", w.Now(), " ", err))
		_ = p.Disk().SyncDir()
		story = append(story, "synced again")
	})
	w.RunFor(15 * time.Millisecond)
	w.Crash(client)
	w.RunFor(time.Second)
	expect(t, "story", story, []string{"synced at 10ms <nil>"})
	if err := w.Disk(client).SyncDir(); err != nil {
		t.Errorf("looked at from outside: %v", err)
	}
}

func TestTwoProcessesOfOneNameDrawDifferently(t *testing.T) {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
	drawn := map[uint64][]string{}
	for range 20 {
		w.Go("client", func(p *sim.Process) {
			n := p.Rand("jitter").N(1 << 60)
			drawn[n] = append(drawn[n], w.Name(p.ID()))
		})
	}
	w.RunFor(0)
	if len(drawn) != 20 {
		t.Errorf("20 clients drew only %d numbers: %v", len(drawn), drawn)
	}
}

func TestAnErrorOfHaltIsTheReason(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	bad := errors.New("bad sector")
	client := w.Go("client", func(p *sim.Process) { p.Halt(bad) })
	w.RunFor(0)
	if got := w.HaltReason(client); !errors.Is(got, bad) {
		t.Errorf("halted because of %v", got)
	}
}
