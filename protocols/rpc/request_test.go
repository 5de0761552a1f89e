package rpc_test

import (
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/network"
	"seedbed.example/protocols/backoff"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// relay hands numbered items to a broker, each until it is taken.
type relay struct {
	env      sim.Env
	request  *rpc.Request
	broker   sim.NodeID
	items    int
	deadline time.Duration

	next     int
	gaveUpAt time.Duration
}

func (r *relay) Start(env sim.Env) {
	r.env = env
	r.request = rpc.NewRequest(env, backoff.New(env.Rand("retry"), 5*time.Millisecond, 100*time.Millisecond), func() { r.gaveUpAt = env.Elapsed() })
	r.offer()
}

func (r *relay) offer() { r.request.Ask(r.broker, Ask{r.next}, r.deadline) }

func (r *relay) Receive(_ sim.NodeID, m sim.Message) {
	if m.(*Reply).Number != r.next {
		return
	}
	r.request.Answered()
	if r.next++; r.next < r.items {
		r.offer()
	}
}

// broker takes items, and notes in which order they were new, and how many came.
type broker struct {
	env  sim.Env
	new  []int
	came int
}

func (b *broker) Start(env sim.Env) { b.env = env }

func (b *broker) Receive(from sim.NodeID, m sim.Message) {
	b.came++
	number := m.(Ask).Number
	if number == len(b.new) {
		b.new = append(b.new, number)
	}
	b.env.Send(from, &Reply{Number: number})
}

func relaying(choices choice.Source, items int, deadline time.Duration) (*sim.World, *relay, *broker) {
	w := sim.NewWorld(sim.Options{Choices: choices})
	r, b := &relay{broker: 2, items: items, deadline: deadline}, &broker{}
	w.AddNode("relay", func() sim.Node { return r })
	w.AddNode("broker", func() sim.Node { return b })
	return w, r, b
}

func TestARequestIsAskedUntilItIsAnswered(t *testing.T) {
	repeated := 0
	for seed := range choice.Seed(100) {
		w, r, b := relaying(seed, 20, time.Minute)
		w.Network().SetLatency(network.Uniform(time.Millisecond, 20*time.Millisecond))
		w.Network().Impose(network.Condition{Loss: 40 * choice.Percent, Duplicate: 20 * choice.Percent, Reorder: 20 * choice.Percent})
		w.RunFor(10 * time.Minute)
		if r.next != 20 || len(b.new) != 20 || r.gaveUpAt != 0 {
			t.Errorf("seed %d: %d answered, %d taken, gave up at %v", seed, r.next, len(b.new), r.gaveUpAt)
		}
		repeated += b.came - len(b.new)
	}
	if repeated == 0 {
		t.Error("nothing was ever asked again: the test tests nothing")
	}
}

func TestAnAnsweredRequestIsAskedNoMore(t *testing.T) {
	w, r, b := relaying(choice.Zero{}, 3, time.Second)
	w.Network().SetLatency(network.Constant(time.Millisecond))
	w.RunFor(10 * time.Second)
	if b.came != 3 || r.gaveUpAt != 0 {
		t.Errorf("3 items were offered %d times, and given up at %v", b.came, r.gaveUpAt)
	}
}

// The deadline is exact, on the node's own clock, however fast that runs, and
// nothing is sent after it.
func TestARequestIsGivenUpAtItsDeadline(t *testing.T) {
	for seed := range choice.Seed(50) {
		w, r, b := relaying(seed, 1, time.Second)
		w.AdjustClock(1, func(c *clock.Clock, now time.Duration) {
			if err := c.SetDrift(now, int(seed)*4000-100_000); err != nil {
				t.Fatal(err)
			}
		})
		w.Network().Impose(network.Condition{Loss: choice.Always})
		w.RunFor(10 * time.Second)
		if r.gaveUpAt < time.Second || r.gaveUpAt > time.Second+time.Microsecond || b.came > 0 {
			t.Errorf("seed %d: gave up at %v; %d came through", seed, r.gaveUpAt, b.came)
		}
	}
}

// greatest answers every choice with the greatest that it allows.
type greatest struct{}

func (greatest) Choose(_ *choice.Topic, _, n uint64) uint64 { return max(n, 1) - 1 }

// What is asked next has nothing to do with how often the last was asked in
// vain, and comes in its place.
func TestTheNextRequestBeginsAnew(t *testing.T) {
	w, r, _ := relaying(greatest{}, 1, time.Minute)
	var came []time.Duration
	r.broker = w.AddNode("deaf", func() sim.Node { return deaf(func() { came = append(came, w.Now()) }) })
	w.RunFor(time.Second)
	came = nil
	r.offer()
	w.RunFor(75 * time.Millisecond)
	for i, after := range []time.Duration{0, 10, 30, 70} {
		if len(came) != 4 || came[i] != time.Second+after*time.Millisecond {
			t.Fatalf("asked at %v, not 0, 10, 30 and 70 ms after the second", came)
		}
	}
}

// deaf is a node that notes what comes, and never answers.
type deaf func()

func (deaf) Start(sim.Env)                     {}
func (d deaf) Receive(sim.NodeID, sim.Message) { d() }
