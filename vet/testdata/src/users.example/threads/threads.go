package threads

import (
	"iter"
	"sync"
	"sync/atomic"

	"seedbed.example/sim"
)

type node struct {
	sync.Mutex
	done  chan int
	count atomic.Int64
	plain int64
}

func (n *node) Start(env sim.Env) {
	n.done = make(chan int) // want `a channel leaves the order of events to Go's scheduler`
	go n.work()             // want `a goroutine`
}

func (n *node) Receive(from sim.NodeID, m sim.Message) {
	n.Lock()         // want `sync.Mutex.Lock`
	defer n.Unlock() // want `sync.Mutex.Unlock`
	n.done <- 1      // want `a send to a channel`
	<-n.done         // want `a receive from a channel`
	select {         // want `a select`
	case v := <-n.done:
		_ = v
	case n.done <- 2:
	default:
	}
	for range n.done { // want `a range over a channel`
	}
	close(n.done)                // want `the closing of a channel`
	n.count.Add(1)               // want `atomic.Int64.Add`
	atomic.AddInt64(&n.plain, 1) // want `atomic.AddInt64`

	n.plain++
	for range []int{1} {
	}
	next, stop := iter.Pull(func(func(int) bool) {}) // a coroutine is in one thread
	next()
	stop()
	_ = make([]chan int, 0)
}

func (n *node) work() {}

func driver(done chan int) {
	var group sync.WaitGroup
	group.Go(func() { done <- 1 })
	group.Wait()
}
