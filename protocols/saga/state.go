package saga

import (
	"slices"

	"seedbed.example/sim"
)

// publish gives an orchestrator's abstract state, as [sim.Stated] does for nodes:
// how far the saga is that it carries out.
func (o *orchestrator) publish(s *Saga) {
	phase := slices.Index([]Phase{Placed, Doing, Undoing, Confirming, Completed, Aborted}, s.Phase)
	o.Publish(sim.State{Own: uint64(phase)<<2 | uint64(s.Step)})
}
