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
	words     bool // what is appended is one word, because blanks part words in what is read
}

// All returns every model there is.
func All() []Model {
	lists := newModel("append-list", "lists by key: append an element, read the whole list", list,
		history.Read, history.Append)
	lists.words = true
	return []Model{
		newModel("register", "a value that is read and written", store,
			history.Read, history.Write),
		newModel("cas-register", "a value that is read, written, and replaced if it is what one expects", store,
			history.Read, history.Write, history.CAS),
		newModel("kv", "values by key: read, write, append, compare-and-swap, delete", store,
			history.Read, history.Write, history.Append, history.CAS, history.Delete),
		lists,
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

func newModel(id, summary string, step stepFunc, functions ...history.Function) Model {
	return Model{
		ID: id, Summary: summary, functions: functions,
		Porcupine: porcupine.Model{
			Partition: partitionOperations,
			Init:      func() any { return nothing },
			Step: func(state, input, output any) (bool, any) {
				out, known := output.(history.Output)
				return step(state, input, out, known)
			},
			Equal:             sameState,
			Hash:              hashState,
			DescribeOperation: Describe,
			DescribeState:     describeState,
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
		if m.words && strings.Contains(in.Value, " ") {
			return fmt.Errorf("operation %d is %v, and an element of a list holds no blank", i+1, in)
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
