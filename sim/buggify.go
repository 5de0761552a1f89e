package sim

import "seedbed.example/choice"

// Buggify lets the alternative of that name, wherever code offers it by
// [Env.Buggify], be taken at this rate from now on; 0 is never.
func (w *World) Buggify(alternative string, rate choice.Rate) {
	if w.alternatives == nil {
		w.alternatives = make(map[string]choice.Rate)
	}
	w.alternatives[alternative] = rate
}

// Buggify implements [Env].
func (a *actor) Buggify(alternative string) bool {
	a.enter()
	w := a.world
	if len(w.alternatives) == 0 {
		return false
	}
	rate := w.alternatives[alternative]
	if rate == 0 || !a.stream("buggify", alternative).Strikes(rate) {
		return false
	}
	if w.trace != nil {
		w.trace.add(a.localNow(), FaultEvent, w.cause, a.id, 0, "buggify", alternative)
	}
	return true
}
