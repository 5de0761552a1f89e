package explore

import (
	"reflect"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// A mutant is a run that is to be a little different from its parent.
type mutant struct {
	parent        // as it is so far; the plan is its own
	other  parent // another one, to take from
	nodes  uint64 // how many there are; 0 is not known
	draw   *choice.Stream
}

// mutations are the ways to change a run. What has no room for one stays.
var mutations = []func(m *mutant){
	(*mutant).reseed, (*mutant).shift, (*mutant).nudge, (*mutant).stretch, (*mutant).exchange, (*mutant).drop, (*mutant).repeat, (*mutant).splice,
}

// change applies one to three mutations.
func (m *mutant) change() {
	m.plan = append(faults.Plan{}, m.plan...)
	for range 1 + m.draw.N(3) {
		mutations[m.draw.N(uint64(len(mutations)))](m)
	}
	m.keepRotten()
	m.plan.Sort()
}

// reseed keeps the plan and changes everything else.
func (m *mutant) reseed() { m.seed = m.draw.N(1 << 63) }

// shift moves an entry to any other time at which one strikes.
func (m *mutant) shift() {
	if e := m.entry(); e != nil {
		e.At = m.time()
	}
}

// nudge moves an entry by a little, either way.
func (m *mutant) nudge() {
	if e := m.entry(); e != nil {
		e.At = max(0, e.At+m.draw.Between(0, 200*time.Millisecond)-100*time.Millisecond)
	}
}

// stretch makes an entry last up to twice as long, or a part of that.
func (m *mutant) stretch() {
	if e := m.entry(); e != nil && e.For > 0 {
		e.For = m.draw.Between(1, 2*e.For)
	}
}

// exchange lets an entry strike two nodes in each other's place.
func (m *mutant) exchange() {
	if e := m.entry(); e != nil && m.nodes > 1 {
		node := func() sim.NodeID { return sim.NodeID(1 + m.draw.N(m.nodes)) }
		e.Fault = exchanged(e.Fault, node(), node())
	}
}

func (m *mutant) drop() {
	if len(m.plan) > 0 {
		i := int(m.draw.N(uint64(len(m.plan))))
		m.plan = slices.Delete(m.plan, i, i+1)
	}
}

// repeat lets an entry strike once more at another time.
func (m *mutant) repeat() {
	if e := m.entry(); e != nil {
		again := *e
		again.At = m.time()
		m.plan = append(m.plan, again)
	}
}

// splice takes what comes later from the other plan.
func (m *mutant) splice() {
	at := m.time()
	before := func(e faults.Entry) bool { return e.At < at }
	m.plan = slices.DeleteFunc(m.plan, func(e faults.Entry) bool { return !before(e) })
	m.plan = append(m.plan, slices.DeleteFunc(slices.Clone(m.other.plan), before)...)
}

// entry draws an entry of the plan, nil if it has none.
func (m *mutant) entry() *faults.Entry {
	if len(m.plan) == 0 {
		return nil
	}
	return &m.plan[m.draw.N(uint64(len(m.plan)))]
}

// time draws one up to the last at which either plan has an entry.
func (m *mutant) time() time.Duration {
	last := time.Duration(0)
	for _, plan := range []faults.Plan{m.plan, m.other.plan} {
		for _, e := range plan {
			last = max(last, e.At)
		}
	}
	return time.Millisecond * time.Duration(m.draw.N(uint64(last/time.Millisecond)+1))
}

// keepRotten lets all rot be on one disk: no protocol survives a majority of
// disks that forget what they had promised to keep.
func (m *mutant) keepRotten() {
	rotten := sim.NodeID(0)
	for i, e := range m.plan {
		rot, ok := e.Fault.(faults.BitRot)
		if !ok {
			continue
		}
		if rotten == 0 {
			rotten = rot.Node
		}
		rot.Node = rotten
		m.plan[i].Fault = rot
	}
}

// exchanged returns the fault with two nodes in each other's place.
func exchanged(f faults.Fault, a, b sim.NodeID) faults.Fault {
	return mapNodes(reflect.ValueOf(f), func(node sim.NodeID) sim.NodeID {
		switch node {
		case a:
			return b
		case b:
			return a
		default:
			return node
		}
	}).Interface().(faults.Fault)
}

// mapNodes returns a copy of v in which every node is what to makes of it.
func mapNodes(v reflect.Value, to func(sim.NodeID) sim.NodeID) reflect.Value {
	mapped := reflect.New(v.Type()).Elem()
	switch {
	case v.Type() == reflect.TypeFor[sim.NodeID]():
		mapped.Set(reflect.ValueOf(to(v.Interface().(sim.NodeID))))
	case v.Kind() == reflect.Slice && !v.IsNil():
		mapped.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			mapped.Index(i).Set(mapNodes(v.Index(i), to))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			mapped.Field(i).Set(mapNodes(v.Field(i), to))
		}
	default:
		mapped.Set(v)
	}
	return mapped
}
