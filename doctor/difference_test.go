package doctor

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/sim"
)

// recorded is a recording of events; two of the same events are alike.
func recorded(events ...sim.TraceEvent) *recording {
	r := &recording{events: events, verdict: "holds"}
	for i := range events {
		events[i].ID = uint64(i + 1)
	}
	r.hash = r.digest()
	return r
}

func send(cause uint64, to sim.NodeID, detail string) sim.TraceEvent {
	return sim.TraceEvent{Kind: sim.SendEvent, At: 1, Node: 1, Peer: to, Name: "Vote", Detail: detail, Cause: cause}
}

func TestADifferenceKnowsAnotherOrderFromOtherValues(t *testing.T) {
	boot := func(id sim.NodeID, name string) sim.TraceEvent {
		return sim.TraceEvent{Kind: sim.BootEvent, Node: id, Name: name}
	}
	deliver := func(from sim.NodeID) sim.TraceEvent {
		return sim.TraceEvent{Kind: sim.DeliverEvent, Node: 1, Peer: from, Name: "Vote"}
	}
	late := func(e sim.TraceEvent) sim.TraceEvent { e.At += 5; return e }
	for _, c := range []struct {
		name                 string
		a, b                 *recording
		reordered, addresses bool
	}{
		{"sends in another order", recorded(send(0, 2, "x"), send(0, 3, "y")), recorded(send(0, 3, "y"), send(0, 2, "x")), true, false},
		{"another receiver", recorded(send(0, 2, "x"), send(0, 3, "x")), recorded(send(0, 4, "x"), send(0, 3, "x")), false, false},
		{"one message more", recorded(send(0, 2, "x"), send(0, 3, "y")), recorded(send(0, 3, "y"), send(0, 2, "x"), send(0, 2, "x")), false, false},
		{"writes that take time, in another order", recorded(send(0, 2, "x"), late(send(0, 3, "y")), late(late(boot(2, "b")))),
			recorded(send(0, 3, "y"), late(send(0, 2, "x")), late(late(boot(2, "b")))), true, false},
		{"nodes made in another order", recorded(boot(1, "a"), boot(2, "b")), recorded(boot(1, "b"), boot(2, "a")), true, false},
		{"another delivery", recorded(deliver(2)), recorded(deliver(3)), false, false},
		{"another address", recorded(send(0, 2, "at 0xc000012345")), recorded(send(0, 2, "at 0xc000054321")), false, true},
		{"another number", recorded(send(0, 2, "at 17")), recorded(send(0, 2, "at 18")), false, false},
		{"a run that is over", recorded(send(0, 2, "x")), recorded(), false, false},
	} {
		d := difference(c.a, c.b)
		if d == nil || d.Reordered != c.reordered || d.Addresses != c.addresses {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
	if d := difference(recorded(send(0, 2, "x")), recorded(send(0, 2, "x"))); d != nil {
		t.Errorf("of two alike: %v", d)
	}
}

func TestADifferenceShowsBothTracesWhereTheyPart(t *testing.T) {
	var same []sim.TraceEvent
	for range 10 {
		same = append(same, send(0, 2, "x"))
	}
	for _, c := range []struct {
		name string
		a, b *recording
		want string
	}{
		{"other events", recorded(append(slices.Clone(same), send(0, 3, "y"))...), recorded(append(slices.Clone(same), send(0, 4, "z"))...),
			"The two runs part at event 11 (- in one run, + in the other):\n" +
				strings.Repeat("           1ns  1 -> 2  send Vote: x\n", 4) + "-          1ns  1 -> 3  send Vote: y\n+          1ns  1 -> 4  send Vote: z"},
		{"other causes", recorded(send(1, 2, "x")), recorded(send(2, 2, "x")),
			"The two runs part at event 1 (- in one run, + in the other):\n" +
				"-          1ns  1 -> 2  send Vote: x (because of event 1)\n+          1ns  1 -> 2  send Vote: x (because of event 2)"},
		{"an end", recorded(send(0, 2, "x")), recorded(),
			"The two runs part at event 1 (- in one run, + in the other):\n-          1ns  1 -> 2  send Vote: x\n+ the run is over"},
		{"verdicts", &recording{hash: 1, verdict: "holds"}, &recording{hash: 2, verdict: "violated\nliveness"},
			"All 0 events of the two runs are alike, and their verdicts are not:\n- holds\n+ violated\n  liveness"},
	} {
		if diff := cmp.Diff(c.want, difference(c.a, c.b).String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
