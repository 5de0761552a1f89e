package wal_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// Register is a server that keeps one word.
type Register struct {
	env  sim.Env
	log  *wal.Log
	word string
}

// Set asks a Register to keep another word.
type Set struct{ Word string }

// Start implements sim.Node.
func (r *Register) Start(env sim.Env) {
	log, records, err := wal.Open(env.Disk(), "wal")
	if err != nil {
		env.Halt(err)
	}
	r.env, r.log = env, log
	for _, record := range records {
		r.word = string(record)
	}
}

// Receive implements sim.Node.
func (r *Register) Receive(from sim.NodeID, m sim.Message) {
	if set, ok := m.(Set); ok {
		r.word = set.Word
		r.log.Append([]byte(set.Word))
		if err := r.log.Sync(); err != nil {
			r.env.Halt(err)
		}
		r.env.Send(from, "done")
	}
}

// What a server has acknowledged outlives a crash that loses all that was not
// synced.
func Example() {
	w := sim.NewWorld(sim.Options{Disk: storage.Conditions{Lose: choice.Always}})
	server := w.AddNode("server", func() sim.Node { return &Register{} })
	w.Go("client", func(p *sim.Process) {
		for _, word := range []string{"first", "second"} {
			answer, _ := p.Call(server, Set{word}, time.Second)
			fmt.Println(word, answer)
		}
		w.Crash(server)
		w.Restart(server)
	})
	w.RunFor(time.Second)
	fmt.Println("after a crash:", w.Node(server).(*Register).word)
	// Output:
	// first done
	// second done
	// after a crash: second
}
