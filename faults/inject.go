package faults

import (
	"reflect"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// An Injector carries a plan out on a world.
type Injector struct {
	world     *sim.World
	nodes     []sim.NodeID
	healed    bool
	ends      time.Duration // when the entry that is striking will be over
	active    []*strike
	held      map[string]int                  // how many active faults hold a node in a state
	sums      map[string]int                  // what the active faults of one kind come to, on one node
	cuts      map[link]int                    // how many active faults cut a link
	disks     map[sim.NodeID][]*diskCondition // what is wrong with each disk
	rotted    map[sim.NodeID]bool             // whose disk may have lost what it had promised to keep
	struck    map[string]int                  // how often each kind struck
	plan      Plan
	beginning int    // the entry that is striking
	came      []bool // which entries of the plan have struck
}

// strike is a fault that has struck and not yet ended.
type strike struct {
	heal func()
}

type link struct{ from, to sim.NodeID }

type diskCondition struct{ apply func(*storage.Conditions) }

// Inject lets plan happen to nodes, which are the world's first, numbered from
// 1. What strikes at time 0 does so before they boot, and times that have
// passed strike at once.
func Inject(w *sim.World, nodes []sim.NodeID, plan Plan) *Injector {
	in := &Injector{
		world: w, nodes: nodes,
		held: make(map[string]int), sums: make(map[string]int), cuts: make(map[link]int),
		disks: make(map[sim.NodeID][]*diskCondition), rotted: make(map[sim.NodeID]bool), struck: make(map[string]int),
		plan: plan, came: make([]bool, len(plan)),
	}
	for i, e := range plan {
		for _, node := range e.downs() {
			w.CrashAt(e.At, node) // known beforehand, it can strike inside a handler
		}
		if _, pause := e.Fault.(Pause); pause || e.At > w.Now() { // only what has booted can stand still
			w.At(e.At, func() { in.begin(i) })
		} else {
			in.begin(i)
		}
	}
	return in
}

// downs returns whom the entry takes down when it strikes.
func (e Entry) downs() []sim.NodeID {
	switch f := e.Fault.(type) {
	case Crash:
		return f.Nodes
	case CrashLoop:
		return []sim.NodeID{f.Node}
	default:
		return nil
	}
}

// begin lets an entry strike, and plans its end.
func (in *Injector) begin(i int) {
	if in.healed {
		return
	}
	e := in.plan[i]
	_, waits := e.Fault.(Point)
	in.came[i] = !waits
	in.beginning = i
	in.struck[KindOf(e.Fault)]++
	in.note(e, "")
	in.ends = sim.MaxTime
	if e.For > 0 {
		in.ends = e.At + e.For
	}
	s := &strike{heal: e.Fault.strike(in)}
	in.active = append(in.active, s)
	if e.For == 0 {
		return
	}
	in.world.At(e.At+e.For, func() {
		if in.end(s) {
			in.note(e, Over)
		}
	})
}

// end ends a fault that has struck, unless it has been healed meanwhile.
func (in *Injector) end(s *strike) bool {
	i := slices.Index(in.active, s)
	if i < 0 {
		return false
	}
	in.active = slices.Delete(in.active, i, i+1)
	s.heal()
	return true
}

// What the injector notes in a trace: a fault by its kind and in words, with Over
// behind the words when it is over; and when all are, Heal.
const (
	Over = ", until now"
	Heal = "heal"
)

// note puts an entry into the trace; to tell it in words is worth its cost only
// if somebody will read them.
func (in *Injector) note(e Entry, ending string) {
	detail := ""
	if in.world.Trace() != nil {
		detail = e.Fault.String() + ending
	}
	in.world.NoteFault(KindOf(e.Fault), detail)
}

// Missed returns the entries of the plan that have not struck: the run ended
// before, a point was not passed, or no message was of their kinds.
func (in *Injector) Missed() Plan {
	var missed Plan
	for i, e := range in.plan {
		if !in.came[i] || !in.meets(e.Fault) {
			missed = append(missed, e)
		}
	}
	return missed
}

// meets reports whether a fault that singles out kinds of messages has met one.
func (in *Injector) meets(f Fault) bool {
	kinds := reflect.ValueOf(f).FieldByName("Kinds")
	if !kinds.IsValid() || kinds.Len() == 0 {
		return true
	}
	return slices.ContainsFunc(kinds.Interface().([]string), in.world.Sends)
}

// Struck returns how often each kind of fault has struck.
func (in *Injector) Struck() map[string]int { return in.struck }

// Heal ends the faults among the nodes of core, and whatever is not a cut or a
// failed machine everywhere. Nodes outside the core stay as they are, down,
// paused or cut off, for good. Nothing of the plan strikes afterwards.
func (in *Injector) Heal(core []sim.NodeID) {
	in.healed = true
	for _, node := range in.nodes {
		in.world.CallOffCrashes(node)
	}
	outside := func(node sim.NodeID) bool { return !slices.Contains(core, node) }
	lasting := in.links(func(from, to sim.NodeID) bool {
		return in.cuts[link{from, to}] > 0 && (outside(from) || outside(to))
	})
	var failed, frozen []sim.NodeID
	for _, node := range in.nodes {
		switch {
		case outside(node) && !in.world.Up(node):
			failed = append(failed, node)
		case outside(node) && in.held[holdKey("pause", node)] > 0:
			frozen = append(frozen, node)
		}
	}
	for _, s := range in.active {
		s.heal()
	}
	in.active = nil
	in.cut(lasting)
	for _, node := range failed {
		in.world.Crash(node) // a fault that ended has begun to boot it
	}
	for _, node := range frozen {
		in.world.Pause(node)
	}
	for _, node := range core {
		in.world.Restart(node)
	}
	detail := ""
	if in.world.Trace() != nil {
		detail = "the faults are over among nodes " + list(core)
	}
	in.world.NoteFault(Heal, detail)
}

// Core draws which nodes must make progress together after the faults: least
// of them or more. Nodes that can't be counted on come in only if it takes
// them: one whose disk has rotted may never start again, one that has halted
// may halt again. The benign answer is every other one.
func (in *Injector) Core(source choice.Source, least int) []sim.NodeID {
	core := slices.Clone(in.nodes)
	slices.SortStableFunc(core, func(a, b sim.NodeID) int { return in.doubt(a) - in.doubt(b) })
	for len(core) > least && in.doubt(core[len(core)-1]) > 0 {
		core = core[:len(core)-1]
	}
	draw := choice.NewStream(source, "core", "nodes")
	for spare := len(core) - least; spare > 0 && draw.N(3) > 0; spare-- {
		i := int(draw.N(uint64(len(core))))
		core = slices.Delete(core, i, i+1)
	}
	slices.Sort(core)
	return core
}

// doubt says how little a node can be counted on; 0 is nothing against it.
func (in *Injector) doubt(node sim.NodeID) int {
	switch {
	case in.rotted[node]:
		return 2
	case in.world.HaltReason(node) != nil:
		return 1
	default:
		return 0
	}
}

// hold counts faults that keep a node in one state: the first one begins it,
// the last one to go ends it.
func (in *Injector) hold(what string, node sim.NodeID, begin, end func()) (heal func()) {
	key := holdKey(what, node)
	if in.held[key]++; in.held[key] == 1 {
		begin()
	}
	return func() {
		if in.held[key]--; in.held[key] == 0 {
			end()
		}
	}
}

// add keeps the sum of what faults of one kind come to, and sets it anew as
// they strike and end.
func (in *Injector) add(what string, amount int, set func(sum int)) (heal func()) {
	change := func(by int) {
		in.sums[what] += by
		set(in.sums[what])
	}
	change(amount)
	return func() { change(-amount) }
}

func holdKey(what string, node sim.NodeID) string { return what + " " + node.String() }

// impose puts conditions on the network until healed.
func (in *Injector) impose(conditions ...network.Condition) (heal func()) {
	imposed := make([]network.Handle, len(conditions))
	for i, c := range conditions {
		imposed[i] = in.world.Network().Impose(c)
	}
	return func() {
		for _, handle := range imposed {
			in.world.Network().Lift(handle)
		}
	}
}

// cut cuts links until healed, and keeps count of which.
func (in *Injector) cut(links []link) (heal func()) {
	conditions := make([]network.Condition, len(links))
	for i, l := range links {
		in.cuts[l]++
		conditions[i] = network.Condition{From: []int{int(l.from)}, To: []int{int(l.to)}, Cut: true}
	}
	mend := in.impose(conditions...)
	return func() {
		for _, l := range links {
			in.cuts[l]--
		}
		mend()
	}
}

// worsen changes what can go wrong with a node's disk until healed.
func (in *Injector) worsen(node sim.NodeID, apply func(*storage.Conditions)) (heal func()) {
	c := &diskCondition{apply}
	in.disks[node] = append(in.disks[node], c)
	in.setDisk(node)
	return func() {
		in.disks[node] = slices.DeleteFunc(in.disks[node], func(other *diskCondition) bool { return other == c })
		in.setDisk(node)
	}
}

func (in *Injector) setDisk(node sim.NodeID) {
	conditions := in.world.BaseDisk()
	for _, c := range in.disks[node] {
		c.apply(&conditions)
	}
	in.world.Disk(node).SetConditions(conditions)
}
