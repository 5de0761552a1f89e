package models

import (
	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
)

// Partition splits a history into the operations on each key: it is
// linearizable if each part is (Herlihy and Wing, theorem 1). Keys come in the
// order of their first use, and their operations in that of their invocation.
func Partition(h *history.History) [][]history.Operation {
	return byKey(h.Operations(), func(op *history.Operation) any { return op.Input })
}

// partitionOperations is [Partition] for Porcupine's operations.
func partitionOperations(operations []porcupine.Operation) [][]porcupine.Operation {
	return byKey(operations, func(op *porcupine.Operation) any { return op.Input })
}

// byKey splits operations by the key of their input, and leaves each part in
// order.
func byKey[Operation any](operations []Operation, input func(*Operation) any) [][]Operation {
	var sizes []int
	indices := make(map[string]int) // of parts by key, looked up only
	partOf := make([]int, len(operations))
	for i := range operations {
		in, _ := input(&operations[i]).(history.Input)
		at, ok := indices[in.Key]
		if !ok {
			at = len(sizes)
			indices[in.Key] = at
			sizes = append(sizes, 0)
		}
		partOf[i] = at
		sizes[at]++
	}
	all := make([]Operation, len(operations)) // one array holds every part
	parts := make([][]Operation, len(sizes))
	for i, size := range sizes {
		parts[i], all = all[:0:size], all[size:]
	}
	for i, at := range partOf {
		parts[at] = append(parts[at], operations[i])
	}
	return parts
}
