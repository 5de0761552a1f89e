package paxos

import "seedbed.example/sim"

// State implements [sim.Stated]: how far the decree has got that the server has
// last dealt with. What it has promised and voted is compared with the others'.
func (n *Node) State() sim.State {
	d := n.latest
	if d == nil {
		return sim.State{}
	}
	own := 1 + uint64(d.phase)
	for _, is := range [...]bool{d.chosen, d.vote.Cast(), d.promised != d.vote.Ballot, d.own != nil, len(d.clients) > 0} {
		own <<= 1
		if is {
			own |= 1
		}
	}
	number := func(b Ballot) uint64 { return b.Round<<8 | uint64(b.Proposer) }
	return sim.State{Own: own, Compared: [...]uint64{number(d.promised), number(d.vote.Ballot), uint64(len(n.decrees))}}
}
