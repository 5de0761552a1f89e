package experiment

import (
	"fmt"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/models"
	"seedbed.example/sim"
)

// checkBudget is how much real time the linearizability of one run may take.
const checkBudget = 10 * time.Second

// Linearizable returns a check for [Setup.Check]: that what clients saw in a
// world is linearizable by the model of that name, such as "register" or "kv".
// What cannot be decided within ten seconds of real time is unknown.
func Linearizable(w *sim.World, model string) func() (checkers.Verdict, []checkers.Violation) {
	m, ok := models.Find(model)
	if !ok {
		var known []string
		for _, m := range models.All() {
			known = append(known, m.ID)
		}
		panic(fmt.Sprintf("there is no model %q: want one of %s", model, strings.Join(known, ", ")))
	}
	return func() (checkers.Verdict, []checkers.Violation) {
		result := checkers.Linearizable(w.History(), m, checkBudget)
		return result.Verdict, result.Violations()
	}
}
