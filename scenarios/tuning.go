package scenarios

import (
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// tuning draws what would else be settings of somebody. With the parameter tuning
// at fixed all draws are benign: what comes first among the alternatives is the
// usual setting.
func tuning(w *sim.World, values experiment.Values, of string) *choice.Stream {
	if values["tuning"] == "fixed" {
		return choice.NewStream(choice.Zero{}, "tuning", of)
	}
	return choice.NewStream(w.Choices(), "tuning", of)
}
