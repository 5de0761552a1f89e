package primarybackup

import (
	"fmt"
	"slices"

	"seedbed.example/sim"
)

// What tests and traces look at, and the protocol does not need.

// View returns the view that the replica is in.
func (n *Replica) View() View { return n.view }

// Leads reports whether the replica believes to be primary, and serves.
func (n *Replica) Leads() bool { return n.role == primary }

// Applied returns up to which index of the log everything is applied, and what
// has come of it: values by key.
func (n *Replica) Applied() (index uint64, values map[string]string) {
	return n.commit, n.machine.values
}

// Settled reports whether nothing is left to be applied that this replica knows
// of.
func (n *Replica) Settled() bool {
	return n.commit == n.log.LastIndex() && (n.role == primary && n.acknowledged || n.role == backup && n.follows())
}

// State implements [sim.Stated]: what of a replica decides what may happen next.
// How far its view, log and commit are is compared with the others'.
func (n *Replica) State() sim.State {
	own := uint64(n.role)
	for _, is := range [...]bool{
		slices.Contains(n.view.members(), n.id),
		n.acknowledged,
		n.follows(),
		n.commit < n.log.LastIndex(),
		len(n.view.Backups) == 0,
	} {
		own <<= 1
		if is {
			own |= 1
		}
	}
	last := n.log.Last()
	return sim.State{Own: own, Compared: [...]uint64{n.view.Number, last.Term<<32 | last.Index, n.commit}}
}

// Status tells in a line how the replica stands.
func (n *Replica) Status() string {
	return fmt.Sprintf("%v in %v, log %v, commit %d, following: %v, acknowledged: %v",
		n.role, n.view, n.log, n.commit, n.follows(), n.acknowledged)
}

// State implements [sim.Stated].
func (s *ViewService) State() sim.State {
	own := uint64(len(s.view.Backups))<<2 | 1<<1
	if s.acknowledged {
		own |= 1
	}
	return sim.State{Own: 1<<16 | own, Compared: [...]uint64{s.view.Number, 0, 0}}
}

// View returns the view that the view service has decided on last.
func (s *ViewService) View() View { return s.view }

// Settled reports whether the view service knows that the primary of its view has
// acknowledged it.
func (s *ViewService) Settled() bool { return s.acknowledged }

// Status tells in a line how the view service stands.
func (s *ViewService) Status() string {
	return fmt.Sprintf("%v, acknowledged: %v", s.view, s.acknowledged)
}
