package stories

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// Run carries out every story under testdata, each command of it on the same fresh
// story. go test -run Stories -rewrite writes anew what comes of them.
func Run[Story any](t *testing.T, command func(s *Story, t *testing.T, d *datadriven.TestData) string) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := new(Story)
			datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string { return command(s, t, d) })
		})
	}
}

// Command carries out a command that all stories have, and tells what came of it:
//
//	show WHAT ..      messages of which kinds, or about what, are told of; what servers
//	                  note always is
//	run D             time passes
//	cut S ..          these servers and the others do not reach each other; clients
//	                  reach all
//	lose S KIND       messages of that kind that server S sends are lost
//	late S KIND D     they take D, to=(..) or to all
//	mend              the network is whole again; what is on its way stays late
//	crash S           the server goes down, and loses what is not synced; with a line
//	                  that follows, when it comes to the point of that name
//	restart S         and up again
func (s *Stage) Command(t *testing.T, d *datadriven.TestData) string {
	words := Words(d)
	switch d.Cmd {
	case "show":
		s.shown = words
	case "run":
		s.RunFor(Duration(t, words[0]))
	case "cut":
		s.Cut(Numbers[sim.NodeID](t, words)...)
	case "lose":
		s.Impose(network.Condition{From: []int{Number[int](t, words[0])}, Kinds: words[1:2], Loss: choice.Always})
	case "late":
		s.Late(Number[sim.NodeID](t, words[0]), words[1], Duration(t, words[2]), Named[int](t, d, "to")...)
	case "mend":
		s.Mend()
	case "crash":
		id := Number[sim.NodeID](t, words[0])
		s.Disk(id).SetConditions(Losing)
		if point := strings.TrimSpace(d.Input); point != "" {
			s.WhenPasses(id, 1, point, func(now time.Duration) { s.CrashAt(now, id) })
		} else {
			s.Crash(id)
		}
	case "restart":
		s.Restart(Number[sim.NodeID](t, words[0]))
		s.RunFor(0)
	default:
		d.Fatalf(t, "no such command: %s", d.Cmd)
	}
	return s.Tell()
}
