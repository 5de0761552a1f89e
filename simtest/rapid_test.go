package simtest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A registerMachine is a state machine of rapid's: whatever people may do to a
// register and its world, in any order, beside a model that knows which values
// the register may hold.
type registerMachine struct {
	w      *sim.World
	server sim.NodeID
	cut    network.Handle // 0 while clients reach the server
	writes int
	last   string          // the last value that was acknowledged
	maybe  map[string]bool // values of which no answer came: they are there, or may yet come
}

// registerProperty is that a register, whatever happens to it, never answers
// with something that it cannot hold.
func registerProperty(synced bool) func(rt *rapid.T, w *sim.World) {
	return func(rt *rapid.T, w *sim.World) {
		m := &registerMachine{w: w, maybe: make(map[string]bool)}
		m.server = w.AddNode("server", func() sim.Node { return &register{synced: synced} })
		plan := Plan(rt, faults.Shape{Nodes: 1, Span: 2 * time.Second}, "powerloss", "pause")
		faults.Inject(w, []sim.NodeID{m.server}, plan)
		rt.Repeat(rapid.StateMachineActions(m))
	}
}

// ask lets a client ask, and waits until it has an answer or has given up.
func (m *registerMachine) ask(asked history.Input) (answer history.Output, ok bool) {
	client := m.w.Go("client", func(p *sim.Process) {
		if got, err := p.Call(m.server, asked, 50*time.Millisecond); err == nil {
			answer, ok = got.(history.Output), true
		}
	})
	m.w.RunWhile(func() bool { return !m.w.Finished(client) }, m.w.Now()+time.Second)
	return answer, ok
}

func (m *registerMachine) Write(*rapid.T) {
	m.writes++
	value := fmt.Sprint("value ", m.writes)
	if _, ok := m.ask(history.Input{F: history.Write, Value: value}); ok {
		m.last = value
	} else {
		m.maybe[value] = true
	}
}

func (m *registerMachine) Read(*rapid.T) {
	if got, ok := m.ask(history.Input{F: history.Read}); ok {
		m.w.Always("a read sees the last write", got.Value == m.last || m.maybe[got.Value])
	}
}

func (m *registerMachine) Crash(*rapid.T)   { m.w.Crash(m.server) }
func (m *registerMachine) Restart(*rapid.T) { m.w.Restart(m.server) }

func (m *registerMachine) Cut(*rapid.T) {
	if m.cut == 0 {
		m.cut = m.w.Network().Impose(network.Condition{To: []int{int(m.server)}, Cut: true})
	}
}

func (m *registerMachine) Mend(*rapid.T) {
	m.w.Network().Lift(m.cut)
	m.cut = 0
}

func (m *registerMachine) Pass(rt *rapid.T) {
	m.w.RunFor(time.Duration(rapid.IntRange(1, 500).Draw(rt, "ms")) * time.Millisecond)
}

func (m *registerMachine) Check(*rapid.T) {}

func TestARegisterThatSyncsHoldsWhateverIsDoneToIt(t *testing.T) { Rapid(t, registerProperty(true)) }

// Inside of a world the engine would take it for a panic of the node that asked.
func TestWhatRapidThrowsInsideOfAWorldIsThrownOutside(t *testing.T) {
	s := &rapidSource{}
	s.drawn = drawnOver(0, func(_ *choice.Topic, n uint64) uint64 { return s.draws(nil, n) }) // to draw from nil panics
	topic := choice.NewTopic("rand", "a")
	if first, second := s.Choose(&topic, 0, 2), s.Choose(&topic, 1, 2); first != 0 || second != 0 {
		t.Errorf("what could not be drawn is answered %d and %d", first, second)
	}
	defer func() {
		if recover() == nil {
			t.Error("nothing was thrown")
		}
	}()
	s.settle()
}
