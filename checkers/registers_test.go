package checkers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/history"
)

// A role is what a client does, each as often as it is named: "write x".
type role []string

var (
	// equals both read and write.
	equals = []role{
		{"write x", "write x", "read x", "read x", "write y", "read y"},
		{"write x", "read x", "read x", "read x", "write y", "read y"},
	}
	// hearsay is of one who writes of what it knows of x to y, one who reads both,
	// and one who reads and writes x.
	hearsay = []role{
		{"write x", "read x", "read x", "read x", "write y", "write y"},
		{"read x", "read x", "read x", "read y", "read y", "read y"},
		{"write x", "read x"},
	}
)

// drawRegisters draws a short history of two registers, of which client 2 has a
// replica of x that is often behind. Few values are written twice, some writes
// are never answered, and some fail. It is drawn by a seed: what rapid draws is
// seldom large, and too much alike.
func drawRegisters(t *rapid.T, operations int, roles []role) *history.History {
	draw := choice.NewStream(choice.Seed(rapid.Uint64().Draw(t, "seed")), "test", "registers")
	n := func(bound int) int { return int(draw.N(uint64(bound))) }
	h := new(history.History)
	open := make(map[int]history.ID)
	values := make(map[string][]string) // of each key, as they took effect
	for now := time.Duration(0); h.Len() < operations; now += time.Duration(n(3)) {
		client := 1 + n(len(roles))
		id, busy := open[client]
		if !busy {
			does := roles[client-1]
			in, _ := scriptInput(strings.Fields(does[n(len(does))]))
			if in.F == history.Write {
				in.Value = fmt.Sprint(h.Len())
				if n(16) == 0 {
					in.Value = "again"
				}
			}
			open[client] = h.Invoke(client, now, in)
			continue
		}
		delete(open, client)
		in := input(&h.Operations()[id])
		outcome := history.OK
		if n(12) == 0 {
			outcome = []history.Outcome{history.Unknown, history.Failed}[n(2)]
		}
		held := values[in.Key]
		back := 1
		if client == 2 && in.Key == "x" {
			back = 1 + n(5)
		}
		switch {
		case outcome != history.OK:
			if in.F == history.Write && outcome == history.Unknown {
				values[in.Key] = append(held, in.Value)
			}
			h.Return(id, now, outcome, nil)
		case in.F == history.Write:
			values[in.Key] = append(held, in.Value)
			h.Return(id, now, outcome, history.Output{})
		case len(held) >= back:
			h.Return(id, now, outcome, history.Output{Value: held[len(held)-back], Found: true})
		default:
			h.Return(id, now, outcome, history.Output{})
		}
	}
	return h
}

// naiveVersions looks at one history as the definitions do: at every pair of
// operations, and at every order of writes.
type naiveVersions struct {
	all    []history.Operation
	answer map[[2]*history.Operation]bool // what alwaysBefore has said
	after  map[[2]*history.Operation]bool // what follows has said
}

func newNaive(operations []history.Operation) naiveVersions {
	return naiveVersions{operations, make(map[[2]*history.Operation]bool), make(map[[2]*history.Operation]bool)}
}

// writer returns the write that a read has seen; nil if that is nothing, and
// false if it is not known.
func (n naiveVersions) writer(read *history.Operation) (*history.Operation, bool) {
	if read.Outcome != history.OK || input(read).F != history.Read {
		return nil, false
	}
	out := read.Output.(history.Output)
	if !out.Found {
		return nil, true
	}
	var writers []*history.Operation
	for i := range n.all {
		if op := &n.all[i]; input(op).F == history.Write && input(op).Key == input(read).Key && input(op).Value == out.Value && op.Outcome != history.Failed {
			writers = append(writers, op)
		}
	}
	if len(writers) != 1 || writers[0].Invoked > read.Returned {
		return nil, false
	}
	return writers[0], true
}

// follows reports whether a write was called after another had been acknowledged
// or read; after nothing they all are.
func (n naiveVersions) follows(write, other *history.Operation) bool {
	return remembered(n.after, [2]*history.Operation{write, other}, func() bool { return n.doesFollow(write, other) })
}

// remembered returns the answer to a question, which it asks once.
func remembered(answers map[[2]*history.Operation]bool, about [2]*history.Operation, ask func() bool) bool {
	answer, ok := answers[about]
	if !ok {
		answer = ask()
		answers[about] = answer
	}
	return answer
}

func (n naiveVersions) doesFollow(write, other *history.Operation) bool {
	if other == nil || other.Outcome == history.OK && other.Returned < write.Invoked {
		return true
	}
	for i := range n.all {
		if writer, ok := n.writer(&n.all[i]); ok && writer == other && n.all[i].Returned < write.Invoked {
			return true
		}
	}
	return false
}

// alwaysBefore reports whether a write comes before another in every order of the
// writes to their key in which each comes after those that it follows.
func (n naiveVersions) alwaysBefore(a, b *history.Operation) bool {
	return remembered(n.answer, [2]*history.Operation{a, b}, func() bool { return n.isAlwaysBefore(a, b) })
}

func (n naiveVersions) isAlwaysBefore(a, b *history.Operation) bool {
	if a == b || b == nil {
		return false
	}
	var writes []*history.Operation
	for i := range n.all {
		if op := &n.all[i]; input(op).F == history.Write && input(op).Key == input(b).Key && op.Outcome != history.Failed {
			writes = append(writes, op)
		}
	}
	// try reports whether the writes that are left can follow on those that have a
	// place, with b before a. What can follow on a set of writes does not hang on
	// their order.
	tried := make(map[int]bool)
	var try func(placed int) bool
	try = func(placed int) bool {
		if placed == 1<<len(writes)-1 {
			return true
		}
		if tried[placed] {
			return false
		}
		tried[placed] = true
		for i, next := range writes {
			waits := next == a && placed&(1<<slices.Index(writes, b)) == 0
			for k, other := range writes {
				waits = waits || placed&(1<<k) == 0 && n.follows(next, other)
			}
			if placed&(1<<i) == 0 && !waits && try(placed|1<<i) {
				return true
			}
		}
		return false
	}
	return a == nil || !try(0)
}
