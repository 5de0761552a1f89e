package models

import (
	"fmt"

	"seedbed.example/history"
)

// Describe tells an operation and its answer: read x -> "1".
func Describe(input, output any) string {
	in, ok := input.(history.Input)
	if !ok {
		return fmt.Sprintf("%v -> %v", input, output)
	}
	out, known := output.(history.Output)
	if !known {
		return in.String() + " -> ?"
	}
	switch in.F {
	case history.Read, history.Propose, history.Dequeue:
		if out.Found {
			return fmt.Sprintf("%v -> %q", in, out.Value)
		}
		return in.String() + " -> nothing"
	case history.CAS, history.Transfer:
		if out.Applied {
			return in.String() + " -> done"
		}
		return in.String() + " -> refused"
	default:
		return in.String()
	}
}
