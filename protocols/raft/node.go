package raft

import (
	"fmt"
	"math"
	"time"

	"seedbed.example/choice"
	"seedbed.example/protocols/replog"
	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// Options says how a server runs. Zero fields take the defaults.
type Options struct {
	Voters  []sim.NodeID // the configuration that the cluster begins with
	Machine func() StateMachine

	ElectionTimeout time.Duration // the least; the greatest is twice that. Default 150 ms
	Heartbeat       time.Duration // default a third of the election timeout
	BatchDelay      time.Duration // how long a leader waits for more before it writes. Default 500 µs
	MaxEntries      int           // in one AppendEntries. Default 64
	MaxInFlight     int           // unanswered AppendEntries to one follower. Default 8
	SnapshotEvery   int           // applied entries between snapshots. Default 1000
	ChunkSize       int           // bytes of a snapshot in one message. Default 4096
	MaxSessions     int           // client sessions remembered. Default 1024
	Reads           ReadMode      // default ReadIndex

	Rules    *Rules   // nil: the correct ones
	Observer Observer // nil: nobody
}

func (o Options) withDefaults() Options {
	or := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	orInt := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	or(&o.ElectionTimeout, 150*time.Millisecond)
	or(&o.Heartbeat, o.ElectionTimeout/3)
	or(&o.BatchDelay, 500*time.Microsecond)
	orInt(&o.MaxEntries, 64)
	orInt(&o.MaxInFlight, 8)
	orInt(&o.SnapshotEvery, 1000)
	orInt(&o.ChunkSize, 4096)
	orInt(&o.MaxSessions, 1024)
	if o.Rules == nil {
		o.Rules = Correct()
	}
	return o
}

// A Node is one server (figure 2).
type Node struct {
	options  Options
	rules    *Rules
	observer Observer
	env      sim.Env
	id       sim.NodeID
	jitter   *choice.Stream

	// Persistent state on all servers.
	term     uint64 // currentTerm
	votedFor sim.NodeID
	log      *replog.Store
	synced   uint64 // up to here the log is durable

	// Volatile state on all servers.
	role          role
	leader        sim.NodeID // of this term, 0 if not known
	commitIndex   uint64
	lastApplied   uint64
	machine       machine
	configs       []configAt // the one in force last; the first is as of log.base or before
	heardAt       time.Duration
	patience      time.Duration // the election timeout drawn last
	incoming      incoming
	replies       []AppendEntriesReply // made, and not yet sent
	electionTimer sim.Timer

	// Volatile state of a candidate, before or in its term.
	votes tally.Set

	// Volatile state of a leader.
	progress       []*progress // by identity; nil for whom nothing is sent
	heard          tally.Set   // who has answered since the leader last asked for a quorum
	latest         *AppendEntries
	heartbeatTimer sim.Timer
	flushTimer     sim.Timer
	flushing       bool
	firstOfTerm    uint64 // index of the no-op that began the term
	round          uint64 // counts broadcasts
	sentAt         [rounds]Reading
	lease          lease
	waiting        map[uint64]sim.NodeID // clients, by the index of their entry
	reads          []read
	changeFrom     sim.NodeID // who asked for the change of membership under way
	transferee     sim.NodeID // who is to lead next, 0 if nobody
	transferUntil  time.Duration
	quorumCheck    time.Duration // when the leader next asks whether it still has one
}

type role uint8

const (
	follower role = iota
	preCandidate
	candidate
	leader
)

func (r role) String() string {
	return [...]string{"follower", "pre-candidate", "candidate", "leader"}[r]
}

// New returns a server that has not started.
func New(options Options) *Node {
	options = options.withDefaults()
	return &Node{options: options, rules: options.Rules, observer: options.Observer}
}

// Start implements [sim.Node]: it recovers the persistent state and begins as
// a follower.
func (n *Node) Start(env sim.Env) {
	n.env, n.id = env, env.ID()
	n.jitter = env.Rand("election timeout")
	n.electionTimer = env.NewTimer(n.electionTimeout)
	n.heartbeatTimer = env.NewTimer(n.heartbeat)
	n.flushTimer = env.NewTimer(n.flush)
	n.machine = machine{state: n.options.Machine(), sessions: make(Sessions), limit: n.options.MaxSessions}
	n.configs = []configAt{{0, Configuration{Voters: n.options.Voters}}}
	if err := n.recover(); err != nil {
		env.Halt(err)
	}
	n.heardAt = math.MinInt64 / 2
	if n.options.Reads == ReadLease {
		// A leader may hold a lease that rests on this server's word, given
		// before a crash, not to vote for a while.
		n.heardAt = env.Elapsed()
	}
	n.newTimeout()
}

// recover loads the snapshot and what the write-ahead log holds beyond it.
func (n *Node) recover() (err error) {
	if n.log, err = replog.Open(n.env.Disk(), encodeTerm(0, 0)); err != nil {
		return err
	}
	if n.term, n.votedFor, err = decodeTerm(n.log.Noted()); err != nil {
		return fmt.Errorf("term and vote: %w", err)
	}
	if s := n.log.Snapshot(); s != nil {
		config, _, err := n.machine.decode(s.Data)
		if err != nil {
			return fmt.Errorf("snapshot: %w", err)
		}
		n.configs = []configAt{{s.Index, config}}
		n.commitIndex, n.lastApplied = s.Index, s.Index
	}
	for index := n.log.Base().Index + 1; index <= n.log.LastIndex(); index++ {
		e := n.log.At(index)
		if e.Kind == Config {
			n.adopt(e)
		}
		if n.observer != nil {
			n.observer.Appended(n.id, n.role == leader, e)
		}
	}
	n.synced = n.log.LastIndex()
	if torn := n.log.Torn(); torn > 0 {
		n.env.Sometimes("a torn write was cut off", true)
		n.env.Log("cuts off %d bytes of a torn write", torn)
	}
	n.env.Log("recovered term %d, vote %v, log %v", n.term, n.votedFor, n.log)
	return nil
}

// Receive implements [sim.Node].
func (n *Node) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case *AppendEntries:
		n.appendEntries(from, m)
	case *AppendEntriesReply:
		n.appendEntriesReply(from, m)
	case *Propose:
		n.clientEntry(from, Entry{Kind: Command, Session: m.Session, Sequence: m.Sequence, Command: m.Command})
	case *OpenSession:
		n.clientEntry(from, Entry{Kind: Open})
	case *Read:
		n.read(from, m)
	case *RequestVote:
		n.requestVote(from, m)
	case *RequestVoteReply:
		n.requestVoteReply(from, m)
	case *PreVote:
		n.preVote(from, m)
	case *PreVoteReply:
		n.preVoteReply(from, m)
	case *InstallSnapshot:
		n.installSnapshot(from, m)
	case *InstallSnapshotReply:
		n.installSnapshotReply(from, m)
	case *TimeoutNow:
		n.timeoutNow(m)
	case *ChangeMembership:
		n.changeMembership(from, m)
	case *TransferLeadership:
		n.transferLeadership(from, m)
	}
}

// promise sends an answer that others will rely on, after making durable what
// it promises (figure 2: "updated on stable storage before responding").
func (n *Node) promise(to sim.NodeID, m sim.Message) {
	n.persist(true)
	n.env.Send(to, m)
}

// setTerm moves to a term in which this server has not voted.
func (n *Node) setTerm(term uint64) {
	n.term, n.votedFor = term, 0
	n.noteTerm()
}

// stepUp moves to the term of a message if that is later, as a follower
// (§5.1).
func (n *Node) stepUp(term uint64) {
	if term > n.term {
		n.setTerm(term)
		n.becomeFollower(0)
	}
}

// becomeFollower follows leader, 0 if not known, in the current term.
func (n *Node) becomeFollower(of sim.NodeID) {
	was := n.role
	n.role, n.leader = follower, of
	if was == leader {
		n.env.Log("steps down in term %d", n.term)
		n.abdicate()
	}
	n.newTimeout()
}

// followLeader accepts the leader of a term that is not behind.
func (n *Node) followLeader(from sim.NodeID, term uint64) {
	if term > n.term {
		n.setTerm(term)
	}
	if n.role != follower || n.leader != from {
		n.becomeFollower(from)
	}
	n.heardAt = n.env.Elapsed()
	n.electionTimer.Reset(n.patience)
}

// newTimeout begins an election timeout, drawn from between one and two of the
// options' (§5.2). Each server counts from another point between them: servers
// that draw alike, as in the calmest run, would else split every vote.
func (n *Node) newTimeout() {
	least := n.options.ElectionTimeout
	n.patience = least + (n.jitter.Between(0, least)+time.Duration(n.id-1)*least/16)%least
	n.electionTimer.Reset(n.patience)
}

// apply applies what has been committed (figure 2, all servers).
func (n *Node) apply() {
	for n.lastApplied < n.commitIndex {
		n.lastApplied++
		e := n.log.At(n.lastApplied)
		reply := n.machine.apply(e)
		if n.observer != nil {
			n.observer.Applied(n.id, e.Index, e.Digest())
		}
		if from, ok := n.waiting[e.Index]; ok {
			delete(n.waiting, e.Index)
			answer := reply // most servers have nobody to send it to
			n.env.Send(from, &answer)
		}
	}
	n.takeSnapshot()
}

// notLeader sends a client on.
func (n *Node) notLeader(from sim.NodeID) {
	n.env.Send(from, &Reply{Status: NotLeader, Leader: n.leader})
}

// Machine returns the state machine, for tests.
func (n *Node) Machine() StateMachine { return n.machine.state }

// Leads reports whether the server believes to lead, and in which term.
func (n *Node) Leads() (term uint64, leads bool) { return n.term, n.role == leader }

// Status tells in a line how the server stands.
func (n *Node) Status() string {
	who := n.role.String()
	if n.role == follower && n.leader != 0 {
		who += fmt.Sprintf(" of %v", n.leader)
	}
	return fmt.Sprintf("%s, term %d, log %v, commit %d, applied %d, configuration %v",
		who, n.term, n.log, n.commitIndex, n.lastApplied, n.config())
}
