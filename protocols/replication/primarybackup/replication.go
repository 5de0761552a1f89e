package primarybackup

import (
	"slices"
	"time"

	"seedbed.example/history"
	"seedbed.example/sim"
)

// peer is what a primary knows of another replica, in the view or not: it sends
// to all, so that those outside can come back.
type peer struct {
	id      sim.NodeID
	next    uint64 // index of the next entry to send
	match   uint64 // up to here it holds what the primary has
	round   uint64 // the latest that it has answered
	heardAt time.Duration
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
	n.append(Entry{Session: m.Session, Sequence: m.Sequence, Input: m.Input})
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
	e.Position = Position{n.view.Number, n.log.last().Index + 1}
	n.store(e)
	return e.Index
}

// store puts an entry into the log and, with the next persist, on disk.
func (n *Replica) store(e Entry) {
	before, _ := n.log.digest(n.log.last().Index)
	n.journal.entry(&e, before)
	n.log.append(e)
}

// broadcast sends every replica what is new for it; at least a question whether
// it is in the view.
func (n *Replica) broadcast() {
	for _, p := range n.peers {
		n.send(p)
	}
}

// send sends a replica what comes next for it, not too far ahead of what it is
// known to hold.
func (n *Replica) send(p *peer) {
	most := n.options.MaxEntries
	if n.env.Buggify(oneEntry) {
		most = 1
	}
	for again := true; again; again = p.next <= n.log.last().Index && p.within(most) {
		p.next = max(p.next, n.log.base.Index+1) // it asks if it lacks what is before
		prev, _ := n.log.position(p.next - 1)
		var entries []Entry
		if p.within(most) {
			entries = n.log.behind(prev.Index, most)
		}
		n.env.Send(p.id, &Update{View: n.view.Number, Prev: prev, Entries: entries, Commit: n.commit, Round: n.round})
		p.next += uint64(len(entries))
	}
}

// maxInFlight is how many full messages to a replica may be unanswered.
const maxInFlight = 8

// within reports whether another message of so many entries may be sent.
func (p *peer) within(most int) bool { return p.next <= p.match+uint64(maxInFlight*most) }

// update takes what comes next in the log, if it comes next.
func (n *Replica) update(from sim.NodeID, m *Update) {
	if !n.rules.Takes(m.View, n.view.Number) || n.role == primary && m.View == n.view.Number {
		return
	}
	if from == n.view.Primary {
		n.heardAt = n.env.Elapsed()
	}
	n.following = n.following || m.Prev == n.log.last()
	reply := &Updated{View: m.View, Round: m.Round}
	if !n.following || m.Prev.Index > n.log.last().Index {
		n.env.Send(from, reply)
		n.askOnce(from)
		return
	}
	for _, e := range m.Entries {
		if e.Index > n.log.last().Index {
			n.store(e)
		}
	}
	n.persist()
	reply.Match = m.Prev.Index + uint64(len(m.Entries))
	n.env.Send(from, reply)
	n.apply(min(m.Commit, reply.Match))
	n.goOnGathering()
}

// updated takes note of what another replica holds.
func (n *Replica) updated(from sim.NodeID, m *Updated) {
	p := n.peer(from)
	if n.role != primary || m.View != n.view.Number || p == nil {
		return
	}
	p.heardAt = n.env.Elapsed()
	p.round = max(p.round, m.Round)
	if m.Match > p.match {
		p.match = m.Match
		p.next = max(p.next, p.match+1)
		if p.next <= n.log.last().Index {
			n.send(p)
		}
	}
	n.advance()
}

func (n *Replica) peer(id sim.NodeID) *peer {
	for _, p := range n.peers {
		if p.id == id {
			return p
		}
	}
	return nil
}

// advance acknowledges what enough replicas hold, and the view once it has
// begun, and answers the reads for which enough are still in the view.
func (n *Replica) advance() {
	index := n.reached(n.log.last().Index, func(p *peer) uint64 { return p.match })
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

// reached returns the greatest number that enough backups have reached, own if
// nobody need be asked.
func (n *Replica) reached(own uint64, of func(*peer) uint64) uint64 {
	greatest := uint64(0)
	for _, candidate := range append(n.numbers(of), own) {
		answered := 0
		for _, number := range n.numbers(of) {
			if number >= candidate {
				answered++
			}
		}
		if candidate > greatest && candidate <= own && n.rules.Enough(n.options.Mode, len(n.view.Backups), answered) {
			greatest = candidate
		}
	}
	return greatest
}

// numbers returns a number of each backup of the view.
func (n *Replica) numbers(of func(*peer) uint64) []uint64 {
	numbers := make([]uint64, 0, len(n.peers)+1)
	for _, p := range n.peers {
		if slices.Contains(n.view.Backups, p.id) {
			numbers = append(numbers, of(p))
		}
	}
	return numbers
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
		e := n.log.at(n.commit)
		n.machine.apply(e)
		if w, ok := n.waiting[e.Session]; ok && w.sequence == e.Sequence {
			delete(n.waiting, e.Session)
			output, _ := n.machine.answered(e.Session, e.Sequence)
			n.observer.Acknowledged(n.view.Number, e.Index, e.digest)
			n.env.Send(w.client, &Reply{Output: output})
		}
	}
	digest, _ := n.log.digest(n.commit)
	n.observer.Applied(n.id, n.commit, digest)
	n.journal.commit(n.commit) // goes to the disk with what comes next
	n.save()
}

// A read waits for the primary to know that it still is.
type read struct {
	from  sim.NodeID
	input history.Input
	round uint64
}

// read answers from what is applied: at once, or once the primary knows that
// no later view has begun when the read was there.
func (n *Replica) read(from sim.NodeID, m *Read) {
	switch {
	case n.options.ReadsAny, n.role == primary && n.rules.ReadsUnasked():
		n.env.Send(from, &Reply{Output: n.machine.read(m.Input)})
	case n.role != primary:
		n.notPrimary(from)
	default:
		n.round++
		n.reads = append(n.reads, read{from, m.Input, n.round})
		n.broadcast()
		n.advance()
	}
}

// serveReads answers the reads that need wait no more. What a predecessor has
// acknowledged is applied once the view has begun.
func (n *Replica) serveReads() {
	if len(n.reads) == 0 || n.commit < n.begin {
		return
	}
	answered := n.reached(n.round, func(p *peer) uint64 { return p.round })
	served := 0
	for ; served < len(n.reads) && n.reads[served].round <= answered; served++ {
		r := n.reads[served]
		n.env.Send(r.from, &Reply{Output: n.machine.read(r.input)})
	}
	n.reads = append(n.reads[:0], n.reads[served:]...)
}
