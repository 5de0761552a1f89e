package sim

import "time"

// An event is one entry of the queue: at what time, what, and for whom. It
// holds no pointers, so that moving it in the heap costs no write barriers.
type event struct {
	at    time.Duration
	seq   uint64 // breaks ties: first queued, first out
	ref   uint32 // which envelope, timer or action, by kind
	actor uint16 // whom it concerns, 0 for the world itself
	kind  eventKind
}

type eventKind uint8

const (
	deliverEvent eventKind = iota // ref is an envelope
	timerEvent                    // ref is a timer
	actionEvent                   // ref is an action
	wakeEvent                     // the actor has finished what it was busy with
)

func (e *event) before(other *event) bool {
	if e.at != other.at {
		return e.at < other.at
	}
	return e.seq < other.seq
}

// queue is a 4-ary heap of values: half as deep as a binary one, and four
// siblings share a cache line or two.
type queue struct {
	heap []event
	seq  uint64
}

func (q *queue) len() int { return len(q.heap) }

func (q *queue) push(e event) {
	e.seq = q.seq
	q.seq++
	q.heap = append(q.heap, e)
	heap, i := q.heap, len(q.heap)-1
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&heap[parent]) {
			break
		}
		heap[i] = heap[parent]
		i = parent
	}
	heap[i] = e
}

// pop removes and returns the earliest event. The queue must not be empty.
func (q *queue) pop() event {
	heap := q.heap
	first, last := heap[0], heap[len(heap)-1]
	heap = heap[:len(heap)-1]
	q.heap = heap
	if len(heap) == 0 {
		return first
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= len(heap) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(heap)); c++ {
			if heap[c].before(&heap[least]) {
				least = c
			}
		}
		if !heap[least].before(&last) {
			break
		}
		heap[i] = heap[least]
		i = least
	}
	heap[i] = last
	return first
}
