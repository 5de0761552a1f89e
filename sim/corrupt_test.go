package sim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A packet has no checksum: a bit of it flips, and it arrives.
type packet string

func (p packet) Corrupt(way uint64) sim.Message {
	b := []byte(p)
	bit := way % uint64(8*len(b))
	b[bit/8] ^= 1 << (bit % 8)
	return packet(b)
}

// A guarded message notices a damage, now and then.
type guarded uint64

func (g guarded) Corrupt(way uint64) sim.Message {
	if way%2 == 0 {
		return nil
	}
	return g + 1
}

// receive sends m 100 times over a link that damages all, and returns what
// arrived.
func receive(t *testing.T, m sim.Message) (w *sim.World, got []sim.Message) {
	t.Helper()
	w = sim.NewWorld(sim.Options{Choices: choice.Seed(1), Record: true})
	w.Network().Impose(network.Condition{Corrupt: choice.Always})
	to := w.AddNode("receiver", func() sim.Node {
		return &node{receive: func(_ sim.Env, _ sim.NodeID, m sim.Message) { got = append(got, m) }}
	})
	w.AddNode("sender", func() sim.Node {
		return &node{start: func(env sim.Env) {
			for range 100 {
				env.Send(to, m)
			}
			env.Send(env.ID(), m) // which goes over no link
		}, receive: func(_ sim.Env, from sim.NodeID, m sim.Message) {}}
	})
	w.RunFor(time.Second)
	if n := w.Counts().Damaged; n != 100 {
		t.Errorf("%d damaged messages were counted, want 100", n)
	}
	return w, got
}

func TestAChecksumDropsADamagedMessage(t *testing.T) {
	w, got := receive(t, "hello")
	if len(got) > 0 || w.Counts().Dropped != 100 {
		t.Errorf("%v arrived, %d dropped", got, w.Counts().Dropped)
	}
	dropped := 0
	for _, e := range w.Trace().Events {
		if e.Kind == sim.DropEvent && e.Detail == "checksum mismatch" {
			dropped++
		}
	}
	if dropped != 100 {
		t.Errorf("the trace tells of %d", dropped)
	}
}

func TestWithoutAChecksumADamagedMessageArrives(t *testing.T) {
	w, got := receive(t, packet("hello"))
	kinds := make(map[sim.Message]bool)
	for _, m := range got {
		if kinds[m] = true; m == sim.Message(packet("hello")) || len(m.(packet)) != 5 {
			t.Fatalf("%q arrived", m)
		}
	}
	if len(got) != 100 || len(kinds) < 20 || w.Counts().Dropped != 0 {
		t.Errorf("%d messages arrived, damaged in %d ways", len(got), len(kinds))
	}
	if !slices.ContainsFunc(w.Trace().Events, func(e sim.TraceEvent) bool {
		return e.Kind == sim.SendEvent && strings.HasPrefix(e.Detail, "hello (corrupted), it arrives as ")
	}) {
		t.Errorf("the trace does not tell how it arrives: %v", w.Trace().Events[4])
	}
}

func TestAMessageMayNoticeSomeDamages(t *testing.T) {
	_, got := receive(t, guarded(1))
	if len(got) < 30 || len(got) > 70 || slices.ContainsFunc(got, func(m sim.Message) bool { return m != sim.Message(guarded(2)) }) {
		t.Errorf("%d of 100 arrived: %v", len(got), got)
	}
}
