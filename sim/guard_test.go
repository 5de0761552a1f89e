package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// parcel is a message that can be changed.
type parcel struct {
	Number  int
	entries []string
}

// guardedStory runs a sender and a receiver under the guard, and returns what
// the guard has said, "" if nothing.
func guardedStory(t *testing.T, start func(w *sim.World, env sim.Env), receive func(env sim.Env, p *parcel)) string {
	t.Helper()
	w := sim.NewWorld(sim.Options{Guard: true})
	w.Network().SetLatency(network.Uniform(10*time.Millisecond, 10*time.Millisecond))
	w.AddNode("sender", func() sim.Node { return &node{start: func(env sim.Env) { start(w, env) }} })
	w.AddNode("receiver", func() sim.Node {
		return &node{receive: func(env sim.Env, _ sim.NodeID, m sim.Message) { receive(env, m.(*parcel)) }}
	})
	w.RunFor(time.Second)
	w.Close()
	var said []string
	for _, v := range w.Violations() {
		if v.Checker != "aliasing" {
			t.Errorf("%s: %s", v.Checker, v.Message)
		}
		said = append(said, v.Message)
	}
	if len(said) > 1 {
		t.Errorf("said more than once:\n%s", strings.Join(said, "\n"))
	}
	return strings.Join(said, "\n")
}

func TestTheGuardNamesWhoChangedAMessageAndWhereItWasSent(t *testing.T) {
	keep := func(sim.Env, *parcel) {}
	for _, story := range []struct {
		name    string
		start   func(w *sim.World, env sim.Env)
		receive func(env sim.Env, p *parcel)
		want    string
	}{
		{"by its sender, in the handler that sent it", func(_ *sim.World, env sim.Env) {
			p := &parcel{}
			env.Send(2, p)
			p.Number = 7
		}, keep, "changed after it was sent, by sender, when it handled its start."},
		{"by its sender, and another shares its memory", func(_ *sim.World, env sim.Env) {
			shared := []string{"a"}
			env.Send(2, &parcel{entries: shared})
			env.Send(2, &parcel{entries: shared})
			env.After(time.Millisecond, func() { shared[0] = "b" })
		}, keep, "changed after it was sent, by sender, when it handled a timer."},
		{"by its sender, later", func(_ *sim.World, env sim.Env) {
			p := &parcel{}
			env.Send(2, p)
			env.After(time.Millisecond, func() { p.Number = 7 })
		}, keep, "changed after it was sent, by sender, when it handled a timer."},
		{"by its sender, after it has arrived", func(_ *sim.World, env sim.Env) {
			p := &parcel{}
			env.Send(2, p)
			env.After(time.Minute/100, func() { p.Number = 7 })
		}, keep, "changed after it was delivered, by sender, when it handled a timer."},
		{"by its receiver", func(_ *sim.World, env sim.Env) {
			env.Send(2, &parcel{entries: []string{"a", "b"}})
		}, func(_ sim.Env, p *parcel) { p.entries[1] = "c" }, "changed after it was delivered, by receiver, when it handled parcel."},
		{"by its receiver, later", func(_ *sim.World, env sim.Env) {
			env.Send(2, &parcel{})
		}, func(env sim.Env, p *parcel) { env.After(time.Millisecond, func() { p.Number = 7 }) },
			"changed after it was delivered, by receiver, when it handled a timer."},
		{"by a handler that is unwound", func(_ *sim.World, env sim.Env) {
			env.Send(2, &parcel{})
		}, func(env sim.Env, p *parcel) {
			p.Number = 7
			env.Halt(nil)
		}, "changed after it was delivered, by receiver, when it handled parcel."},
		{"by an action", func(w *sim.World, env sim.Env) {
			p := &parcel{}
			env.Send(2, p)
			w.At(time.Millisecond, func() { p.Number = 7 })
		}, keep, "changed after it was sent, by the run itself, when it handled an action."},
		{"out of the window", func(w *sim.World, env sim.Env) {
			p := &parcel{}
			env.Send(2, p)
			for range 100 {
				env.Send(2, &parcel{Number: 1})
			}
			p.Number = 7
		}, keep, "changed after it was sent, by somebody, before it arrived."},
	} {
		t.Run(story.name, func(t *testing.T) {
			got := guardedStory(t, story.start, story.receive)
			if !strings.HasPrefix(got, "the parcel that sender sent to receiver at 0s was ") || !strings.Contains(got, story.want) {
				t.Errorf("want: ... %s\ngot: %s", story.want, got)
			}
			if _, at, ok := strings.Cut(got, "It was sent at\n"); !ok || !strings.Contains(at, "guard_test.go:") || strings.Contains(at, "sim.(*actor)") {
				t.Errorf("it does not name the place:\n%s", got)
			}
		})
	}
}

func TestTheGuardTellsWhatWasChanged(t *testing.T) {
	got := guardedStory(t, func(_ *sim.World, env sim.Env) { env.Send(2, &parcel{1, []string{"a"}}) },
		func(_ sim.Env, p *parcel) { p.entries[0] = "b" })
	if !strings.Contains(got, "\nwhen it was sent: {Number:1 entries:[a]}\nnow:              {Number:1 entries:[b]}\n") {
		t.Error(got)
	}
}

// Memory may be shared as long as nobody writes to it: a log that grows, and one
// message for many.
func TestTheGuardIsSilentAboutWhatIsSharedAndNotChanged(t *testing.T) {
	var kept []*parcel
	log := make([]string, 0, 1000)
	got := guardedStory(t, func(_ *sim.World, env sim.Env) {
		for i := range 100 {
			env.After(time.Duration(i)*time.Millisecond, func() {
				log = append(log, fmt.Sprint(i))
				p := &parcel{i, log}
				env.Send(2, p)
				env.Send(2, p)
			})
		}
	}, func(_ sim.Env, p *parcel) { kept = append(kept, p) })
	if got != "" || len(kept) != 200 {
		t.Errorf("%d arrived, and: %s", len(kept), got)
	}
}

// A log that is cut and grows again writes into what it has sent: the mistake
// that the guard is for.
func TestTheGuardSeesALogThatOverwritesWhatItHasSent(t *testing.T) {
	got := guardedStory(t, func(_ *sim.World, env sim.Env) {
		log := append(make([]string, 0, 10), "a", "b")
		env.Send(2, &parcel{entries: log})
		env.After(time.Millisecond, func() { log = append(log[:1], "c") })
	}, func(sim.Env, *parcel) {})
	if !strings.Contains(got, "changed after it was sent, by sender, when it handled a timer") {
		t.Error(got)
	}
}

func TestTheGuardDoesNotChangeTheRun(t *testing.T) {
	run := func(guard bool) *sim.World {
		w := sim.NewWorld(sim.Options{Choices: choice.Seed(3), Record: true, Guard: guard})
		w.Network().SetLatency(network.Uniform(time.Millisecond, 5*time.Millisecond))
		w.Network().Impose(network.Condition{Loss: 5 * choice.Percent, Duplicate: 5 * choice.Percent})
		chatter(w)
		w.RunFor(time.Second)
		w.Close()
		return w
	}
	plain, guarded := run(false), run(true)
	expect(t, "trace", guarded.Trace().String(), plain.Trace().String())
	expect(t, "hash", guarded.Hash(), plain.Hash())
	if plain.Counts().Messages < 100 || len(plain.Violations()) > 0 {
		t.Errorf("%+v, %v", plain.Counts(), plain.Violations())
	}
}

// What is lost on its way is forgotten: the number of its envelope is used
// again, here by a message that is too large to be guarded.
func TestTheGuardForgetsWhatIsLost(t *testing.T) {
	w := sim.NewWorld(sim.Options{Guard: true})
	w.Network().SetLatency(network.Uniform(10*time.Millisecond, 10*time.Millisecond))
	lost := &parcel{}
	w.AddNode("sender", func() sim.Node {
		return &node{start: func(env sim.Env) {
			env.Send(2, lost)
			env.After(20*time.Millisecond, func() {
				env.Send(3, make([]byte, 1<<20))
				for range 64 { // after which the lost one is out of the window
					env.Send(3, &parcel{})
				}
			})
		}}
	})
	down := w.AddNode("down", echoNode)
	w.AddNode("receiver", func() sim.Node { return &node{} })
	w.RunFor(0)
	w.Crash(down)
	w.At(25*time.Millisecond, func() { lost.Number = 7 })
	if !w.RunFor(time.Second) {
		t.Error(w.Violations())
	}
}
