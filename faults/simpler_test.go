package faults

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// To take simpler entries again and again comes to an end, whichever one takes,
// and each of them can be.
func TestSimplerEntriesComeToAnEnd(t *testing.T) {
	chaos, _ := FindProfile("chaos")
	for seed := range choice.Seed(30) {
		for _, e := range chaos.Draw(seed, Shape{Nodes: 5, Span: 5 * time.Second, Kinds: []string{"A", "B"}, Points: []string{"P"}, Alternatives: []string{"Q"}}) {
			draw := choice.NewStream(seed, "test", "simpler")
			for steps := 0; ; steps++ {
				simpler := e.Simpler()
				if len(simpler) == 0 {
					break
				}
				if steps > 1000 {
					t.Fatalf("seed %d: %v is as simple as ever", seed, e)
				}
				e = simpler[draw.N(uint64(len(simpler)))]
				if err := (Plan{e}).Check(Shape{Nodes: 5}); err != nil {
					t.Fatalf("seed %d: %v: %v", seed, e, err)
				}
			}
		}
	}
}

func TestAnEntryGetsSimplerByOneThingAtATime(t *testing.T) {
	e := Entry{At: 2340 * time.Millisecond, For: 50 * time.Millisecond, Fault: Crash{[]sim.NodeID{1, 3}}}
	var got []string
	for _, s := range e.Simpler() {
		got = append(got, s.String())
	}
	want := []string{
		"from 2.34s to 2.39s, node 3 is down",
		"from 2.34s to 2.39s, node 1 is down",
		"from 2s to 2.05s, nodes 1, 3 are down",
		"from 2.3s to 2.35s, nodes 1, 3 are down",
		"from 2.34s to 2.365s, nodes 1, 3 are down",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if e.Fault.String() != "nodes 1, 3 are down" {
		t.Errorf("the entry itself has become %v", e)
	}
}

// What chance decides happens never, or always; numbers become less, lengths rounder.
func TestWhatAnEntrySaysGetsSimpler(t *testing.T) {
	for _, test := range []struct {
		fault Fault
		want  []string
	}{
		{PowerLoss{Lose: 30 * choice.Percent, Reorder: true}, []string{
			PowerLoss{Lose: choice.Always, Reorder: true}.String(), PowerLoss{Lose: 30 * choice.Percent}.String(),
		}},
		{Loss{Rate: choice.Always}, nil}, // none at all is no loss
		{Delay{Rate: choice.Always, By: Duration(230 * time.Millisecond)}, []string{
			Delay{Rate: choice.Always, By: Duration(200 * time.Millisecond)}.String(),
		}},
		{ClockDrift{Node: 2, PPM: 8}, []string{
			ClockDrift{Node: 2, PPM: 1}.String(), ClockDrift{Node: 2, PPM: 4}.String(), ClockDrift{Node: 2, PPM: 6}.String(),
		}},
	} {
		var got []string
		for _, s := range (Entry{Fault: test.fault}).Simpler() {
			got = append(got, s.Fault.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.fault, diff)
		}
	}
}

func TestWhateverIsDrawnFitsFewerNodes(t *testing.T) {
	chaos, _ := FindProfile("chaos")
	for seed := range choice.Seed(50) {
		plan := chaos.Draw(seed, Shape{Nodes: 7, Span: 5 * time.Second, Kinds: []string{"A"}, Points: []string{"P"}, Alternatives: []string{"Q"}})
		for nodes := range 7 {
			left := plan.Among(nodes + 1)
			if err := left.Check(Shape{Nodes: nodes + 1}); err != nil || len(left) == 0 {
				t.Fatalf("seed %d, %d nodes: %d entries are left: %v", seed, nodes+1, len(left), err)
			}
		}
		if err := plan.Check(Shape{Nodes: 7}); err != nil {
			t.Fatalf("seed %d: the plan itself has changed: %v", seed, err)
		}
	}
}

func TestAPlanAmongFewerNodesSpeaksOfNoOther(t *testing.T) {
	plan := Plan{
		{Fault: Crash{[]sim.NodeID{1, 4}}},
		{Fault: Isolate{5}},
		{Fault: Partition{[][]sim.NodeID{{1, 2}, {3, 4, 5}}}},
		{Fault: Loss{Rate: choice.Percent}},
		{Fault: Crash{[]sim.NodeID{4, 5}}},
	}
	want := Plan{
		{Fault: Crash{[]sim.NodeID{1}}},
		{Fault: Partition{[][]sim.NodeID{{1, 2}, {3}}}},
		{Fault: Loss{Rate: choice.Percent}},
	}
	if diff := cmp.Diff(want, plan.Among(3)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := plan.Check(Shape{Nodes: 5}); err != nil || len(plan[0].Fault.(Crash).Nodes) != 2 {
		t.Errorf("the plan itself has changed: %v, %v", plan, err)
	}
}
