// Package sim is the engine: a whole cluster in one thread on a virtual clock.
//
// A [World] holds servers, clients, the network between them, and their clocks
// and disks. A server is a state machine, a [Node], that the engine calls one
// event at a time; or it is sequential code that blocks, a function of a
// [Process], as each client is. A Node has an [Env], and a Process what an Env
// has: that is all that they know of the world.
//
// Everything that could go one way or another is asked of a
// [choice.Source], so that one seed is one run to the last event: the same
// [World.Hash] on every operating system, architecture and Go version.
//
//	w := sim.NewWorld(sim.Options{Choices: choice.Seed(42)})
//	server := w.AddNode("server", func() sim.Node { return &Counter{} })
//	w.Go("client", func(p *sim.Process) {
//		reply, err := p.Call(server, Increment{}, 50*time.Millisecond)
//		...
//	})
//	w.RunFor(10 * time.Second)
//	w.Close()
//
// # Time inside a handler
//
// A handler runs at once, and whatever it does that takes virtual time (a sync
// of the disk, the work of a slow machine) adds up while it runs: messages it
// sends afterwards leave that much later, and the node is busy, its inbox
// filling, until the handler would have finished. A crash planned inside that
// time strikes in the midst of the handler: it is unwound there, and whatever
// it or its deferred functions still ask of their Env has no effect.
//
// # What ends a run
//
// A panic in a node, a process or an action is a violation of that run, with
// its stack, and not the end of the program. A run that never ends is stopped
// by [Options.EventLimit], and a handler that calls its Env without end, as one
// that waits in a loop for time to pass, by a limit of its own; both say where.
// Three things are beyond what the engine can stop: a handler that computes for
// ever without a call of its Env, a node that recovers in an endless loop from
// what is to unwind it, and what Go itself ends the program for, such as a
// recursion without end. A hunt over many runs watches the real time of each.
//
// # What it leaves out
//
// Threads inside a node, and the cost of computing: a handler takes no virtual
// time unless the machine is made slow. Messages are values, not bytes: what a
// damaged one reads as, a [Corruptible] type says itself.
package sim
