package models

import (
	"fmt"
	"strings"

	"seedbed.example/history"
)

// registers is the specification of what holds one value at most. The state of
// a key is the input that last set it: its Value is what the key holds. To keep
// the very input that Porcupine hands over, instead of a value made of it, makes
// a write free of allocation.
func registers(step stepFunc) specification {
	return specification{step: step, equal: sameValue, hash: hashValue, describe: describeValue}
}

// lists is the specification of lists. A list is written as its elements with a
// blank between them.
func lists() specification {
	spec := registers(list)
	spec.limits = func(in history.Input) string {
		if strings.Contains(in.Value, " ") {
			return "an element of a list holds no blank"
		}
		return ""
	}
	return spec
}

// value returns what a key holds, and whether it holds anything.
func value(state any) (string, bool) {
	set, found := state.(history.Input)
	return set.Value, found
}

func sameValue(a, b any) bool {
	x, foundX := value(a)
	y, foundY := value(b)
	return foundX == foundY && x == y
}

// hashValue tells states apart that are reached by the same operations in
// different orders.
func hashValue(state any) uint64 {
	held, _ := value(state)
	return hashText(uint64(len(held)), held)
}

// hashText goes on with a hash, by a text.
func hashText(hash uint64, text string) uint64 {
	for i := range len(text) {
		hash = (hash ^ uint64(text[i])) * 1099511628211
	}
	return hash
}

func describeValue(state any) string {
	if held, found := value(state); found {
		return fmt.Sprintf("%q", held)
	}
	return "nothing"
}

// store is a step of registers and key-value stores. An append to nothing is a
// write. A compare-and-swap finds what it expects in nothing never.
func store(state, input any, out history.Output, known bool) (bool, any) {
	in := input.(history.Input)
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

// list is a step of lists.
func list(state, input any, out history.Output, known bool) (bool, any) {
	if in := input.(history.Input); in.F == history.Append {
		if held, found := value(state); found {
			return true, history.Input{Value: held + " " + in.Value}
		}
	}
	return store(state, input, out, known)
}
