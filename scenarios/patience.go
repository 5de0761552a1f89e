package scenarios

import (
	"time"

	"seedbed.example/protocols/rpc"
)

// A patience is how the clients of a run wait for answers.
type patience struct {
	rpc.Patience
	insists int // how often they ask again, as a new operation, for what they have given up on
}

// drawPatience draws the patience of this run's clients; with the parameter
// tuning at fixed it is the benign one.
func (l *workload) drawPatience() patience {
	draw := tuning(l.world, l.values, "clients")
	return patience{
		Patience: rpc.Patience{
			Try:      []time.Duration{100, 20, 5}[draw.N(3)] * time.Millisecond,
			Roams:    draw.N(2) == 1,
			Deadline: []time.Duration{1000, 500}[draw.N(2)] * time.Millisecond,
		},
		insists: int(draw.N(4) / 3),
	}
}
