package raft

import (
	"testing"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// rig is one real server, number 1, among puppets, in a world where nothing
// takes time but what a test waits for.
type rig struct {
	*cluster
	t       testing.TB
	puppets []*puppet // by number
}

// puppet stands in for a server, and for any client.
type puppet struct {
	env   sim.Env
	heard []sim.Message
}

func (p *puppet) Start(env sim.Env)                   { p.env = env }
func (p *puppet) Receive(_ sim.NodeID, m sim.Message) { p.heard = append(p.heard, m) }

// newRig returns a rig of so many servers, in the calmest world, whose first
// has entries of these terms in its log and is in the last of them.
func newRig(t testing.TB, servers int, options func(*Options), terms ...uint64) *rig {
	t.Helper()
	return newRigIn(t, sim.NewWorld(sim.Options{}), servers, options, terms...)
}

func newRigIn(t testing.TB, w *sim.World, servers int, options func(*Options), terms ...uint64) *rig {
	t.Helper()
	r := &rig{cluster: &cluster{Stage: &stories.Stage{World: w}}, t: t, puppets: make([]*puppet, servers+1)}
	for i := range servers {
		r.Servers = append(r.Servers, sim.NodeID(i+1))
	}
	o := Options{Voters: r.Servers, Machine: newWords}
	if options != nil {
		options(&o)
	}
	r.AddNode("node 1", func() sim.Node { return New(o) })
	for id := 2; id <= servers; id++ {
		r.puppets[id] = &puppet{}
		r.AddNode("puppet", func() sim.Node { return r.puppets[id] })
	}
	if len(terms) > 0 {
		if err := r.writeLog(1, terms[len(terms)-1], terms...); err != nil {
			t.Fatal(err)
		}
	}
	r.RunFor(0)
	return r
}

func (r *rig) node() *Node { return r.server(1) }

// say lets a puppet send m, and returns all that it has heard by the time that
// this is handled and answered, since it last spoke.
func (r *rig) say(from sim.NodeID, m sim.Message) []sim.Message {
	r.puppets[from].env.Send(1, m)
	r.RunFor(0)
	return r.heard(from)
}

// heard returns what a puppet has heard since it was last asked.
func (r *rig) heard(id sim.NodeID) []sim.Message {
	heard := r.puppets[id].heard
	r.puppets[id].heard = nil
	return heard
}

// answer returns the only message among heard, which must be of this type.
func answer[M any](t testing.TB, heard []sim.Message) M {
	t.Helper()
	if len(heard) == 1 {
		if m, ok := heard[0].(M); ok {
			return m
		}
	}
	var none M
	t.Fatalf("heard %v, want one %T", heard, none)
	return none
}

// expire lets the server's election timeout pass.
func (r *rig) expire() { r.RunFor(2 * r.node().options.ElectionTimeout) }

// lead makes the server lead the next term, and the puppets forget how.
func (r *rig) lead() (term uint64) {
	r.t.Helper()
	r.expire()
	term = r.node().term + 1
	for _, id := range r.Servers[1:] {
		r.say(id, &PreVoteReply{Term: term, Granted: true})
	}
	for _, id := range r.Servers[1:] {
		r.say(id, &RequestVoteReply{Term: term, Granted: true})
	}
	expect(r.t, "role", r.node().role, leader)
	for _, id := range r.Servers[1:] {
		r.heard(id)
	}
	return term
}

// terms returns the terms of the server's log.
func (r *rig) terms() (terms []uint64) {
	for _, e := range r.node().log.Entries() {
		terms = append(terms, e.Term)
	}
	return terms
}

// restart takes the server down and up again.
func (r *rig) restart() {
	r.Crash(1)
	r.Restart(1)
	r.RunFor(0)
}

// entries are entries of these terms from index on.
func entries(index uint64, terms ...uint64) []Entry {
	var all []Entry
	for i, term := range terms {
		all = append(all, Entry{Index: index + uint64(i), Term: term})
	}
	return all
}
