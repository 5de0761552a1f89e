package scenarios

import (
	"time"

	"seedbed.example/choice"
)

// A patience is how the clients of a run wait for answers.
type patience struct {
	try      time.Duration // how long for the first server
	deadline time.Duration // how long with one operation, before they give up
	roams    bool          // whether they begin each at any server, instead of where they last had an answer
	insists  int           // how often they ask again, as a new operation, for what they have given up on
}

// drawPatience draws the patience of this run's clients; with the parameter
// tuning at fixed it is the benign one.
func (l *workload) drawPatience() patience {
	var source choice.Source = choice.Zero{}
	if l.values["tuning"] != "fixed" {
		source = l.world.Choices()
	}
	draw := choice.NewStream(source, "tuning", "clients")
	return patience{
		try:      []time.Duration{100, 20, 5}[draw.N(3)] * time.Millisecond,
		roams:    draw.N(2) == 1,
		deadline: []time.Duration{1000, 500}[draw.N(2)] * time.Millisecond,
		insists:  int(draw.N(4) / 3),
	}
}
