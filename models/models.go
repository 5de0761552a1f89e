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
	// Porcupine judges one key: histories are partitioned beforehand, by
	// [Partition].
	Porcupine porcupine.Model
	functions []history.Function
}

// All returns every model there is.
func All() []Model {
	return []Model{
		newModel("register", "a value that is read and written", step,
			history.Read, history.Write),
		newModel("cas-register", "a value that is read, written, and replaced if it is what one expects", step,
			history.Read, history.Write, history.CAS),
		newModel("kv", "values by key: read, write, append, compare-and-swap, delete", step,
			history.Read, history.Write, history.Append, history.CAS, history.Delete),
		newModel("append-list", "lists by key: append an element, read the whole list", stepList,
			history.Read, history.Append),
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

type stepFunc func(state State, in history.Input, out *history.Output) (bool, State)

func newModel(id, summary string, step stepFunc, functions ...history.Function) Model {
	return Model{
		ID: id, Summary: summary, functions: functions,
		Porcupine: porcupine.Model{
			Init: func() any { return State{} },
			Step: func(state, input, output any) (bool, any) {
				var out *history.Output
				if o, ok := output.(history.Output); ok {
					out = &o
				}
				before := state.(State)
				ok, after := step(before, input.(history.Input), out)
				if after == before {
					return ok, state
				}
				return ok, after
			},
			DescribeOperation: func(input, output any) string { return Describe(input, output) },
			DescribeState:     func(state any) string { return state.(State).String() },
		},
	}
}

// A State is the value of one key.
type State struct {
	Value string
	Found bool
}

// String returns the value, or "nothing".
func (s State) String() string {
	if !s.Found {
		return "nothing"
	}
	return fmt.Sprintf("%q", s.Value)
}

// step is the specification of registers and key-value stores.
func step(state State, in history.Input, out *history.Output) (bool, State) {
	switch in.F {
	case history.Read:
		return out == nil || out.Found == state.Found && out.Value == state.Value, state
	case history.Write:
		return true, State{in.Value, true}
	case history.Append:
		return true, State{state.Value + in.Value, true}
	case history.CAS:
		applies := state.Found && state.Value == in.Old
		if out != nil && out.Applied != applies {
			return false, state
		}
		if applies {
			return true, State{in.Value, true}
		}
		return true, state
	case history.Delete:
		return true, State{}
	default:
		return false, state
	}
}

// stepList is the specification of lists: elements with a blank between them.
func stepList(state State, in history.Input, out *history.Output) (bool, State) {
	if in.F == history.Append && state.Found {
		return true, State{state.Value + " " + in.Value, true}
	}
	return step(state, in, out)
}

// Describe tells an operation and its answer: read x -> "1".
func Describe(input, output any) string {
	in, ok := input.(history.Input)
	if !ok {
		return fmt.Sprintf("%v -> %v", input, output)
	}
	out, known := output.(history.Output)
	switch {
	case !known:
		return in.String() + " -> ?"
	case in.F == history.Read:
		return in.String() + " -> " + State{out.Value, out.Found}.String()
	case in.F == history.CAS && out.Applied:
		return in.String() + " -> done"
	case in.F == history.CAS:
		return in.String() + " -> refused"
	default:
		return in.String()
	}
}

// Accepts says which operation of a history the model knows nothing of; nil if
// it knows them all.
func (m Model) Accepts(h *history.History) error {
	for i, op := range h.Operations() {
		in, ok := op.Input.(history.Input)
		if !ok {
			return fmt.Errorf("operation %d is a %T, which model %s does not know", i+1, op.Input, m.ID)
		}
		if !slices.Contains(m.functions, in.F) {
			return fmt.Errorf("operation %d is %q, and model %s knows only %s", i+1, in, m.ID, m.knows())
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

// A Part is the operations on one key, in the order of their invocation.
type Part struct {
	Key        string
	Operations []history.Operation
}

// Partition splits a history by key: it is linearizable if each part is. Keys
// come in the order of their first use.
func Partition(h *history.History) []Part {
	var parts []Part
	at := make(map[string]int)
	for _, op := range h.Operations() {
		key := ""
		if in, ok := op.Input.(history.Input); ok {
			key = in.Key
		}
		i, ok := at[key]
		if !ok {
			i = len(parts)
			at[key] = i
			parts = append(parts, Part{Key: key})
		}
		parts[i].Operations = append(parts[i].Operations, op)
	}
	return parts
}
