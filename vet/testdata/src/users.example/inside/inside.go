// Package inside shows which code runs inside a simulation: that which takes
// time.Now for an error does.
package inside

import (
	"time"

	"seedbed.example/sim"
)

type node struct {
	env       sim.Env
	onTimeout func()
	rules     rules
	timer     sim.Timer
}

type rules struct{ mayVote, mayRead func() bool }

func (n *node) Start(env sim.Env) {
	n.env = env
	n.rules = rules{mayVote: mayVote}
	n.timer = env.NewTimer(n.onTimeout)
	n.onTimeout = func() { time.Now() } // want `time.Now goes by the machine's clock.*so one seed is not one run: use Now or Elapsed`
}

func (n *node) Receive(from sim.NodeID, m sim.Message) {
	_ = time.Now() // want `time.Now`
	n.handle()
	n.rules.mayVote()
	read := generic[int]
	read(1)
}

func (n *node) handle() { _ = time.Now() } // want `time.Now .*reached from inside.node.Receive`

func mayVote() bool { return time.Now().IsZero() } // want `time.Now`

func mayRead() bool { return time.Now().IsZero() }

var _ = rules{mayRead: mayRead} // called by nobody inside

func generic[T any](T) { _ = time.Now() } // want `time.Now`

// Serve is for another thing that is called Start in the real world.
func (n *node) Serve() { _ = time.Now() }

type server struct{}

func (s *server) Start()                             { _ = time.Now() }
func (s *server) Receive(from string, m sim.Message) { _ = time.Now() }

// wider is a world for nodes that need more of it.
type wider interface {
	sim.Env
	Zone() string
}

func helper(env sim.Env) { _ = time.Now() } // want `time.Now`
func wide(env wider)     { _ = time.Now() } // want `time.Now`

func client(p *sim.Process) { _ = time.Now() } // want `time.Now`

// realEnv is an Env for the real world: it may do what it wants.
type realEnv struct{ sim.Env }

func (e *realEnv) Now() time.Time { return time.Now() }

func serve(e *realEnv) { _ = time.Now() }

func drive(w *sim.World, fresh func() sim.Node) {
	began := time.Now()
	w.AddNode("node", func() sim.Node {
		_ = time.Now() // want `time.Now`
		return &node{}
	})
	w.Go("client", client)
	w.Go("another", func(*sim.Process) { _ = time.Now() })   // want `time.Now`
	w.Serve("server", func(*sim.Process) { _ = time.Now() }) // want `time.Now`
	tick := func() { _ = time.Now() }                        // want `time.Now`
	w.At(time.Second, tick)
	w.At(time.Second, tock)
	idle := func() { _ = time.Now() }
	idle()
	_ = time.Since(began)
}

func tock() { _ = time.Now() } // want `time.Now`
