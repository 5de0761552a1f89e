package raft

import "seedbed.example/sim"

// transferLeadership hands over to another voter: it stops taking proposals,
// brings the other up to date, and lets it begin an election at once
// (dissertation 3.10). It gives up after an election timeout.
func (n *Node) transferLeadership(from sim.NodeID, m *TransferLeadership) {
	switch {
	case n.role != leader:
		n.notLeader(from)
	case m.Target == n.id || !n.config().voter(m.Target):
		n.env.Send(from, &Reply{Status: Rejected})
	case n.transferee != 0 || n.config().joint():
		n.env.Send(from, &Reply{Status: Busy})
	default:
		n.transferee = m.Target
		n.transferUntil = n.env.Elapsed() + n.options.ElectionTimeout
		n.lease.forfeited = true
		n.env.Log("hands over to %v", m.Target)
		n.env.Send(from, &Reply{Status: OK})
		n.handOver(n.progress[m.Target])
	}
}

// handOver tells the one who is to lead next to go ahead, once it has
// everything.
func (n *Node) handOver(p *progress) {
	if p != nil && p.id == n.transferee && p.match == n.log.LastIndex() {
		n.env.Send(p.id, &TimeoutNow{Term: n.term})
	}
}

// timeoutNow begins an election at the leader's wish.
func (n *Node) timeoutNow(m *TimeoutNow) {
	if m.Term == n.term && n.config().voter(n.id) {
		n.campaign(true)
	}
}
