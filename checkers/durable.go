package checkers

import (
	"fmt"
	"strings"

	"seedbed.example/history"
	"seedbed.example/models"
)

// Durable finds writes and appends that were acknowledged and then missing
// from a later read, although nothing that could have replaced them was ever
// asked for. It supposes that no two operations write the same value, and that
// none is part of another. It finds less than [Linearizable], and says more
// plainly what was lost.
func Durable(h *history.History) []Violation {
	var lost []Violation
	for _, part := range models.Partition(h) {
		for i := range part.Operations {
			write := &part.Operations[i]
			if read := missing(write, part.Operations); read != nil {
				lost = append(lost, Violation{"durability", fmt.Sprintf("%s was acknowledged, and is gone: %s", describe(*write), describe(*read))})
			}
		}
	}
	return lost
}

// missing returns a read that should show what write wrote, and does not.
func missing(write *history.Operation, all []history.Operation) *history.Operation {
	in, ok := write.Input.(history.Input)
	if !ok || write.Outcome != history.OK || in.F != history.Write && in.F != history.Append {
		return nil
	}
	for i := range all {
		read := &all[i]
		asked, _ := read.Input.(history.Input)
		if asked.F != history.Read || read.Outcome != history.OK || read.Invoked < write.Returned {
			continue
		}
		if out := read.Output.(history.Output); !strings.Contains(out.Value, in.Value) && !replaced(write, read, all) {
			return read
		}
	}
	return nil
}

// replaced reports whether any operation may have replaced what write wrote
// before read looked.
func replaced(write, read *history.Operation, all []history.Operation) bool {
	for i := range all {
		op := &all[i]
		in, _ := op.Input.(history.Input)
		if op == write || op.Outcome == history.Failed || in.F == history.Read || in.F == history.Append {
			continue
		}
		startsBefore := op.Invoked < read.Returned
		endsAfter := op.Outcome == history.Unknown || op.Returned > write.Invoked
		if startsBefore && endsAfter {
			return true
		}
	}
	return false
}
