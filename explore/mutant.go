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
	nodes  uint64 // how many faults may strike
	draw   *choice.Stream
}

// mutations are the ways to change a run. What has no room for one stays.
var mutations = []func(m *mutant){
	(*mutant).reseed, (*mutant).shift, (*mutant).nudge, (*mutant).stretch, (*mutant).exchange, (*mutant).drop, (*mutant).repeat, (*mutant).splice,
}

// change applies one to three mutations. One that makes a plan that cannot be,
// because some faults have a time or a number of their own, is taken back.
func (m *mutant) change() {
	for range 1 + m.draw.N(3) {
		before := m.plan
		m.plan = append(faults.Plan{}, before...)
		mutations[m.draw.N(uint64(len(mutations)))](m)
		if m.nodes > 0 && m.plan.Check(faults.Shape{Nodes: int(m.nodes)}) != nil {
			m.plan = append(faults.Plan{}, before...)
		}
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

// nudge moves an entry by a little, either way, but not to where no fault
// strikes any more.
func (m *mutant) nudge() {
	if e := m.entry(); e != nil {
		e.At = min(max(0, e.At+m.draw.Between(0, 200*time.Millisecond)-100*time.Millisecond), m.latest())
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
	return time.Millisecond * time.Duration(m.draw.N(uint64(m.latest()/time.Millisecond)+1))
}

// latest returns the last time at which either plan has an entry.
func (m *mutant) latest() time.Duration {
	last := time.Duration(0)
	for _, plan := range []faults.Plan{m.plan, m.other.plan} {
		for _, e := range plan {
			last = max(last, e.At)
		}
	}
	return last
}

// keepRotten lets all rot be on one disk: no protocol survives a majority of
// disks that forget what they had promised to keep.
func (m *mutant) keepRotten() {
	rotten := sim.NodeID(0)
	for i, e := range m.plan {
		node := rots(e.Fault)
		if node == 0 {
			continue
		}
		if rotten == 0 {
			rotten = node
		}
		m.plan[i].Fault = exchanged(e.Fault, node, rotten)
	}
}

// rots returns whose disk a fault lets forget what it had promised to keep, 0
// if nobody's.
func rots(f faults.Fault) sim.NodeID {
	switch f := f.(type) {
	case faults.BitRot:
		return f.Node
	case faults.Unreadable:
		return f.Node
	case faults.Misdirect:
		return f.Node
	default:
		return 0
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
	mapped.Set(v)
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
			if v.Type().Field(i).IsExported() {
				mapped.Field(i).Set(mapNodes(v.Field(i), to))
			}
		}
	}
	return mapped
}
