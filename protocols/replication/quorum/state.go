package quorum

import "seedbed.example/sim"

// State implements [sim.Stated]: how many phases a replica carries out, and
// whether any waits for its quorum. How new what it holds is, is compared with the
// others'.
func (r *Replica) State() sim.State {
	own := uint64(min(len(r.rounds), 3)) // some may be over already
	for _, o := range r.rounds {
		if !o.done {
			own |= 4
		}
	}
	return sim.State{Own: own, Compared: [...]uint64{r.newest, uint64(len(r.store.versions)), 0}}
}
