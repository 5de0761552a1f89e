package models

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/history"
)

// queues is the specification of queues: first in, first out. To dequeue from an
// empty one finds nothing. The state is what is in the queue, the front first.
func queues() specification {
	return specification{
		step:  queue,
		equal: func(a, b any) bool { return slices.Equal(waiting(a), waiting(b)) },
		hash: func(state any) (hash uint64) {
			for _, value := range waiting(state) {
				hash = hashText(hash^uint64(len(value)), value) + 1
			}
			return hash
		},
		describe: describeQueue,
	}
}

// waiting returns what is in a queue.
func waiting(state any) []string {
	values, _ := state.([]string)
	return values
}

func queue(state, input any, out history.Output, known bool) (bool, any) {
	values := waiting(state)
	switch in := input.(history.Input); in.F {
	case history.Enqueue:
		return true, append(slices.Clip(values), in.Value) // a copy: others go on from values too
	case history.Dequeue:
		if len(values) == 0 {
			return !known || !out.Found, state
		}
		return !known || out.Found && out.Value == values[0], values[1:]
	default:
		return false, state
	}
}

func describeQueue(state any) string {
	var told []string
	for _, value := range waiting(state) {
		told = append(told, fmt.Sprintf("%q", value))
	}
	if told == nil {
		return "nothing"
	}
	return strings.Join(told, " ")
}
