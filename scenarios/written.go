package scenarios

import (
	"fmt"

	"seedbed.example/checkers"
	"seedbed.example/history"
)

// onlyWritten checks what can be promised where quorums do not meet: that what is
// read is what somebody has asked to be written there.
func onlyWritten(h *history.History) (checkers.Verdict, []checkers.Violation) {
	asked := make(map[[2]string]bool)
	for _, op := range h.Operations() {
		if in := op.Input.(history.Input); in.F == history.Write {
			asked[[2]string{in.Key, in.Value}] = true
		}
	}
	for _, op := range h.Operations() {
		in := op.Input.(history.Input)
		if out, ok := op.Output.(history.Output); ok && in.F == history.Read && out.Found && !asked[[2]string{in.Key, out.Value}] {
			return checkers.Violated, []checkers.Violation{{
				Checker: "linearizability", Kind: "invented value",
				Message: fmt.Sprintf("client %d reads %q at %s, which nobody has written", op.Client, out.Value, in.Key),
			}}
		}
	}
	return checkers.Holds, nil
}
