package models

import (
	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
)

// A Part is the operations on one key, in the order of their invocation.
type Part struct {
	Key        string
	Operations []history.Operation
}

// Partition splits a history by key: it is linearizable if each part is
// (Herlihy and Wing, theorem 1). Keys come in the order of their first use.
func Partition(h *history.History) []Part {
	operations := h.Operations()
	var parts []Part
	var sizes []int
	indices := make(map[string]int) // of parts by key, looked up only
	partOf := make([]int, len(operations))
	for i := range operations {
		key := keyOf(operations[i].Input)
		at, ok := indices[key]
		if !ok {
			at = len(parts)
			indices[key] = at
			parts, sizes = append(parts, Part{Key: key}), append(sizes, 0)
		}
		partOf[i] = at
		sizes[at]++
	}
	all := make([]history.Operation, len(operations)) // one array holds every part
	for i := range parts {
		parts[i].Operations, all = all[:0:sizes[i]], all[sizes[i]:]
	}
	for i := range operations {
		part := &parts[partOf[i]]
		part.Operations = append(part.Operations, operations[i])
	}
	return parts
}

// partitionOperations is [Partition] for Porcupine's operations.
func partitionOperations(operations []porcupine.Operation) [][]porcupine.Operation {
	var parts [][]porcupine.Operation
	indices := make(map[string]int)
	for _, op := range operations {
		key := keyOf(op.Input)
		at, ok := indices[key]
		if !ok {
			at = len(parts)
			indices[key] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], op)
	}
	return parts
}

func keyOf(input any) string {
	in, _ := input.(history.Input)
	return in.Key
}
