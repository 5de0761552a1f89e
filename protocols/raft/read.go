package raft

import "seedbed.example/sim"

// A ReadMode is how a leader makes sure that it may answer a read
// (dissertation 6.4).
type ReadMode uint8

// How reads are answered.
const (
	ReadIndex ReadMode = iota // after a round of heartbeats, begun when the read was there
	ReadLease                 // at once, as long as no other leader can have been elected
	ReadLog                   // through the log, like a command
)

// rounds is how many broadcasts the leader remembers the time of.
const rounds = 64

// A read waits for the leader to know that it still leads.
type read struct {
	from  sim.NodeID
	query []byte
	round uint64 // the broadcast that a quorum must answer; 0 until one has begun
	index uint64 // what must be applied first
}

// A lease is a time in which no other leader can be elected, because a quorum
// has promised its silence (dissertation 6.4.1).
type lease struct {
	round     uint64  // the latest broadcast that a quorum has answered
	sent      Reading // when that began, by the leader's clocks
	received  Reading // when the answer came that completed the quorum
	forfeited bool    // for this term: someone was told to hold an election at once
}

// read answers a query from the applied state, once it is sure to be the
// latest.
func (n *Node) read(from sim.NodeID, m *Read) {
	switch {
	case n.role != leader:
		n.notLeader(from)
	case n.rules.ReadWithoutQuorum():
		n.answer(from, m.Query)
	case n.options.Reads == ReadLog:
		n.clientEntry(from, Entry{Kind: Query, Command: m.Query})
	case n.options.Reads == ReadLease && n.leaseHolds():
		n.answer(from, m.Query)
	default:
		n.reads = append(n.reads, read{from: from, query: m.Query})
		n.flushLater()
	}
}

func (n *Node) answer(from sim.NodeID, query []byte) {
	n.env.Send(from, &Reply{Status: OK, Result: n.machine.state.Query(query)})
}

// committedInTerm reports whether an entry of this leader's term is committed.
// Before that it does not know how far its predecessors came (§8).
func (n *Node) committedInTerm() bool { return n.commitIndex >= n.firstOfTerm }

// startRound begins a round for the reads that wait for one, and reports
// whether there are any.
func (n *Node) startRound() bool {
	if !n.rules.ReadIndexReady(n.committedInTerm()) {
		return false
	}
	started := false
	for i := len(n.reads) - 1; i >= 0 && n.reads[i].round == 0; i-- {
		if !started {
			started = true
			n.nextRound()
		}
		n.reads[i].round, n.reads[i].index = n.round, n.commitIndex
	}
	return started
}

// nextRound counts a broadcast that is about to begin. When that was matters to
// leases only.
func (n *Node) nextRound() {
	n.round++
	if n.options.Reads == ReadLease {
		n.sentAt[n.round%rounds] = n.readClocks()
	}
}

// answeredRound returns the latest round that a quorum has answered.
func (n *Node) answeredRound() uint64 {
	return n.config().agreed(n.rules.Majority, func(id sim.NodeID) uint64 {
		if id == n.id {
			return n.round
		}
		return n.progress[id].round
	})
}

// serveReads answers the reads whose round a quorum has answered.
func (n *Node) serveReads() {
	if n.role != leader || len(n.reads) == 0 || n.reads[0].round == 0 {
		return
	}
	answered, served := n.answeredRound(), 0
	for _, r := range n.reads {
		if r.round == 0 || r.round > answered || r.index > n.lastApplied {
			break
		}
		n.answer(r.from, r.query)
		served++
	}
	n.reads = append(n.reads[:0], n.reads[served:]...)
}

// renewLease takes note that a follower has answered a broadcast.
func (n *Node) renewLease() {
	if n.options.Reads != ReadLease {
		return
	}
	answered := n.answeredRound()
	if answered > n.lease.round && n.round-answered < rounds {
		n.lease.round = answered
		n.lease.sent, n.lease.received = n.sentAt[answered%rounds], n.readClocks()
	}
}

// leaseHolds reports whether no other leader can have been elected, and this
// one knows what is committed.
func (n *Node) leaseHolds() bool {
	return n.lease.round > 0 && !n.lease.forfeited && n.committedInTerm() &&
		n.rules.LeaseHolds(n.readClocks(), n.lease.sent, n.lease.received, n.options.ElectionTimeout)
}

func (n *Node) readClocks() Reading { return Reading{n.env.Now(), n.env.Elapsed()} }
