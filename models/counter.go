package models

import (
	"strconv"

	"seedbed.example/history"
)

// counters is the specification of counters. A counter begins at 0, amounts may
// be negative, and it is read in decimal digits. Beyond 64 bits it wraps around.
func counters() specification {
	return specification{
		step:     counter,
		equal:    func(a, b any) bool { return count(a) == count(b) },
		hash:     func(state any) uint64 { return uint64(count(state)) * 0x9e3779b97f4a7c15 },
		describe: func(state any) string { return strconv.FormatInt(count(state), 10) },
	}
}

// count returns what a counter has come to.
func count(state any) int64 {
	n, _ := state.(int64)
	return n
}

func counter(state, input any, out history.Output, known bool) (bool, any) {
	switch in := input.(history.Input); in.F {
	case history.Read:
		return !known || out.Found && out.Value == strconv.FormatInt(count(state), 10), state
	case history.Add:
		return true, count(state) + in.Amount
	default:
		return false, state
	}
}
