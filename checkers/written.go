package checkers

import (
	"strings"

	"seedbed.example/history"
	"seedbed.example/models"
)

// Written finds answers to reads that nobody can have written, whatever order
// the operations took effect in: a value must be one that a write or a
// compare-and-swap put there, or nothing, and behind it what was appended, each
// append once. Only operations count that had been called before the read
// returned, and had not failed; a compare-and-swap also if it was refused, for it
// may have been tried twice, and what it did at first be lost. So much is promised
// by a store that may lose what it has acknowledged, or whose replicas answer with
// old values.
//
// It knows key-value stores and registers; other functions than theirs tell it
// nothing. For a value of a appends among n operations it takes time in
// proportion to a n, unless values are made to be taken for others.
func Written(h *history.History) []Violation {
	var found []Violation
	for _, operations := range models.Partition(h) {
		for i := range operations {
			op := &operations[i]
			if !isRead(op) {
				continue
			}
			value, there, saw := seen(op)
			if !there || composed(value, op, operations, make([]bool, len(operations))) {
				continue
			}
			o := &Offence{
				Key: input(op).Key, Culprit: *op, Window: []history.Operation{*op}, Kind: inventedValue,
				Reason: saw + ", which nobody had asked to write, or to append once each",
			}
			found = append(found, Violation{Checker: "written", Kind: o.Kind, Message: o.String(), Offence: o})
		}
	}
	return found
}

// composed reports whether operations that are not used yet can have put a value
// there before a read returned.
func composed(value string, read *history.Operation, operations []history.Operation, used []bool) bool {
	for i := range operations {
		op := &operations[i]
		if used[i] || op.Invoked > read.Returned || op.Outcome == history.Failed {
			continue
		}
		switch in := input(op); in.F {
		case history.Write, history.CAS:
			if in.Value == value {
				return true
			}
		case history.Append:
			rest, ends := strings.CutSuffix(value, in.Value)
			if !ends {
				continue
			}
			used[i] = true
			if rest == "" || composed(rest, read, operations, used) {
				return true
			}
			used[i] = false
		}
	}
	return false
}
