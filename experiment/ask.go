package experiment

import (
	"time"

	"seedbed.example/sim"
)

// Ask lets a client call a server, and records in the history of its world
// what it asked and what came of it. Where no answer came within timeout, by the
// client's clock, the outcome is unknown: it may have happened, or may yet.
func Ask(p *sim.Process, server sim.NodeID, asked any, timeout time.Duration) (answer any, err error) {
	operation := p.Invoke(asked)
	if answer, err = p.Call(server, asked, timeout); err != nil {
		operation.Unknown()
		return nil, err
	}
	operation.OK(answer)
	return answer, nil
}
