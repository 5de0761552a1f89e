package models

import "seedbed.example/history"

// consensus is a step of a value that is decided once: of all proposals the one
// that first takes effect is decided, and each is answered with that one. The
// state is the proposal that was decided.
func consensus(state, input any, out history.Output, known bool) (bool, any) {
	if input.(history.Input).F != history.Propose {
		return store(state, input, out, known)
	}
	if state == nothing {
		state = input
	}
	decided, _ := value(state)
	return !known || out.Found && out.Value == decided, state
}
