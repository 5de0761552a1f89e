package faults

import (
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// An Injector carries a plan out on a world.
type Injector struct {
	world  *sim.World
	nodes  []sim.NodeID
	healed bool
	ends   time.Duration // when the entry that is striking will be over
	active []*strike
	held   map[string]int                  // how many active faults hold a node in a state
	cuts   map[link]int                    // how many active faults cut a link
	disks  map[sim.NodeID][]*diskCondition // what is wrong with each disk
	struck map[string]int                  // how often each kind struck
}

// strike is a fault that has struck and not yet ended.
type strike struct {
	heal func()
}

type link struct{ from, to sim.NodeID }

type diskCondition struct{ apply func(*storage.Conditions) }

// Inject lets plan happen to nodes, which are the world's first, numbered from
// 1. Times that have passed strike at once.
func Inject(w *sim.World, nodes []sim.NodeID, plan Plan) *Injector {
	in := &Injector{
		world: w, nodes: nodes,
		held: make(map[string]int), cuts: make(map[link]int),
		disks: make(map[sim.NodeID][]*diskCondition), struck: make(map[string]int),
	}
	for _, e := range plan {
		if crash, ok := e.Fault.(Crash); ok {
			w.CrashAt(e.At, crash.Node) // known beforehand, it can strike inside a handler
		}
		w.At(e.At, func() { in.begin(e) })
	}
	return in
}

// begin lets an entry strike, and plans its end.
func (in *Injector) begin(e Entry) {
	if in.healed {
		return
	}
	in.struck[KindOf(e.Fault)]++
	in.world.NoteFault(KindOf(e.Fault), e.Fault.String())
	in.ends = e.At + e.For
	s := &strike{heal: e.Fault.strike(in)}
	in.active = append(in.active, s)
	if e.For == 0 {
		return
	}
	in.world.At(e.At+e.For, func() {
		if i := slices.Index(in.active, s); i >= 0 {
			in.active = slices.Delete(in.active, i, i+1)
			in.world.NoteFault(KindOf(e.Fault), "over: "+e.Fault.String())
			s.heal()
		}
	})
}

// Struck returns how often each kind of fault has struck.
func (in *Injector) Struck() map[string]int { return in.struck }

// Heal ends the faults among the nodes of core, and whatever is not a cut or a
// failed machine everywhere. Nodes outside the core stay as they are, down,
// paused or cut off, for good. Nothing of the plan strikes afterwards.
func (in *Injector) Heal(core []sim.NodeID) {
	in.healed = true
	inCore := func(node sim.NodeID) bool { return slices.Contains(core, node) }
	left := make(map[link]bool)
	for _, from := range in.nodes {
		for _, to := range in.nodes {
			if in.cuts[link{from, to}] > 0 && !(inCore(from) && inCore(to)) {
				left[link{from, to}] = true
			}
		}
	}
	type state struct{ down, paused bool }
	states := make([]state, len(in.nodes))
	for i, node := range in.nodes {
		states[i] = state{!in.world.Up(node), in.held[holdKey("pause", node)] > 0}
	}
	for _, s := range in.active {
		s.heal()
	}
	in.active = nil
	for _, from := range in.nodes {
		for _, to := range in.nodes {
			if left[link{from, to}] {
				in.world.Network().Impose(network.Condition{From: []int{int(from)}, To: []int{int(to)}, Cut: true})
			}
		}
	}
	for i, node := range in.nodes {
		switch {
		case inCore(node):
			in.world.Restart(node)
		case states[i].down:
			in.world.Crash(node) // heal may have begun a boot
		case states[i].paused:
			in.world.Pause(node)
		}
	}
	in.world.NoteFault("heal", "the faults are over among the core")
}

// Core draws which nodes must make progress together after the faults: a
// majority at least, of nodes that have not ended themselves for good. The
// benign answer is all of them.
func (in *Injector) Core(source choice.Source) []sim.NodeID {
	var fit []sim.NodeID
	for _, node := range in.nodes {
		if in.world.HaltReason(node) == nil {
			fit = append(fit, node)
		}
	}
	majority := len(in.nodes)/2 + 1
	draw := choice.NewStream(source, "core", "nodes")
	for spare := len(fit) - majority; spare > 0 && draw.N(3) > 0; spare-- {
		i := int(draw.N(uint64(len(fit))))
		fit = slices.Delete(fit, i, i+1)
	}
	return fit
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
