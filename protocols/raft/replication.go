package raft

import (
	"slices"
	"time"

	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// progress is what a leader knows of one follower (figure 2: nextIndex,
// matchIndex), and how it sends to it.
type progress struct {
	id       sim.NodeID
	state    sending
	match    uint64 // greatest index known to be replicated
	next     uint64 // index of the next entry to send
	inFlight int    // AppendEntries without an answer
	stalled  bool   // match has not grown since the last heartbeat
	round    uint64 // the latest broadcast that it has answered

	sending *replog.Snapshot // that is under way
	offset  int              // how much of it has arrived
}

// sending is how a leader sends to one follower.
type sending uint8

const (
	probing      sending = iota // one message at a time, until it is known where the logs agree
	replicating                 // a stream of messages, next counted on in advance
	snapshotting                // what it needs is in the log no more
)

// trackMembers begins to send to those who are new in the configuration, and
// ends it for those who are gone.
func (n *Node) trackMembers() {
	members := n.config().members()
	old := n.progress
	n.progress = make([]*progress, int(slices.Max(members))+1)
	for _, id := range members {
		switch {
		case id == n.id:
		case int(id) < len(old) && old[id] != nil:
			n.progress[id] = old[id]
		default:
			n.progress[id] = &progress{id: id, next: n.log.LastIndex() + 1}
			n.heard.Add(id)
		}
	}
}

// clientEntry appends a client's entry, if this server leads.
func (n *Node) clientEntry(from sim.NodeID, e Entry) {
	switch {
	case n.role != leader:
		n.notLeader(from)
	case n.transferee != 0:
		n.env.Send(from, &Reply{Status: Busy})
	default:
		n.waiting[n.propose(e)] = from
		n.flushLater()
	}
}

// propose appends an entry to the leader's log. It leaves, and becomes
// durable, with the next flush.
func (n *Node) propose(e Entry) (index uint64) {
	e.Index, e.Term = n.log.LastIndex()+1, n.term
	n.append(e)
	return e.Index
}

// append puts an entry into the log and, with the next persist, on disk.
func (n *Node) append(e Entry) {
	stored := n.log.Append(e)
	if n.observer != nil {
		n.observer.Appended(n.id, n.role == leader, stored)
	}
	if e.Kind == Config {
		n.adopt(stored)
	}
}

// flushLater waits a little for more to come, so that all of it costs one
// message and one sync.
func (n *Node) flushLater() {
	if !n.flushing {
		n.flushing = true
		delay := n.options.BatchDelay
		if n.env.Buggify(noBatchDelay) {
			delay = 0
		}
		n.flushTimer.Reset(delay)
	}
}

// flush sends what is new and makes it durable here. The two may go side by
// side (dissertation 10.2.1): the leader counts itself only after its sync.
func (n *Node) flush() {
	n.flushing = false
	n.flushTimer.Stop()
	n.broadcast(n.startRound())
	n.persist(true)
	n.advanceCommit()
	n.serveReads()
}

// heartbeat keeps followers from elections, notices what was lost, and asks
// whether there still is a quorum.
func (n *Node) heartbeat() {
	n.heartbeatTimer.Reset(n.options.Heartbeat)
	now := n.env.Elapsed()
	if n.transferee != 0 && now >= n.transferUntil {
		n.env.Log("gives up handing over to %v", n.transferee)
		n.transferee = 0
	}
	if now >= n.quorumCheck && !n.checkQuorum(now) {
		return
	}
	n.nextRound()
	for _, p := range n.progress {
		if p == nil {
			continue
		}
		if p.state == replicating && p.stalled && p.next > p.match+1 {
			p.state, p.next = probing, p.match+1 // something was lost: go back
		}
		p.stalled, p.inFlight = true, 0
		n.sendTo(p, true)
		n.handOver(p)
	}
	n.serveReads()
}

// checkQuorum steps down a leader that has not heard from a quorum for an
// election timeout (dissertation 6.2), and reports whether it still leads.
func (n *Node) checkQuorum(now time.Duration) bool {
	n.quorumCheck = now + n.options.ElectionTimeout
	heard := n.config().quorum(n.rules.Majority, &n.heard)
	n.heard.Reset(n.id)
	if heard || !n.rules.StepDownWithoutQuorum() {
		return true
	}
	n.env.Log("has lost its quorum")
	n.env.Sometimes("a leader stepped down for lack of a quorum", true)
	n.becomeFollower(0)
	return false
}

// broadcast sends to all followers: always, or only where there is something
// new.
func (n *Node) broadcast(always bool) {
	for _, p := range n.progress {
		if p != nil {
			n.sendTo(p, always)
		}
	}
}

// sendTo sends a follower what it needs: entries as far as the window allows,
// or a chunk of the snapshot; if always, at least an empty message.
func (n *Node) sendTo(p *progress, always bool) {
	if p.state == snapshotting {
		if always {
			n.sendSnapshot(p)
		}
		return
	}
	if p.next <= n.log.Base().Index || p.match < n.log.Base().Index && n.env.Buggify(snapshotAtOnce) {
		p.state, p.sending, p.offset = snapshotting, nil, 0
		n.sendSnapshot(p)
		return
	}
	if p.state == probing {
		if always || p.inFlight == 0 {
			n.sendEntries(p, p.next, 1)
			p.inFlight = 1
		}
		return
	}
	sent, most := false, n.options.MaxEntries
	if n.env.Buggify(oneEntry) {
		most = 1
	}
	for p.next <= n.log.LastIndex() && p.inFlight < n.options.MaxInFlight {
		p.next += n.sendEntries(p, p.next, most)
		p.inFlight++
		sent = true
	}
	if always && !sent {
		n.sendEntries(p, max(p.match, n.log.Base().Index)+1, 0)
	}
}

// sendEntries sends at most most entries from next on and returns how many.
// Followers that are equally far get the same message. (A round is of one term.)
func (n *Node) sendEntries(p *progress, next uint64, most int) uint64 {
	entries := n.log.Behind(next-1, most)
	if m := n.latest; m == nil || m.PrevIndex != next-1 || len(m.Entries) != len(entries) ||
		m.Commit != n.commitIndex || m.Round != n.round {
		prevTerm, _ := n.log.Term(next - 1)
		n.latest = &AppendEntries{
			Term: n.term, PrevIndex: next - 1, PrevTerm: prevTerm,
			Entries: entries, Commit: n.commitIndex, Round: n.round,
		}
	}
	n.env.Send(p.id, n.latest)
	return uint64(len(entries))
}

// appendEntries is the AppendEntries RPC of figure 2.
func (n *Node) appendEntries(from sim.NodeID, m *AppendEntries) {
	if m.Term < n.term { // 1. a leader that is none any more learns of the later term
		n.promise(from, &AppendEntriesReply{Term: n.term, PrevIndex: m.PrevIndex})
		return
	}
	n.followLeader(from, m.Term)
	reply := n.newReply()
	reply.Term, reply.PrevIndex, reply.Round = n.term, m.PrevIndex, m.Round
	if !n.agrees(m.PrevIndex, m.PrevTerm) { // 2.
		reply.ConflictTerm, reply.ConflictIndex = n.conflict(m.PrevIndex)
		n.promise(from, reply)
		return
	}
	n.replicate(m) // 3. and 4.
	reply.Success, reply.Match = true, m.PrevIndex+uint64(len(m.Entries))
	// 5. and no further than what this very request has verified.
	commit := min(m.Commit, reply.Match)
	n.persist(n.rules.SyncEntries() || len(m.Entries) == 0)
	n.env.Send(from, reply)
	if commit > n.commitIndex {
		n.commitIndex = commit
		n.apply()
	}
}

// newReply returns an empty answer. They are made many at a time: most of what
// an idle cluster allocates is answers.
func (n *Node) newReply() *AppendEntriesReply {
	if len(n.replies) == 0 {
		n.replies = make([]AppendEntriesReply, 16)
	}
	reply := &n.replies[0]
	n.replies = n.replies[1:]
	return reply
}

// agrees reports whether the log holds an entry of that index and term. What
// the snapshot covers is committed and agrees.
func (n *Node) agrees(index, term uint64) bool {
	if index < n.log.Base().Index {
		return true
	}
	have, ok := n.log.Term(index)
	return ok && have == term
}

// conflict tells a leader how far to go back: over the whole term that it does
// not share (§5.3, end).
func (n *Node) conflict(prev uint64) (term, index uint64) {
	if prev > n.log.LastIndex() {
		return 0, n.log.LastIndex() + 1
	}
	term, _ = n.log.Term(prev)
	return term, n.log.FirstOfTerm(prev)
}

// replicate appends the entries that are new, after taking away those that
// conflict with them, and leaves what merely follows in place.
func (n *Node) replicate(m *AppendEntries) {
	if n.rules.TruncateAlways() && m.PrevIndex >= n.log.Base().Index && m.PrevIndex < n.log.LastIndex() {
		n.truncate(m.PrevIndex + 1)
	}
	for i := range m.Entries {
		e := &m.Entries[i]
		if e.Index <= n.log.Base().Index {
			continue
		}
		if term, ok := n.log.Term(e.Index); ok {
			if term == e.Term {
				continue
			}
			n.truncate(e.Index)
		}
		n.append(*e)
	}
}

// truncate takes away index and all that follows. On disk the next entry does
// so.
func (n *Node) truncate(index uint64) {
	if n.observer != nil {
		n.observer.Truncated(n.id, n.role == leader, index)
	}
	n.env.Sometimes("a conflicting suffix was removed", true)
	n.log.Truncate(index - 1)
	n.revert(index)
}

func (n *Node) appendEntriesReply(from sim.NodeID, m *AppendEntriesReply) {
	n.stepUp(m.Term)
	p := n.heardFrom(from, m.Term, m.Round)
	if p == nil {
		return
	}
	if m.Success {
		n.matched(p, m.Match)
	} else {
		n.backUp(p, m)
	}
	n.serveReads()
}

// heardFrom notes that a follower has answered the leader of this term, and
// returns its progress; nil if this server does not lead that term.
func (n *Node) heardFrom(from sim.NodeID, term, round uint64) *progress {
	if n.role != leader || term != n.term || int(from) >= len(n.progress) || n.progress[from] == nil {
		return nil
	}
	p := n.progress[from]
	n.heard.Add(from)
	p.round = max(p.round, round)
	n.renewLease()
	return p
}

// matched takes note that a follower's log agrees up to match.
func (n *Node) matched(p *progress, match uint64) {
	p.inFlight = max(p.inFlight-1, 0)
	further := match > p.match
	if further {
		p.match, p.stalled = match, false
	}
	p.next = max(p.next, p.match+1)
	if p.state == probing {
		p.state, p.next, p.inFlight = replicating, p.match+1, 0
	}
	if further && match > n.commitIndex {
		n.advanceCommit()
	}
	if n.role != leader {
		return
	}
	n.sendTo(p, false)
	n.handOver(p)
}

// backUp goes back to where the logs may agree.
func (n *Node) backUp(p *progress, m *AppendEntriesReply) {
	switch {
	case p.state == snapshotting || m.PrevIndex <= p.match:
		return // an answer that has been overtaken
	case p.state == probing && m.PrevIndex != p.next-1:
		return
	}
	next := m.ConflictIndex
	if last := n.log.LastOfTerm(m.ConflictTerm); m.ConflictTerm != 0 && last != 0 {
		next = last + 1
	}
	p.state, p.inFlight = probing, 0
	p.next = max(min(next, m.PrevIndex), p.match+1)
	n.sendTo(p, false)
}

func (n *Node) installSnapshotReply(from sim.NodeID, m *InstallSnapshotReply) {
	n.stepUp(m.Term)
	p := n.heardFrom(from, m.Term, m.Round)
	if p == nil || p.state != snapshotting || p.sending == nil || m.LastIndex != p.sending.Index {
		return
	}
	if m.Installed {
		p.state, p.sending, p.offset = probing, nil, 0
		p.match = max(p.match, m.LastIndex)
		p.next, p.inFlight = p.match+1, 0
		n.sendTo(p, true)
	} else if m.Offset != p.offset {
		p.offset = m.Offset
		n.sendSnapshot(p)
	}
	n.serveReads()
}

// advanceCommit commits what a quorum holds (§5.3, §5.4.2).
func (n *Node) advanceCommit() {
	index := n.config().agreed(n.rules.Majority, n.matchOf)
	if index <= n.commitIndex {
		return
	}
	if term, _ := n.log.Term(index); !n.rules.MayCommit(term, n.term) {
		return
	}
	n.commitIndex = index
	if n.observer != nil {
		digest, _ := n.log.Digest(index)
		n.observer.Committed(n.id, n.term, index, digest)
	}
	n.env.Point(entriesCommitted)
	n.apply()
	n.leaveJoint()
	if len(n.reads) > 0 && n.reads[len(n.reads)-1].round == 0 {
		n.flushLater() // they may have waited for this commit
	}
}

// matchOf tells how much of the log a server holds, as the leader knows.
func (n *Node) matchOf(id sim.NodeID) uint64 {
	if id == n.id {
		return n.synced
	}
	return n.progress[id].match
}
