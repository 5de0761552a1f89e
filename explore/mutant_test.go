package explore

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// drawPlan draws a plan as a hunt does.
func drawPlan(t *rapid.T, nodes int, label string) faults.Plan {
	swarm, _ := faults.FindProfile("swarm")
	return swarm.Draw(choice.Seed(rapid.Uint64().Draw(t, label)), faults.Shape{Nodes: nodes, Span: 5 * time.Second, Kinds: []string{"Vote"}})
}

// A mutant's plan must be one that a run can have, and that a correct protocol
// survives, and its parents must stay what they are.
func TestMutantsHavePlansThatCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := rapid.IntRange(1, 7).Draw(t, "nodes")
		one, other := drawPlan(t, nodes, "one"), drawPlan(t, nodes, "other")
		for i, rot := range []faults.Fault{
			faults.BitRot{Node: 1, Rate: choice.Percent}, faults.Unreadable{Node: 1, Rate: choice.Percent}, faults.Misdirect{Node: 1, Rate: choice.Percent},
		} {
			if rapid.Bool().Draw(t, "rot") {
				one = append(one, faults.Entry{At: time.Duration(i), Fault: rot})
			}
		}
		one.Sort()
		before := [2]string{one.String(), other.String()}
		m := mutant{
			parent: parent{plan: one}, other: parent{plan: other}, nodes: uint64(nodes),
			draw: choice.NewStream(choice.Seed(rapid.Uint64().Draw(t, "mutations")), "guided", "runs"),
		}
		for range 20 { // as many generations
			m.change()
		}
		if m.plan == nil {
			t.Fatal("the plan is to be drawn, not given")
		}
		if err := m.plan.Check(faults.Shape{Nodes: nodes, Span: 5 * time.Second}); err != nil {
			t.Fatalf("%v\n%v", err, m.plan)
		}
		if !slices.IsSortedFunc(m.plan, func(a, b faults.Entry) int { return int(a.At - b.At) }) {
			t.Fatalf("not in the order of time:\n%v", m.plan)
		}
		rotten := make(map[sim.NodeID]bool)
		for _, e := range m.plan {
			if slices.Contains([]string{"bitrot", "unreadable", "misdirect"}, faults.KindOf(e.Fault)) {
				rotten[reflect.ValueOf(e.Fault).FieldByName("Node").Interface().(sim.NodeID)] = true
			}
		}
		if len(rotten) > 1 {
			t.Fatalf("%d disks rot:\n%v", len(rotten), m.plan)
		}
		if after := [2]string{one.String(), other.String()}; after != before {
			t.Fatalf("the parents were\n%v\nand are\n%v", before, after)
		}
	})
}

// Each mutation must be able to change something, and all together everything.
func TestEveryMutationChangesSomething(t *testing.T) {
	one := faults.Plan{
		{At: time.Second, For: time.Second, Fault: faults.Partition{Groups: [][]sim.NodeID{{1, 2}, {3}}}},
		{At: 2 * time.Second, For: time.Second, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
	}
	other := faults.Plan{{At: 3 * time.Second, Fault: faults.Isolate{Node: 1}}}
	for i, mutate := range mutations {
		changed := false
		for seed := range choice.Seed(50) {
			m := mutant{parent: parent{seed: 1, plan: slices.Clone(one)}, other: parent{plan: other}, nodes: 3, draw: choice.NewStream(seed, "", "")}
			mutate(&m)
			changed = changed || m.seed != 1 || !reflect.DeepEqual(m.plan, one)
		}
		if !changed {
			t.Errorf("mutation %d never changes anything", i+1)
		}
	}
}

// Behind the last entry of all the faults may be over.
func TestNudgedEntriesStayWhereFaultsStrike(t *testing.T) {
	last := time.Second
	m := mutant{
		parent: parent{plan: faults.Plan{{At: last / 2, Fault: faults.Isolate{Node: 1}}}},
		other:  parent{plan: faults.Plan{{At: last, Fault: faults.Isolate{Node: 1}}}},
		draw:   choice.NewStream(choice.Seed(1), "guided", "runs"),
	}
	least, most := last, time.Duration(0)
	for range 10_000 {
		m.nudge()
		least, most = min(least, m.plan[0].At), max(most, m.plan[0].At)
	}
	if least != 0 || most != last {
		t.Errorf("entries went from %v to %v: want 0s to %v", least, most, last)
	}
}

func TestExchangedNodesStandInEachOthersPlace(t *testing.T) {
	for _, c := range []struct{ fault, want faults.Fault }{
		{faults.Isolate{Node: 1}, faults.Isolate{Node: 3}},
		{faults.Isolate{Node: 2}, faults.Isolate{Node: 2}},
		{faults.Crash{Nodes: []sim.NodeID{3, 1, 2}}, faults.Crash{Nodes: []sim.NodeID{1, 3, 2}}},
		{faults.Partition{Groups: [][]sim.NodeID{{1, 2}, {3}}}, faults.Partition{Groups: [][]sim.NodeID{{3, 2}, {1}}}},
		{faults.Loss{Rate: choice.Percent, Kinds: []string{"Vote"}}, faults.Loss{Rate: choice.Percent, Kinds: []string{"Vote"}}},
		{faults.Loss{Rate: choice.Percent}, faults.Loss{Rate: choice.Percent}},
		{faults.Latency{Model: network.Constant(time.Second)}, faults.Latency{Model: network.Constant(time.Second)}},
	} {
		before := c.fault.String()
		if diff := cmp.Diff(c.want, exchanged(c.fault, 1, 3), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.fault, diff)
		}
		if c.fault.String() != before {
			t.Errorf("%v has become %v", before, c.fault)
		}
	}
}
