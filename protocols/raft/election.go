package raft

import "seedbed.example/sim"

// electionTimeout begins an election when nothing was heard of a leader for
// too long (§5.2), with a pre-vote, so that a server that was cut off does not
// disturb those that were not (dissertation 9.6).
func (n *Node) electionTimeout() {
	n.newTimeout()
	if n.role == leader || !n.stands() {
		return
	}
	n.role, n.leader = preCandidate, 0
	n.votes.Reset(n.id)
	n.env.Log("asks for pre-votes for term %d", n.term+1)
	if n.wins() {
		n.campaign(false)
		return
	}
	n.toVoters(&PreVote{Term: n.term + 1, LastIndex: n.log.LastIndex(), LastTerm: n.log.Last().Term})
}

// campaign begins a term and asks for votes (§5.2).
func (n *Node) campaign(transfer bool) {
	n.role, n.leader = candidate, 0
	n.term, n.votedFor = n.term+1, n.id
	n.noteTerm()
	n.persist(n.rules.SyncVote())
	n.votes.Reset(n.id)
	n.newTimeout()
	n.env.Log("candidate for term %d", n.term)
	if n.wins() {
		n.becomeLeader()
		return
	}
	n.toVoters(&RequestVote{Term: n.term, LastIndex: n.log.LastIndex(), LastTerm: n.log.Last().Term, Transfer: transfer})
}

// toVoters sends m to all voters but this one.
func (n *Node) toVoters(m sim.Message) {
	for _, id := range n.config().members() {
		if id != n.id && n.config().voter(id) {
			n.env.Send(id, m)
		}
	}
}

// wins reports whether the votes so far are a quorum.
func (n *Node) wins() bool {
	return n.config().quorum(n.rules.Majority, &n.votes)
}

// upToDate reports whether a candidate whose log ends there may lead (§5.4.1).
func (n *Node) upToDate(lastTerm, lastIndex uint64) bool {
	return n.rules.UpToDate(Position{Term: lastTerm, Index: lastIndex}, n.log.Last())
}

// hasLeader reports whether this server has heard of a leader within the least
// election timeout, or leads: it then gives no vote (§6, end).
func (n *Node) hasLeader() bool {
	return n.role == leader || n.env.Elapsed()-n.heardAt < n.options.ElectionTimeout
}

// preVote answers whether a vote would be granted. It changes nothing.
func (n *Node) preVote(from sim.NodeID, m *PreVote) {
	if m.Term > n.term && !n.hasLeader() && n.upToDate(m.LastTerm, m.LastIndex) {
		n.env.Send(from, &PreVoteReply{Term: m.Term, Granted: true})
		return
	}
	n.promise(from, &PreVoteReply{Term: n.term})
}

func (n *Node) preVoteReply(from sim.NodeID, m *PreVoteReply) {
	if !m.Granted {
		n.stepUp(m.Term)
		return
	}
	if n.role != preCandidate || m.Term != n.term+1 {
		return
	}
	n.votes.Add(from)
	if n.wins() {
		n.campaign(false)
	}
}

// requestVote answers a candidate (figure 2, RequestVote RPC).
func (n *Node) requestVote(from sim.NodeID, m *RequestVote) {
	if m.Term > n.term && n.hasLeader() && !m.Transfer {
		return
	}
	if n.rules.VoteAnew(m.Term, n.term) {
		n.setTerm(m.Term)
		n.becomeFollower(0)
	}
	granted := m.Term == n.term && (n.votedFor == 0 || n.votedFor == from) && n.upToDate(m.LastTerm, m.LastIndex)
	if granted {
		if n.votedFor != from {
			n.votedFor = from
			n.noteTerm()
		}
		n.newTimeout()
	}
	n.persist(n.rules.SyncVote())
	n.env.Send(from, &RequestVoteReply{Term: n.term, Granted: granted})
}

func (n *Node) requestVoteReply(from sim.NodeID, m *RequestVoteReply) {
	n.stepUp(m.Term)
	if n.role != candidate || m.Term != n.term || !m.Granted {
		return
	}
	n.votes.Add(from)
	if n.wins() {
		n.becomeLeader()
	}
}

// becomeLeader begins to lead, with an entry of its own term, because only
// that can be committed by counting (§5.4.2, §8).
func (n *Node) becomeLeader() {
	n.role, n.leader = leader, n.id
	n.env.Log("became leader of term %d", n.term)
	n.env.Point(leaderBegins)
	if n.observer != nil {
		n.observer.BecameLeader(n.id, n.term, n.log.Digest)
	}
	n.waiting = make(map[uint64]sim.NodeID)
	n.reads, n.lease = nil, lease{}
	n.changeFrom, n.transferee = 0, 0
	n.progress = nil
	n.heard.Reset(n.id)
	n.trackMembers()
	n.quorumCheck = n.env.Elapsed() + n.options.ElectionTimeout
	n.electionTimer.Stop()
	n.nextRound()
	n.firstOfTerm = n.propose(Entry{Kind: Noop})
	n.heartbeatTimer.Reset(n.options.Heartbeat)
	n.flush()
}

// abdicate gives up what only a leader has.
func (n *Node) abdicate() {
	n.heartbeatTimer.Stop()
	n.flushTimer.Stop()
	n.flushing = false
	for index := n.commitIndex + 1; index <= n.log.LastIndex(); index++ {
		if from, ok := n.waiting[index]; ok {
			n.notLeader(from) // asking again is safe: sessions see to that
		}
	}
	for _, r := range n.reads {
		n.notLeader(r.from)
	}
	if n.changeFrom != 0 {
		n.notLeader(n.changeFrom)
	}
	n.waiting, n.reads, n.changeFrom, n.transferee = nil, nil, 0, 0
}
