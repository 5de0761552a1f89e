package stories

import (
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A Stage is a world of servers, numbered from 1, in which a message takes 1 ms
// and a disk no time.
type Stage struct {
	*sim.World
	Servers []sim.NodeID
	imposed []network.Handle
	telling
}

// NewStage makes a stage of a world to which so many servers are to be added. It
// tells of them by their numbers.
func NewStage(w *sim.World, servers int) *Stage {
	s := &Stage{World: w}
	for i := range servers {
		s.Servers = append(s.Servers, sim.NodeID(i+1))
	}
	s.Network().SetLatency(network.Constant(time.Millisecond))
	s.Column, s.Line = 11, s.ByNumber
	return s
}

// Losing is a disk that at a crash loses all that was not synced.
var Losing = storage.Conditions{Lose: choice.Always}

// Call lets a client ask a server, and returns the answer; nil if there is none
// within 100 ms.
func (s *Stage) Call(to sim.NodeID, m sim.Message) (answer sim.Message) {
	waiting := true
	s.Go("client", func(p *sim.Process) {
		if heard, err := p.Call(to, m, 100*time.Millisecond); err == nil {
			answer = heard
		}
		waiting = false
	})
	s.RunWhile(func() bool { return waiting }, s.Now()+time.Second)
	return answer
}

// Cut separates these servers from the others, both ways, but not from clients.
func (s *Stage) Cut(some ...sim.NodeID) {
	var in, out []int
	for _, id := range s.Servers {
		if slices.Contains(some, id) {
			in = append(in, int(id))
		} else {
			out = append(out, int(id))
		}
	}
	s.Impose(network.Condition{From: in, To: out, Cut: true})
	s.Impose(network.Condition{From: out, To: in, Cut: true})
}

// Late lets messages of a kind that a server sends, to some or to all, take so long.
func (s *Stage) Late(from sim.NodeID, kind string, by time.Duration, to ...int) {
	latency := network.Constant(by)
	s.Impose(network.Condition{From: []int{int(from)}, To: to, Kinds: []string{kind}, Latency: &latency})
}

// Impose lets a condition hold until [Stage.Mend].
func (s *Stage) Impose(condition network.Condition) {
	s.imposed = append(s.imposed, s.Network().Impose(condition))
}

// Mend makes the network whole again. What is on its way stays late.
func (s *Stage) Mend() {
	for _, h := range s.imposed {
		s.Network().Lift(h)
	}
	s.imposed = nil
}
