package models

import (
	"fmt"

	"seedbed.example/history"
)

// The state of a key is the input that last set it: its Value is what the key
// holds. To keep the very input that Porcupine hands over, instead of a value
// made of it, makes a write free of allocation.
//
// nothing is the state of a key that nothing has set.
var nothing any

// value returns what a key holds, and whether it holds anything.
func value(state any) (string, bool) {
	set, found := state.(history.Input)
	return set.Value, found
}

func sameState(a, b any) bool {
	x, foundX := value(a)
	y, foundY := value(b)
	return foundX == foundY && x == y
}

// hashState tells states apart that are reached by the same operations in
// different orders.
func hashState(state any) uint64 {
	held, _ := value(state)
	hash := uint64(len(held))
	for i := range len(held) {
		hash = (hash ^ uint64(held[i])) * 1099511628211
	}
	return hash
}

// A stepFunc says whether an operation may give this answer in this state, and
// the state after it. If the answer is not known, any will do.
type stepFunc func(state, input any, out history.Output, known bool) (bool, any)

// store is the specification of registers and key-value stores. An append to
// nothing is a write. A compare-and-swap finds what it expects in nothing never.
func store(state, input any, out history.Output, known bool) (bool, any) {
	in, ok := input.(history.Input)
	if !ok {
		return false, state
	}
	held, found := value(state)
	switch in.F {
	case history.Read:
		return !known || out.Found == found && out.Value == held, state
	case history.Write:
		return true, input
	case history.Append:
		return true, history.Input{Value: held + in.Value}
	case history.CAS:
		applies := found && held == in.Old
		if known && out.Applied != applies {
			return false, state
		}
		if applies {
			return true, input
		}
		return true, state
	case history.Delete:
		return true, nothing
	default:
		return false, state
	}
}

// list is the specification of lists. A list is written as its elements with a
// blank between them, so no element may hold one.
func list(state, input any, out history.Output, known bool) (bool, any) {
	if in, ok := input.(history.Input); ok && in.F == history.Append {
		if held, found := value(state); found {
			return true, history.Input{Value: held + " " + in.Value}
		}
	}
	return store(state, input, out, known)
}

// Describe tells an operation and its answer: read x -> "1".
func Describe(input, output any) string {
	in, ok := input.(history.Input)
	if !ok {
		return fmt.Sprintf("%v -> %v", input, output)
	}
	out, known := output.(history.Output)
	switch {
	case !known:
		return in.String() + " -> ?"
	case in.F == history.Read && out.Found:
		return fmt.Sprintf("%v -> %q", in, out.Value)
	case in.F == history.Read:
		return in.String() + " -> nothing"
	case in.F == history.CAS && out.Applied:
		return in.String() + " -> done"
	case in.F == history.CAS:
		return in.String() + " -> refused"
	default:
		return in.String()
	}
}

func describeState(state any) string {
	if held, found := value(state); found {
		return fmt.Sprintf("%q", held)
	}
	return "nothing"
}
