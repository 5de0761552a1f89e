package paxos

import "seedbed.example/sim"

// prepare promises to accept no proposal of a lower ballot, and tells how it has
// voted (phase 1b).
func (n *Node) prepare(from sim.NodeID, m *Prepare) {
	d := n.decree(m.Decree)
	switch {
	case d.chosen:
		n.env.Send(from, &Chosen{d.name, d.decided})
	case !n.rules.MayPromise(m.Ballot, d.promised):
		n.env.Send(from, &Nack{d.name, m.Ballot, d.promised})
	default:
		vote := d.vote
		if m.Ballot != d.promised {
			d.promised = m.Ballot
			if vote.Cast() {
				d.vote.Ballot = n.rules.VotedIn(vote.Ballot, m.Ballot)
			}
			n.save(d)
		}
		n.persist(n.rules.SyncPromise())
		n.env.Send(from, &Promise{d.name, m.Ballot, vote})
	}
}

// accept accepts a proposal, unless it has promised a higher ballot (phase 2b).
func (n *Node) accept(from sim.NodeID, m *Accept) {
	d := n.decree(m.Decree)
	switch {
	case d.chosen:
		n.env.Send(from, &Chosen{d.name, d.decided})
	case !n.rules.MayAccept(m.Ballot, d.promised):
		n.env.Send(from, &Nack{d.name, m.Ballot, d.promised})
	default:
		if vote := (Vote{m.Ballot, m.Value}); vote != d.vote {
			d.promised, d.vote = n.rules.PromisedByVote(m.Ballot, d.promised), vote
			n.save(d)
		}
		n.env.Log("%s: accepts %q in ballot %v", d.name, m.Value, m.Ballot)
		n.persist(n.rules.SyncVote())
		n.observer.Accepted(n.id, d.name, m.Ballot, m.Value)
		n.env.Send(from, &Accepted{d.name, m.Ballot})
		n.catchUp(d)
	}
}
