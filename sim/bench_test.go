package sim

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
)

// Each benchmark stands beside its floor: the least that the same job costs in
// a bare loop on the same machine. Their ratio is what a budget speaks of.

// ping is a message of the benchmarks.
type ping struct{}

// echo sends back whatever it receives.
type echo struct{ env Env }

func (e *echo) Start(env Env)                  { e.env = env }
func (e *echo) Receive(from NodeID, m Message) { e.env.Send(from, m) }

// BenchmarkDeliver measures one message: its fate, the queue, the hash and the
// dispatch to a node, on a network with latency and loss.
func BenchmarkDeliver(b *testing.B) {
	w := NewWorld(Options{Choices: choice.Seed(1), EventLimit: 1 << 62})
	latency, err := network.ParseLatency("uniform 1ms..5ms")
	if err != nil {
		b.Fatal(err)
	}
	w.Network().SetLatency(latency)
	a := w.AddNode("a", func() Node { return &echo{} })
	c := w.AddNode("b", func() Node { return &echo{} })
	w.RunFor(0)
	for range 50 {
		w.actor(a).Send(c, &ping{})
	}
	events := 0
	w.RunWhile(func() bool { events++; return events < 10_000 }, MaxTime)
	b.ReportAllocs()
	b.ResetTimer()
	events = 0
	w.RunWhile(func() bool { events++; return events <= b.N }, MaxTime)
}

// BenchmarkDeliverFloor is the same job as a bare loop: two draws for the
// fate, a heap of values, a hash of two words, a call of an interface method.
func BenchmarkDeliverFloor(b *testing.B) {
	var q queue
	var h Hash
	seed, topic := choice.Seed(1), choice.NewTopic("network latency", "1->2")
	nodes := []Node{&echo{}, &echo{}}
	sink := &sinkNode{}
	nodes[0], nodes[1] = sink, sink
	messages := make([]Message, 64)
	for i := range messages {
		messages[i] = &ping{}
	}
	for i := range 50 {
		q.push(event{at: time.Duration(i), ref: uint32(i)})
	}
	var index uint64
	b.ReportAllocs()
	for b.Loop() {
		e := q.pop()
		nodes[e.ref&1].Receive(NodeID(e.ref), messages[e.ref])
		index++
		e.at += time.Duration(seed.Choose(&topic, index, 4_000_000)) + time.Millisecond
		if seed.Choose(&topic, index, 1000) < 999 {
			h.add(uint64(e.at), uint64(e.ref))
		}
		q.push(e)
	}
	benchmarkSink = uint64(h)
}

type sinkNode struct{ n uint64 }

func (s *sinkNode) Start(Env)               {}
func (s *sinkNode) Receive(NodeID, Message) { s.n++ }

var benchmarkSink uint64

// BenchmarkQueue measures one pop and one push at a steady number of pending
// events, beside a bare 4-ary heap of the same values that knows only times.
func BenchmarkQueue(b *testing.B) {
	for _, pending := range []int{100, 100_000} {
		b.Run(fmt.Sprint(pending), func(b *testing.B) {
			var q queue
			draw := choice.NewStream(choice.Seed(1), "bench", "queue")
			for range pending {
				q.push(event{at: time.Duration(draw.N(1 << 20))})
			}
			b.ReportAllocs()
			for b.Loop() {
				e := q.pop()
				e.at += time.Duration(draw.N(1 << 20))
				q.push(e)
			}
		})
		b.Run(fmt.Sprintf("%d-floor", pending), func(b *testing.B) {
			var h bareHeap
			draw := choice.NewStream(choice.Seed(1), "bench", "queue")
			for range pending {
				h.push(event{at: time.Duration(draw.N(1 << 20))})
			}
			b.ReportAllocs()
			for b.Loop() {
				e := h.pop()
				e.at += time.Duration(draw.N(1 << 20))
				h.push(e)
			}
		})
	}
}

// bareHeap is a 4-ary heap as in a textbook.
type bareHeap []event

func (h *bareHeap) push(e event) {
	*h = append(*h, e)
	heap, i := *h, len(*h)-1
	for i > 0 && e.at < heap[(i-1)/4].at {
		heap[i] = heap[(i-1)/4]
		i = (i - 1) / 4
	}
	heap[i] = e
}

func (h *bareHeap) pop() event {
	heap := (*h)[:len(*h)-1]
	first, last := (*h)[0], (*h)[len(heap)]
	*h = heap
	i := 0
	for child := 1; child < len(heap); child = 4*i + 1 {
		least := child
		for c := child + 1; c < min(child+4, len(heap)); c++ {
			if heap[c].at < heap[least].at {
				least = c
			}
		}
		if heap[least].at >= last.at {
			break
		}
		heap[i] = heap[least]
		i = least
	}
	heap[i] = last
	return first
}

// BenchmarkProcessSwitch measures a process that sleeps: out of its coroutine,
// through the queue, and back in.
func BenchmarkProcessSwitch(b *testing.B) {
	w := NewWorld(Options{EventLimit: 1 << 62})
	w.Go("sleeper", func(p *Process) {
		for {
			p.Sleep(time.Millisecond)
		}
	})
	w.RunFor(time.Second)
	b.ReportAllocs()
	b.ResetTimer()
	w.RunFor(time.Duration(b.N) * time.Millisecond)
}

// BenchmarkProcessSwitchFloor is a bare iter.Pull.
func BenchmarkProcessSwitchFloor(b *testing.B) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	b.ReportAllocs()
	for b.Loop() {
		next()
	}
}

// BenchmarkTimerReset measures putting off a timer that stands, as each
// heartbeat does to an election timeout.
func BenchmarkTimerReset(b *testing.B) {
	w := NewWorld(Options{})
	id := w.AddNode("a", func() Node { return &echo{} })
	w.RunFor(0)
	timer := w.actor(id).NewTimer(func() {})
	b.ReportAllocs()
	for b.Loop() {
		timer.Reset(150 * time.Millisecond)
	}
}

// BenchmarkPromises measures what promises cost where nothing is wrong.
func BenchmarkPromises(b *testing.B) {
	w := NewWorld(Options{})
	var env Env = w.actor(w.AddNode("a", func() Node { return &echo{} }))
	w.Eventually("a leader", true)
	b.Run("always", func(b *testing.B) {
		for b.Loop() {
			env.Always("holds", true)
		}
	})
	b.Run("eventually", func(b *testing.B) {
		for b.Loop() {
			w.Eventually("a leader", true)
		}
	})
	b.Run("sometimes", func(b *testing.B) {
		for b.Loop() {
			w.Sometimes("a snapshot", true)
		}
	})
}
