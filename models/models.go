package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
)

// A Model is a sequential specification.
type Model struct {
	ID      string
	Summary string
	// Porcupine judges operations: it partitions them by key.
	Porcupine porcupine.Model
	functions []history.Function
	// limits says what is wrong with an input that the model cannot judge, if
	// there are such inputs; "" if nothing is.
	limits func(history.Input) string
}

// All returns every model there is.
func All() []Model {
	return []Model{
		newModel("register", "a value that is read and written", registers(store),
			history.Read, history.Write),
		newModel("cas-register", "a value that is read, written, and replaced if it is what one expects", registers(store),
			history.Read, history.Write, history.CAS),
		newModel("kv", "values by key: read, write, append, compare-and-swap, delete", registers(store),
			history.Read, history.Write, history.Append, history.CAS, history.Delete),
		newModel("append-list", "lists by key: append an element, read the whole list", lists(),
			history.Read, history.Append),
		newModel("consensus", "a value that is decided once: propose one and learn the decided one, read it", registers(consensus),
			history.Read, history.Propose),
		newModel("queue", "queues by key: what is enqueued first is dequeued first", queues(),
			history.Enqueue, history.Dequeue),
		newModel("counter", "counters by key: add an amount, read the sum", counters(),
			history.Read, history.Add),
		newModel("bank", "accounts of a bank: deposit, transfer what is there, read all balances at once", banks(),
			history.Read, history.Deposit, history.Transfer),
	}
}

// Find returns the model of that name.
func Find(id string) (Model, bool) {
	for _, m := range All() {
		if m.ID == id {
			return m, true
		}
	}
	return Model{}, false
}

// A specification is how the state of one key begins, which is [nothing], and
// goes on.
type specification struct {
	step     stepFunc
	equal    func(a, b any) bool
	hash     func(state any) uint64
	describe func(state any) string
	limits   func(history.Input) string
}

// A stepFunc says whether an operation, a [history.Input], may give this answer in
// this state, and the state after it. If the answer is not known, any will do.
type stepFunc func(state, input any, out history.Output, known bool) (bool, any)

// nothing is the state of a key that no operation has come to.
var nothing any

func newModel(id, summary string, spec specification, functions ...history.Function) Model {
	return Model{
		ID: id, Summary: summary, functions: functions, limits: spec.limits,
		Porcupine: porcupine.Model{
			Partition: partitionOperations,
			Init:      func() any { return nothing },
			Step: func(state, input, output any) (bool, any) {
				if _, ok := input.(history.Input); !ok {
					return false, state
				}
				out, known := output.(history.Output)
				return spec.step(state, input, out, known)
			},
			Equal:             spec.equal,
			Hash:              spec.hash,
			DescribeOperation: Describe,
			DescribeState:     spec.describe,
		},
	}
}

// Accepts says which operation of a history the model cannot judge; nil if it
// can judge them all.
func (m Model) Accepts(h *history.History) error {
	operations := h.Operations()
	for i := range operations {
		op := &operations[i]
		in, ok := op.Input.(history.Input)
		if !ok {
			return fmt.Errorf("operation %d is a %T: want a history.Input", i+1, op.Input)
		}
		if !slices.Contains(m.functions, in.F) {
			return fmt.Errorf("operation %d is %v, and the model %s knows only %s", i+1, in, m.ID, m.knows())
		}
		if m.limits != nil {
			if wrong := m.limits(in); wrong != "" {
				return fmt.Errorf("operation %d is %v, and %s", i+1, in, wrong)
			}
		}
		if _, ok := op.Output.(history.Output); !ok && op.Outcome == history.OK {
			return fmt.Errorf("the answer to operation %d, %v, is a %T: want a history.Output", i+1, in, op.Output)
		}
	}
	return nil
}

func (m Model) knows() string {
	var names []string
	for _, f := range m.functions {
		names = append(names, f.String())
	}
	return strings.Join(names, ", ")
}
