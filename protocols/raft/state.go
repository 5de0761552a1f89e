package raft

import "seedbed.example/sim"

// State implements [sim.Stated]: what of a server decides what may happen
// next. How far its term, log and commit are is compared with the others'.
func (n *Node) State() sim.State {
	own := uint64(n.role)
	for _, is := range [...]bool{
		n.leader != 0,
		n.votedFor != 0,
		n.log.Last().Term == n.term,
		n.commitIndex < n.log.LastIndex(),
		n.synced < n.log.LastIndex(),
		len(n.incoming.data) > 0,
		n.config().Outgoing != nil,
		n.transferee != 0,
	} {
		own <<= 1
		if is {
			own |= 1
		}
	}
	return sim.State{Own: own, Compared: [...]uint64{n.term, n.log.Last().Term<<32 | n.log.LastIndex(), n.commitIndex}}
}
