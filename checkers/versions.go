package checkers

import (
	"cmp"
	"slices"

	"seedbed.example/history"
	"seedbed.example/models"
)

// A version is what one write put at a key; the zero value is the nothing that
// is there before any.
type version struct {
	write   *history.Operation
	invoked uint64 // when the write was called
	// settled is when it was there at the latest: its client knew so, or somebody
	// had read it. A write that nobody knows of is never settled.
	settled uint64
	by      *history.Operation // who knew so: the write, or the first read; nil if nobody
}

// older reports whether a version certainly came before another: it was settled
// before the other's write was called. It takes for granted that a system orders
// writes as they follow one another in real time. Of two writes at the same time
// neither is older.
func (v *version) older(than *version) bool { return v.settled < than.invoked }

// A versioned is the operations on one key, and the versions that they made and
// saw.
type versioned struct {
	key        string
	operations []history.Operation // in the order of invocation
	versions   map[string]*version // by value; looked up only
	twice      map[string]bool     // values that several writes may have put there
	nothing    *version            // what is there before any
}

// versionsOf splits a history into keys whose versions can be told apart: that
// are only read, written, and compared and swapped. Others are left out.
func versionsOf(h *history.History) []*versioned {
	var all []*versioned
	for _, operations := range models.Partition(h) {
		if !slices.ContainsFunc(operations, makesNoVersion) {
			all = append(all, newVersioned(operations))
		}
	}
	return all
}

func makesNoVersion(op history.Operation) bool {
	switch function(op.Input) {
	case history.Read, history.Write, history.CAS:
		return false
	default:
		return op.Outcome != history.Failed
	}
}

func newVersioned(operations []history.Operation) *versioned {
	v := &versioned{
		key: input(&operations[0]).Key, operations: operations, nothing: new(version),
		versions: make(map[string]*version), twice: make(map[string]bool),
	}
	for i := range operations {
		op := &operations[i]
		if function(op.Input) == history.Read || op.Outcome == history.Failed || refused(op.Input, op.Output) {
			continue
		}
		value := input(op).Value
		v.twice[value] = v.versions[value] != nil
		made := &version{write: op, invoked: op.Invoked, settled: uint64(end(op))}
		if op.Outcome == history.OK {
			made.by = op
		}
		v.versions[value] = made
	}
	for i := range operations {
		op := &operations[i]
		if seen := v.seen(op); seen != nil && seen != v.nothing && op.Returned < seen.settled {
			seen.settled, seen.by = op.Returned, op
		}
	}
	return v
}

// seen returns the version that a read has seen; nil if it is not known which,
// or the operation is no read that was answered. A value that several may have
// written, or nobody, or only somebody who was not asked to until after the read,
// tells of no version.
func (v *versioned) seen(op *history.Operation) *version {
	if !isRead(op) {
		return nil
	}
	out := op.Output.(history.Output)
	if !out.Found {
		return v.nothing
	}
	if seen := v.versions[out.Value]; seen != nil && !v.twice[out.Value] && seen.invoked < op.Returned {
		return seen
	}
	return nil
}

// window returns the operations that convict, those that are there, each once and
// in the order of invocation.
func window(convict []*history.Operation) []history.Operation {
	var all []history.Operation
	for _, op := range convict {
		if op != nil {
			all = append(all, *op)
		}
	}
	slices.SortFunc(all, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return slices.CompactFunc(all, func(a, b history.Operation) bool { return a.Invoked == b.Invoked })
}
