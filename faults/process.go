package faults

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// Crash takes nodes down at one moment; they restart when the fault is over.
type Crash struct {
	Nodes []sim.NodeID `json:"nodes" says:"who goes down at one moment"`
}

// CrashLoop takes a node down again and again: each time it has been up for
// Up, for Down.
type CrashLoop struct {
	Node sim.NodeID `json:"node" says:"who crashes again and again"`
	Up   Duration   `json:"up" says:"how long it runs each time" range:"1ms..876000h"`
	Down Duration   `json:"down" says:"how long it is down each time" range:"1ms..876000h"`
}

// Pause lets a node stand still while its inbox fills.
type Pause struct {
	Node sim.NodeID `json:"node" says:"who stands still"`
}

// Slow makes each event cost a node PerEvent. Where several hold, their costs
// add up.
type Slow struct {
	Node     sim.NodeID `json:"node" says:"who is slow"`
	PerEvent Duration   `json:"perEvent" says:"what each event costs it" range:"1ns..1h"`
}

// Buggify lets the code of every node take an alternative that it offers by
// [sim.Env.Buggify]. Where several hold, their rates add up.
type Buggify struct {
	Name string      `json:"name" says:"of the alternative"`
	Rate choice.Rate `json:"rate" says:"share of the occasions on which it is taken"`
}

func (f Crash) String() string {
	if len(f.Nodes) == 1 {
		return fmt.Sprintf("node %v is down", f.Nodes[0])
	}
	return fmt.Sprintf("nodes %s are down", list(f.Nodes))
}
func (f CrashLoop) String() string {
	return fmt.Sprintf("node %v goes down for %v each time it has run for %v", f.Node, f.Down, f.Up)
}
func (f Pause) String() string { return fmt.Sprintf("node %v stands still", f.Node) }
func (f Slow) String() string {
	return fmt.Sprintf("node %v takes %v for each event", f.Node, f.PerEvent)
}
func (f Buggify) String() string {
	return fmt.Sprintf("nodes choose %q on %v of occasions", f.Name, f.Rate)
}

func (f Crash) strike(in *Injector) func() {
	return each(f.Nodes, func(node sim.NodeID) (heal func()) { return in.down(node) })
}

// down keeps a node down until healed.
func (in *Injector) down(node sim.NodeID) (heal func()) {
	return in.hold("crash", node, func() { in.world.Crash(node) }, func() { in.world.Restart(node) })
}

func (f CrashLoop) strike(in *Injector) func() {
	l := &crashLoop{CrashLoop: f, in: in, ends: in.ends}
	l.crash()
	return l.end
}

// crashLoop is a [CrashLoop] that has struck.
type crashLoop struct {
	CrashLoop
	in   *Injector
	ends time.Duration
	boot func() // ends the crash that is under way, nil if none is
	over bool
}

func (l *crashLoop) crash() {
	if l.over {
		return
	}
	l.boot = l.in.down(l.Node)
	l.in.world.At(l.in.world.Now()+time.Duration(l.Down), l.restart)
}

func (l *crashLoop) restart() {
	if l.over {
		return
	}
	l.boot()
	l.boot = nil
	next := l.in.world.Now() + time.Duration(l.Up)
	if next < l.ends {
		l.in.world.CrashAt(next, l.Node) // known beforehand, it can strike inside a handler
	}
	l.in.world.At(next, l.crash)
}

func (l *crashLoop) end() {
	l.over = true
	if l.boot != nil {
		l.boot()
	}
}

func (f Pause) strike(in *Injector) func() {
	return in.hold("pause", f.Node,
		func() { in.world.Pause(f.Node) },
		func() { in.world.Resume(f.Node) })
}

func (f Slow) strike(in *Injector) func() {
	return in.add("slow "+f.Node.String(), int(f.PerEvent), func(sum int) {
		in.world.Slow(f.Node, time.Duration(sum))
	})
}

func (f Buggify) strike(in *Injector) func() {
	return in.add("buggify "+f.Name, int(f.Rate), func(sum int) {
		in.world.Buggify(f.Name, min(choice.Rate(sum), choice.Always))
	})
}

// each lets something happen to several nodes until healed.
func each(nodes []sim.NodeID, strike func(sim.NodeID) (heal func())) (heal func()) {
	heals := make([]func(), len(nodes))
	for i, node := range nodes {
		heals[i] = strike(node)
	}
	return func() {
		for _, heal := range heals {
			heal()
		}
	}
}

func (f Buggify) check(s Shape) error { return checkName("name", f.Name, s.Alternatives) }

// checkName says whether a name is one of those that are known, if any are.
func checkName(parameter, name string, known []string) error {
	if len(known) > 0 && !slices.Contains(known, name) {
		return fmt.Errorf("%s: there is no %q; there is: %s", parameter, name, strings.Join(known, ", "))
	}
	return nil
}
