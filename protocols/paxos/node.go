package paxos

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/protocols/backoff"
	"seedbed.example/protocols/tally"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// Options says how a server runs. Zero fields take the defaults.
type Options struct {
	Servers []sim.NodeID // all of them: each proposes, accepts and learns

	// Retry is the least time after which a proposer asks those again that have
	// not answered, and for which it keeps quiet when it was outbid. Both times
	// grow, up to 16 times that. Default 20 ms.
	Retry time.Duration
	// CatchUp is the least time after which an acceptor that has voted, and has
	// not heard what was chosen, asks. Default 100 ms.
	CatchUp time.Duration

	Rules    *Rules   // nil: the correct ones
	Observer Observer // nil: nobody
}

func (o Options) withDefaults() Options {
	if o.Retry == 0 {
		o.Retry = 20 * time.Millisecond
	}
	if o.CatchUp == 0 {
		o.CatchUp = 100 * time.Millisecond
	}
	if o.Rules == nil {
		o.Rules = Correct()
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	return o
}

// A Node is one server: proposer, acceptor and learner of every decree.
type Node struct {
	options  Options
	rules    *Rules
	observer Observer
	env      sim.Env
	id       sim.NodeID
	jitter   *choice.Stream // of when to catch up
	log      *wal.Log
	record   []byte // scratch

	decrees map[string]*decree // only looked up
	latest  *decree            // the one that it has last dealt with
}

// A decree is what a server knows of one decision.
type decree struct {
	name string
	durable

	// As a proposer.
	phase   phase
	ballot  Ballot      // the one begun last
	outbid  uint64      // the highest round heard of
	own     *string     // the value to propose if one is free to; nil: none was offered
	votes   []Vote      // that promises for the ballot tell of, in the order of their arrival
	value   string      // that is proposed in the ballot
	request sim.Message // of the phase
	answers tally.Set   // to it
	retries *backoff.Backoff
	duels   *backoff.Backoff
	timer   sim.Timer

	// As a learner.
	chosen  bool
	decided string
	clients []client
}

// durable is what must survive a crash: of a proposer the last round used, of an
// acceptor the highest ballot promised and its vote (§2.5).
type durable struct {
	round    uint64
	promised Ballot
	vote     Vote
}

// A client waits for a decision.
type client struct {
	address sim.NodeID
	reads   bool
	before  uint64 // the last round when it came
}

type phase uint8

const (
	idle phase = iota
	preparing
	accepting
	waiting // until another, who has outbid it, is done
)

func (p phase) String() string {
	return [...]string{"idle", "preparing", "accepting", "waiting"}[p]
}

// New returns a server that has not started.
func New(options Options) *Node {
	options = options.withDefaults()
	return &Node{options: options, rules: options.Rules, observer: options.Observer}
}

// Start implements [sim.Node]: it recovers from the disk.
func (n *Node) Start(env sim.Env) {
	n.env, n.id = env, env.ID()
	n.jitter = env.Rand("catch up")
	n.decrees = make(map[string]*decree)
	if err := n.recover(); err != nil {
		env.Halt(err)
	}
}

// decree returns what is known of a decree, of which it may hear for the first
// time.
func (n *Node) decree(name string) *decree {
	d := n.decrees[name]
	if d == nil {
		d = &decree{name: name, retries: n.backoff("retry " + name), duels: n.backoff("duel " + name)}
		d.timer = n.env.NewTimer(func() { n.goOn(d) })
		n.decrees[name] = d
	}
	n.latest = d
	return d
}

func (n *Node) backoff(of string) *backoff.Backoff {
	return backoff.New(n.env.Rand(of), n.options.Retry, 16*n.options.Retry)
}

// goOn does what it is time for: to ask those again that have not answered, or
// to begin a ballot.
func (n *Node) goOn(d *decree) {
	switch d.phase {
	case preparing, accepting:
		n.ask(d)
	case idle:
		n.env.Log("%s: asks what was chosen", d.name)
		n.begin(d)
	default:
		n.begin(d)
	}
}

// Receive implements [sim.Node].
func (n *Node) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case *Propose:
		n.propose(from, m)
	case *Read:
		n.read(from, m)
	case *Prepare:
		n.prepare(from, m)
	case *Promise:
		n.promise(from, m)
	case *Accept:
		n.accept(from, m)
	case *Accepted:
		n.accepted(from, m)
	case *Nack:
		n.nack(m)
	case *Chosen:
		n.learn(n.decree(m.Decree), m.Value)
	}
}

// propose takes a client's value. It is proposed if no other client was before
// it here, and nothing else has been accepted elsewhere.
func (n *Node) propose(from sim.NodeID, m *Propose) {
	d := n.decree(m.Decree)
	if d.own == nil {
		d.own = &m.Value
	}
	n.await(d, client{address: from})
}

// read takes a client's question, which is a proposal without a value.
func (n *Node) read(from sim.NodeID, m *Read) {
	d := n.decree(m.Decree)
	n.await(d, client{address: from, reads: true, before: d.round})
}

// await lets a client wait for the decision, and sees to it that there will be
// one.
func (n *Node) await(d *decree, c client) {
	if d.chosen {
		n.env.Send(c.address, &Reply{Chosen: true, Value: d.decided})
		return
	}
	d.clients = append(d.clients, c)
	if d.phase == idle {
		n.begin(d)
	}
}

// Status tells in a line how the server stands.
func (n *Node) Status() string {
	undecided := 0
	for _, d := range n.decrees {
		if !d.chosen {
			undecided++
		}
	}
	text := fmt.Sprintf("knows of %d decrees, of %d not what was chosen", len(n.decrees), undecided)
	if d := n.latest; d != nil {
		text += fmt.Sprintf("; last %s: %v, ballot %v, promised %v, %v", d.name, d.phase, d.ballot, d.promised, d.vote)
	}
	return text
}
