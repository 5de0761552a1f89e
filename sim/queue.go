package sim

import (
	"math/bits"
	"time"
)

// An event is one entry of the queue: at what time, and what. It holds no
// pointers, so that moving it in the heap costs no write barriers, and no more
// than the four fields that the compiler keeps in registers.
type event struct {
	at   time.Duration
	seq  uint64 // breaks ties: first queued, first out
	ref  uint32 // which envelope, timer, action or actor, by kind
	kind eventKind
}

type eventKind uint8

const (
	deliverEvent eventKind = iota // ref is an envelope
	timerEvent                    // ref is a timer
	actionEvent                   // ref is an action
	wakeEvent                     // ref is an actor that has finished what it was busy with
)

// before returns 1 if e comes before other, else 0: a number to calculate
// with, because a branch that the processor can't foresee costs more than all
// the rest of a step down the heap.
func (e *event) before(other *event) int {
	_, borrow := bits.Sub64(e.seq, other.seq, 0)
	_, borrow = bits.Sub64(uint64(e.at), uint64(other.at), borrow)
	return int(borrow)
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
	rise(q.heap, len(q.heap)-1, e)
}

// pop removes and returns the earliest event. The queue must not be empty.
func (q *queue) pop() event {
	last := len(q.heap) - 1
	first, moved := q.heap[0], q.heap[last]
	heap := q.heap[:last]
	q.heap = heap
	if last == 0 {
		return first
	}
	// The hole that the first one leaves sinks to the bottom, where the last
	// one most likely belongs.
	hole := 0
	for {
		child := 4*hole + 1
		if child+3 >= len(heap) {
			break
		}
		left := child + heap[child+1].before(&heap[child])
		right := child + 2 + heap[child+3].before(&heap[child+2])
		left += (right - left) * heap[right].before(&heap[left])
		heap[hole] = heap[left]
		hole = left
	}
	if child := 4*hole + 1; child < len(heap) {
		least := child
		for c := child + 1; c < len(heap); c++ {
			least += (c - least) * heap[c].before(&heap[least])
		}
		heap[hole] = heap[least]
		hole = least
	}
	rise(heap, hole, moved)
	return first
}

// rise puts e where it belongs on the way from hole to the top.
func rise(heap []event, hole int, e event) {
	for hole > 0 {
		parent := (hole - 1) / 4
		if e.before(&heap[parent]) == 0 {
			break
		}
		heap[hole] = heap[parent]
		hole = parent
	}
	heap[hole] = e
}
