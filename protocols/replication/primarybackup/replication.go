package primarybackup

import (
	"cmp"
	"slices"

	"seedbed.example/protocols/values"
	"seedbed.example/sim"
)

// peer is what a primary knows of another replica, in the view or not: it sends
// to all, so that those outside can come back.
type peer struct {
	id       sim.NodeID
	sent     Position // up to here it was sent everything, as far as it has not said that it lacks it
	match    uint64   // up to here it holds what the primary has
	round    uint64   // the latest that it has answered
	caughtUp bool     // it then held what was acknowledged when it was asked
	silent   int      // ping intervals without a word
}

// command appends a client's update, if this replica is primary.
func (n *Replica) command(from sim.NodeID, m *Command) {
	if n.role != primary {
		n.notPrimary(from)
		return
	}
	if output, ok := n.machine.answered(m.Session, m.Sequence); ok {
		n.env.Send(from, &Reply{Output: output})
		return
	}
	asked := n.waiting[m.Session].sequence == m.Sequence
	n.waiting[m.Session] = waiting{from, m.Sequence}
	if asked {
		return // it is in the log, and will be answered
	}
	n.append(Entry{Session: m.Session, Sequence: m.Sequence, Command: values.AppendInput(nil, m.Input)})
	n.persist() // before anyone else has it: a primary that restarts orders nothing else there
	n.broadcast()
	n.advance()
}

// waiting is a client that waits for its update to be acknowledged.
type waiting struct {
	client   sim.NodeID
	sequence uint64
}

// append puts an entry at the end of the log, as primary of the view.
func (n *Replica) append(e Entry) (index uint64) {
	e.Index, e.Term = n.log.LastIndex()+1, n.view.Number
	n.log.Append(e)
	return e.Index
}

// broadcast sends every replica what is new for it; at least a question whether
// it is in the view.
func (n *Replica) broadcast() {
	for _, p := range n.peers {
		n.send(p, Position{})
	}
}

// send sends a replica what comes next for it. If it has said that it lacks
// something, base is where its log begins: it cannot be cut before that.
func (n *Replica) send(p *peer, base Position) {
	most := n.options.MaxEntries
	if n.env.Buggify(oneEntry) {
		most = 1
	}
	part := n.behind(p.sent, base, most)
	p.sent = part.last()
	n.round++
	n.env.Send(p.id, &Update{View: n.view.Number, Part: part, Commit: n.commit, Round: n.round})
}

// update takes what comes next in the log, if it comes next.
func (n *Replica) update(from sim.NodeID, m *Update) {
	if !n.rules.Takes(m.View, n.view.Number) {
		return
	}
	if from == n.view.Primary {
		n.heardAt = n.env.Elapsed()
	}
	reply := &Updated{View: m.View, Round: m.Round, Commit: m.Commit}
	if n.take(&m.Part) {
		reply.Match = m.last().Index
	} else {
		reply.Last, _ = n.log.EndOf(m.Prev)
		reply.Base = n.log.Base()
	}
	n.env.Send(from, reply)
	n.apply(min(m.Commit, reply.Match))
}

// updated takes note of what another replica holds, and sends what it lacks. An
// answer that others have overtaken says nothing of what it lacks now.
func (n *Replica) updated(from sim.NodeID, m *Updated) {
	i := slices.IndexFunc(n.peers, func(p *peer) bool { return p.id == from })
	if n.role != primary || m.View != n.view.Number || i < 0 {
		return
	}
	p := n.peers[i]
	p.silent, p.match = 0, max(p.match, m.Match)
	if m.Round > p.round {
		p.round, p.caughtUp = m.Round, m.Match >= max(m.Commit, n.begin)
		lacks := m.Match == 0
		if lacks {
			p.sent = m.Last
		}
		if lacks || p.sent != n.log.Last() {
			n.send(p, m.Base)
		}
	}
	n.advance()
}

// advance acknowledges what enough replicas hold, and the view once it has
// begun, and answers the reads for which enough are still in the view.
func (n *Replica) advance() {
	index := n.reached(n.log.LastIndex(), func(p *peer) uint64 { return p.match })
	if index >= n.begin && index > n.commit {
		n.env.Point(committed)
		n.apply(index)
	}
	if !n.acknowledged && n.mayAcknowledge() {
		n.acknowledged = true
		n.env.Log("acknowledges view %d", n.view.Number)
		n.ping()
	}
	n.serveReads()
}

// reached returns the greatest number that enough backups of the view have
// reached; own, the primary's, if nobody need be asked.
func (n *Replica) reached(own uint64, of func(*peer) uint64) uint64 {
	numbers := []uint64{own}
	for _, p := range n.peers {
		if slices.Contains(n.view.Backups, p.id) {
			numbers = append(numbers, min(of(p), own))
		}
	}
	slices.SortFunc(numbers, func(a, b uint64) int { return cmp.Compare(b, a) })
	for answered, number := range numbers { // that so many backups have reached
		if n.rules.Enough(n.options.Mode, len(n.view.Backups), answered) {
			return number
		}
	}
	return 0
}

// mayAcknowledge reports whether whoever the view service may make primary next
// holds, or can gather, all that was acknowledged in earlier views.
func (n *Replica) mayAcknowledge() bool {
	switch n.options.Mode {
	case Sync:
		return !slices.ContainsFunc(n.peers, func(p *peer) bool {
			return slices.Contains(n.view.Joined, p.id) && p.match < n.begin
		})
	case SemiSync:
		return n.commit >= n.begin
	default:
		return true
	}
}

// apply applies everything up to index, and answers the clients that wait.
func (n *Replica) apply(index uint64) {
	if index <= n.commit {
		return
	}
	for n.commit < index {
		n.commit++
		e := n.log.At(n.commit)
		n.machine.apply(e)
		if w, ok := n.waiting[e.Session]; ok && w.sequence == e.Sequence {
			delete(n.waiting, e.Session)
			output, _ := n.machine.answered(e.Session, e.Sequence)
			n.observer.Acknowledged(n.view.Number, e.Index, e.Digest())
			n.env.Send(w.client, &Reply{Output: output})
		}
	}
	digest, _ := n.log.Digest(n.commit)
	n.observer.Applied(n.id, n.commit, digest)
	n.note()
	n.saveLater()
}
