package raft

import (
	"math/bits"

	"seedbed.example/sim"
)

// State implements [sim.Stated]: what of a server decides what may happen to
// the cluster next. How far its term, log and commit are is compared with the
// others'.
func (n *Node) State() sim.State {
	own := uint64(n.role)
	for _, is := range []bool{
		n.leader != 0, n.votedFor != 0, n.votedFor == n.id, n.log.lastTerm() == n.term,
		n.synced < n.log.lastIndex(), n.log.base > 0, len(n.incoming.data) > 0,
		n.config().Outgoing != nil, n.transferee != 0, len(n.reads) > 0,
	} {
		own <<= 1
		if is {
			own |= 1
		}
	}
	uncommitted := min(bits.Len64(n.log.lastIndex()-n.commitIndex), 3)
	return sim.State{
		Own:      own<<2 | uint64(uncommitted),
		Compared: [...]uint64{n.term, n.log.lastTerm()<<32 | n.log.lastIndex(), n.commitIndex},
	}
}
