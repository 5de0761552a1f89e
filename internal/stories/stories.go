// Package stories is what data-driven tests of protocols share: telling what has
// happened in a world, in golden text, and striking it with what goes wrong.
package stories

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A Stage is a world of servers, numbered from 1, in which a message takes 1 ms
// and a disk no time, and a crash loses all that is not synced. A story is commands
// that are carried out on it, and what comes of them:
//
//	show KIND ..      messages of which kinds are told of; what servers note always is
//	run D             time passes
//	lose S KIND       messages of that kind that server S sends are lost
//	late S KIND D     they take D
//	mend              the network is whole again
//	crash S           the server goes down; with a line that follows, when it comes to
//	                  the point of that name
//	restart S         and up again
type Stage struct {
	*sim.World
	servers int
	shown   []string
	told    int // events of the trace
	imposed []network.Handle
}

// NewStage returns a world for so many servers, which are to be added to it.
func NewStage(servers int) *Stage {
	s := &Stage{servers: servers, World: sim.NewWorld(sim.Options{
		Record: true, Disk: storage.Conditions{Lose: choice.Always},
	})}
	s.Network().SetLatency(network.Constant(time.Millisecond))
	return s
}

// Command carries a command out, and reports whether it is one of the stage.
func (s *Stage) Command(t *testing.T, d *datadriven.TestData) bool {
	word := func(i int) string { return d.CmdArgs[i].Key }
	server := func() sim.NodeID { return sim.NodeID(Number(t, word(0))) }
	switch d.Cmd {
	case "show":
		s.shown = nil
		for i := range d.CmdArgs {
			s.shown = append(s.shown, word(i))
		}
	case "run":
		s.RunFor(length(t, word(0)))
	case "lose":
		s.impose(network.Condition{From: []int{int(server())}, Kinds: []string{word(1)}, Loss: choice.Always})
	case "late":
		latency := network.Constant(length(t, word(2)))
		s.impose(network.Condition{From: []int{int(server())}, Kinds: []string{word(1)}, Latency: &latency})
	case "mend":
		for _, h := range s.imposed {
			s.Network().Lift(h)
		}
		s.imposed = nil
	case "crash":
		if point := strings.TrimSpace(d.Input); point != "" {
			id := server()
			s.WhenPasses(id, 1, point, func(now time.Duration) { s.CrashAt(now, id) })
		} else {
			s.Crash(server())
		}
	case "restart":
		s.Restart(server())
		s.RunFor(0)
	default:
		return false
	}
	return true
}

func (s *Stage) impose(condition network.Condition) {
	s.imposed = append(s.imposed, s.Network().Impose(condition))
}

// Ask lets a client ask a server, and returns what it has heard within 100 ms.
func (s *Stage) Ask(to sim.NodeID, m sim.Message) string {
	heard := ""
	s.Go("client", func(p *sim.Process) {
		answer, err := p.Call(to, m, 100*time.Millisecond)
		if heard = fmt.Sprint("answer: ", answer, "\n"); err != nil {
			heard = "no answer\n"
		}
	})
	s.RunWhile(func() bool { return heard == "" }, s.Now()+time.Second)
	return heard
}

// Tell tells of what has happened since it last did.
func (s *Stage) Tell() string {
	var b strings.Builder
	events := s.Trace().Events
	for _, e := range events[s.told:] {
		if line := s.line(e); line != "" && int(e.Node) <= s.servers {
			fmt.Fprintf(&b, "%-7v%s\n", e.At.Round(time.Millisecond), line)
		}
	}
	s.told = len(events)
	return b.String()
}

// line tells of one event, of which "" is not worth it.
func (s *Stage) line(e sim.TraceEvent) string {
	switch shown := slices.Contains(s.shown, e.Name); {
	case e.Kind == sim.NoteEvent:
		return s.Name(e.Node) + " " + e.Detail
	case e.Kind == sim.CrashEvent:
		return s.Name(e.Node) + " goes down: " + e.Name
	case e.Kind == sim.ViolationEvent:
		return "VIOLATION of " + e.Detail
	case e.Kind == sim.SendEvent && shown:
		return fmt.Sprintf("%s -> %s %s", s.Name(e.Node), s.Name(e.Peer.Node()), strings.TrimSpace(e.Name+" "+e.Detail))
	case e.Kind == sim.DropEvent && shown:
		return fmt.Sprintf("%s does not get %s of %s: %s", s.Name(e.Node), e.Name, s.Name(e.Peer.Node()), e.Detail)
	default:
		return ""
	}
}

// Number reads a whole number.
func Number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func length(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
