package faults

import (
	"reflect"
	"slices"
	"time"

	"seedbed.example/sim"
)

// Simpler returns entries that are like e and a little simpler: one victim
// fewer, over sooner, at a rounder time. What is simplest of all, no entry, is
// not among them, and none is as complicated as e: taking simpler ones comes to
// an end.
func (e Entry) Simpler() []Entry {
	var simpler []Entry
	for _, f := range withFewer(e.Fault) {
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

// withFewer returns the fault with one thing fewer in one of its lists: nodes,
// groups of nodes, kinds of message. A list does not become empty.
func withFewer(f Fault) []Fault {
	var all []Fault
	fields := reflect.ValueOf(f)
	for i := range fields.NumField() {
		list := fields.Field(i)
		if list.Kind() != reflect.Slice {
			continue
		}
		for _, shorter := range shorter(list) {
			changed := reflect.New(fields.Type()).Elem()
			changed.Set(fields)
			changed.Field(i).Set(shorter)
			all = append(all, changed.Interface().(Fault))
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
