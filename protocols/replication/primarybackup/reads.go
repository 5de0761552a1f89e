package primarybackup

import (
	"seedbed.example/history"
	"seedbed.example/sim"
)

// A read waits for the primary to know that it still is.
type read struct {
	from  sim.NodeID
	input history.Input
	round uint64
}

// mostReads is how many may wait while nobody answers.
const mostReads = 1 << 12

// read answers from what is applied: at once, or once the primary knows that
// no later view has begun when the read was there.
func (n *Replica) read(from sim.NodeID, m *Read) {
	switch {
	case n.options.ReadsAny, n.role == primary && n.rules.ReadsUnasked():
		n.env.Send(from, &Reply{Output: n.machine.read(m.Input)})
	case n.role != primary, len(n.reads) == mostReads:
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
