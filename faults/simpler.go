package faults

import (
	"reflect"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// Simpler returns entries that are like e and a little simpler: one victim
// fewer, always instead of sometimes, over sooner, at a rounder time. What is
// simplest of all, no entry, is not among them, and none is as complicated as e:
// taking simpler ones comes to an end.
func (e Entry) Simpler() []Entry {
	var simpler []Entry
	for _, f := range simplerFaults(e.Fault) {
		simpler = append(simpler, Entry{e.At, e.For, f})
	}
	for _, at := range rounder(e.At) {
		simpler = append(simpler, Entry{at, e.For, e.Fault})
	}
	if e.For > 0 {
		for _, length := range append([]time.Duration{round(e.For/2, time.Millisecond)}, rounder(e.For)...) {
			if length > 0 && length < e.For {
				simpler = append(simpler, Entry{e.At, length, e.Fault})
			}
		}
	}
	return slices.DeleteFunc(simpler, func(e Entry) bool { return e.check(Shape{Nodes: 1 << 16}) != nil })
}

// rounder returns d rounded down to seconds, tenths, hundredths and
// milliseconds, as far as that makes a difference.
func rounder(d time.Duration) []time.Duration {
	var all []time.Duration
	for _, unit := range []time.Duration{time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond} {
		if r := round(d, unit); r != d && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

func round(d, unit time.Duration) time.Duration { return d / unit * unit }

// simplerFaults returns the fault with one thing about it simpler: a node, a group
// of nodes or a kind of message fewer, where a list does not become empty; a thing
// that never happens, or always does, instead of as chance has it; a lower number;
// a rounder length of time.
func simplerFaults(f Fault) []Fault {
	var all []Fault
	fields := reflect.ValueOf(f)
	for i := range fields.NumField() {
		for _, simpler := range simplerValues(fields.Field(i)) {
			changed := reflect.New(fields.Type()).Elem()
			changed.Set(fields)
			changed.Field(i).Set(simpler)
			all = append(all, changed.Interface().(Fault))
		}
	}
	return all
}

func simplerValues(field reflect.Value) []reflect.Value {
	var all []reflect.Value
	switch value := field.Interface().(type) {
	case choice.Rate:
		// What always happens takes no choice, and so no override.
		for _, rate := range []choice.Rate{choice.Never, choice.Always} {
			if value == rate {
				break
			}
			all = append(all, reflect.ValueOf(rate))
		}
	case bool:
		if value {
			all = append(all, reflect.ValueOf(false))
		}
	case int:
		for _, n := range slices.Compact([]int{1, value / 2, value - 1 - value/8}) {
			if n > 0 && n < value {
				all = append(all, reflect.ValueOf(n))
			}
		}
	case Duration:
		for _, d := range rounder(time.Duration(value)) {
			all = append(all, reflect.ValueOf(Duration(d)))
		}
	default:
		if field.Kind() == reflect.Slice {
			all = shorter(field)
		}
	}
	return all
}

// shorter returns the list with one element less, or with one element of an
// inner list less.
func shorter(list reflect.Value) []reflect.Value {
	var all []reflect.Value
	for i := range list.Len() {
		without := reflect.AppendSlice(copyOf(list.Slice(0, i)), list.Slice(i+1, list.Len()))
		if without.Len() > 0 {
			all = append(all, without)
		}
		if list.Index(i).Kind() != reflect.Slice {
			continue
		}
		for _, inner := range shorter(list.Index(i)) {
			changed := copyOf(list)
			changed.Index(i).Set(inner)
			all = append(all, changed)
		}
	}
	return all
}

func copyOf(list reflect.Value) reflect.Value {
	return reflect.AppendSlice(reflect.MakeSlice(list.Type(), 0, list.Len()), list)
}

// Among returns what is left of the plan in a world of so many nodes: entries
// that speak of others are left out, and others are taken off lists.
func (p Plan) Among(nodes int) Plan {
	left := Plan{}
	for _, e := range p {
		fault := reflect.New(reflect.TypeOf(e.Fault)).Elem()
		fault.Set(reflect.ValueOf(e.Fault))
		for i := range fault.NumField() {
			if list := fault.Field(i); list.Kind() == reflect.Slice {
				list.Set(amongNodes(list, nodes))
			}
		}
		e.Fault = fault.Interface().(Fault)
		if e.check(Shape{Nodes: nodes}) == nil {
			left = append(left, e)
		}
	}
	return left
}

// amongNodes returns a list without the nodes above the last one.
func amongNodes(list reflect.Value, nodes int) reflect.Value {
	switch l := list.Interface().(type) {
	case []sim.NodeID:
		return reflect.ValueOf(slices.DeleteFunc(slices.Clone(l), func(id sim.NodeID) bool { return int(id) > nodes }))
	case [][]sim.NodeID:
		groups := make([][]sim.NodeID, len(l))
		for i, group := range l {
			groups[i] = amongNodes(reflect.ValueOf(group), nodes).Interface().([]sim.NodeID)
		}
		return reflect.ValueOf(groups)
	default:
		return list
	}
}
