package outbox

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A listener acknowledges what it takes, which is not everything.
type listener struct {
	env   sim.Env
	takes func(*Deliver) bool
	heard []Deliver
}

func (l *listener) Start(env sim.Env) { l.env = env }
func (l *listener) Receive(from sim.NodeID, m sim.Message) {
	if d, ok := m.(*Deliver); ok {
		l.heard = append(l.heard, *d)
		if l.takes(d) {
			l.env.Send(from, &Acknowledge{d.Number})
		}
	}
}

// bodies returns what a listener has heard, in order.
func (l *listener) bodies() (all []string) {
	for i := range l.heard {
		all = append(all, l.heard[i].Body)
	}
	return all
}

// brokerWorld is a broker, node 1, and two listeners, of which both have what is
// published on "both", and the second what is published on "one".
func brokerWorld(choices choice.Source, o BrokerOptions, takes func(*Deliver) bool) (w *sim.World, first, second *listener) {
	w = sim.NewWorld(sim.Options{Choices: choices, Disk: storage.Conditions{Lose: choice.Always}})
	w.Network().SetLatency(network.Constant(time.Millisecond))
	o.Bindings = []Binding{{"both", 2}, {"both", 3}, {"one", 3}}
	w.AddNode("broker", func() sim.Node { return NewBroker(o) })
	first, second = &listener{takes: takes}, &listener{takes: takes}
	w.AddNode("first", func() sim.Node { return first })
	w.AddNode("second", func() sim.Node { return second })
	w.RunFor(0)
	return w, first, second
}

// publish lets a client publish each of these on a topic, until the broker has it.
func publish(w *sim.World, topic string, bodies ...string) {
	w.Go("client", func(p *sim.Process) {
		for i, body := range bodies {
			m := &Publish{Message{ID{topic, p.ID(), uint64(i + 1)}, body}}
			for {
				if _, err := p.Call(1, m, 50*time.Millisecond); err == nil {
					break
				}
			}
		}
	})
}

func all(*Deliver) bool { return true }

func expect(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestAMessageGoesToAllThatAreBoundToItsTopic(t *testing.T) {
	w, first, second := brokerWorld(choice.Zero{}, BrokerOptions{}, all)
	publish(w, "both", "x")
	publish(w, "one", "y")
	publish(w, "none", "z")
	w.RunFor(time.Second)
	expect(t, "the first heard", first.bodies(), []string{"x"})
	expect(t, "the second heard", second.bodies(), []string{"x", "y"})
}

func TestNoMoreAreUnderWayThanTheWindowAllows(t *testing.T) {
	w, _, second := brokerWorld(choice.Zero{}, BrokerOptions{Prefetch: 2, Redelivery: 10 * time.Millisecond}, func(d *Deliver) bool { return d.Body != "a" })
	publish(w, "one", "a", "b", "c", "d")
	w.RunFor(9 * time.Millisecond)
	expect(t, "before a redelivery", second.bodies(), []string{"a", "b", "c", "d"}) // b, c and d through the place that is free
	second.takes = func(*Deliver) bool { return false }
	publish(w, "one", "e", "f", "g")
	w.RunFor(20 * time.Millisecond)
	if slices.Contains(second.bodies(), "f") {
		t.Errorf("a and e are not acknowledged, and f was delivered: %v", second.bodies())
	}
	second.takes = all
	w.RunFor(time.Second)
	if pending := w.Node(1).(*Broker).Pending(); pending != 0 || !slices.Contains(second.bodies(), "g") {
		t.Errorf("%d are pending, heard %v", pending, second.bodies())
	}
}

// What the broker has taken it delivers, whatever crashes; and numbers are not
// used again, so that a late acknowledgement is for nothing else.
func TestABrokerForgetsNothingInACrash(t *testing.T) {
	for seed := range choice.Seed(100) {
		draw := choice.NewStream(seed, "test", "takes")
		w, first, second := brokerWorld(seed, BrokerOptions{Compacts: 4}, func(*Deliver) bool { return draw.N(2) == 1 })
		var bodies []string
		for i := range 20 {
			bodies = append(bodies, fmt.Sprint(i))
		}
		publish(w, "both", bodies...)
		for at := time.Millisecond; at < 100*time.Millisecond; at += draw.Between(time.Millisecond, 20*time.Millisecond) {
			w.At(at, func() { w.Crash(1); w.Restart(1) })
		}
		w.RunFor(20 * time.Second)
		for _, l := range []*listener{first, second} {
			numbers := make(map[uint64]string)
			for _, d := range l.heard {
				if body, ok := numbers[d.Number]; ok && body != d.Body {
					t.Fatalf("seed %d: number %d is %s and %s", seed, d.Number, body, d.Body)
				}
				numbers[d.Number] = d.Body
			}
			for _, body := range bodies {
				if !slices.Contains(l.bodies(), body) {
					t.Fatalf("seed %d: %s was published, and never delivered", seed, body)
				}
			}
		}
		if pending := w.Node(1).(*Broker).Pending(); pending != 0 {
			t.Fatalf("seed %d: %d are still pending", seed, pending)
		}
	}
}

// A log that was written anew holds what is pending, for whom it is pending, and
// which number comes next.
func TestABrokerGoesOnFromALogWrittenAnew(t *testing.T) {
	w, first, second := brokerWorld(choice.Zero{}, BrokerOptions{Compacts: 1}, all)
	second.takes = func(d *Deliver) bool { return d.Body != "b" }
	publish(w, "both", "a", "b")
	publish(w, "one", "c")
	w.RunFor(20 * time.Millisecond)
	w.Crash(1)
	w.Restart(1)
	w.RunFor(20 * time.Millisecond)
	expect(t, "the first heard", first.bodies(), []string{"a", "b"})
	expect(t, "the second heard", second.bodies(), []string{"a", "c", "b", "b"})
	second.takes = all
	w.RunFor(time.Second)
	w.Crash(1)
	w.Restart(1)
	w.RunFor(time.Millisecond)
	publish(w, "one", "d")
	w.RunFor(20 * time.Millisecond)
	if last := second.heard[len(second.heard)-1]; last.Body != "d" || last.Number != 4 {
		t.Errorf("after 3 messages %s comes as number %d", last.Body, last.Number)
	}
}

// An acknowledgement of what somebody else is to have, or of what nobody knows,
// changes nothing.
func TestAnAcknowledgementIsForTheSendersOwnMessage(t *testing.T) {
	w, _, _ := brokerWorld(choice.Zero{}, BrokerOptions{}, func(*Deliver) bool { return false })
	publish(w, "one", "x")
	w.RunFor(5 * time.Millisecond)
	b := w.Node(1).(*Broker)
	b.Receive(2, &Acknowledge{1})
	b.Receive(3, &Acknowledge{2})
	b.Receive(9, &Acknowledge{1})
	if b.Pending() != 1 {
		t.Errorf("%d are pending", b.Pending())
	}
	b.Receive(3, &Acknowledge{1})
	if b.Pending() != 0 {
		t.Errorf("%d are pending after the right one", b.Pending())
	}
}
