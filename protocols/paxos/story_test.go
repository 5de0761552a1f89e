package paxos

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of Paxos: commands, and
// what comes of them. There is one decree, the color. Beside the commands of
// [stories.Stage.Command] there are
//
//	servers N         a new cluster in the calmest of worlds: a message takes 1 ms, a
//	                  disk no time. With mistake=ID; with catchup=D, which is else a minute
//	propose S VALUE   a client proposes a value at server S; read S: it asks what was chosen
//	hasty             whoever is outbid begins its next ballot at once; patient: after a while, as usual
//	state             what each server has promised, accepted and learned
type story struct{ *cluster }

const theDecree = "color"

func TestStories(t *testing.T) { stories.Run(t, (*story).command) }

// command carries out one command and tells what came of it.
func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	words := stories.Words(d)
	switch d.Cmd {
	case "servers":
		s.begin(t, d, stories.Number[int](t, words[0]))
	case "propose":
		s.ask(stories.Number[sim.NodeID](t, words[0]), &Propose{theDecree, words[1]}, nil)
	case "read":
		s.ask(stories.Number[sim.NodeID](t, words[0]), &Read{theDecree}, nil)
	case "hasty":
		s.Buggify(noBackoff, choice.Always)
	case "patient":
		s.Buggify(noBackoff, choice.Never)
	case "state":
		return s.state()
	default:
		return s.Command(t, d)
	}
	return s.Tell()
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, servers int) {
	s.cluster = newCluster(sim.NewWorld(sim.Options{Record: true}), servers, func(o *Options) {
		o.CatchUp = time.Minute
		var text string
		if d.MaybeScanArgs(t, "catchup", &text) {
			o.CatchUp = stories.Duration(t, text)
		}
		o.Rules = stories.Plant(t, d, Mistakes(), Correct())
	})
	s.Line = s.line
}

// state shows what every server knows of the decree.
func (s *story) state() string {
	var b strings.Builder
	for _, id := range s.Servers {
		n, up := s.Node(id).(*Node)
		if !up {
			fmt.Fprintf(&b, "%v is down\n", id)
			continue
		}
		d := n.decree(theDecree)
		fmt.Fprintf(&b, "%v has promised %v, %v", id, d.promised, d.vote)
		if d.chosen {
			fmt.Fprintf(&b, ", knows that %q is chosen", d.decided)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// line tells of one event without naming the only decree, and of what clients are
// told.
func (s *story) line(e sim.TraceEvent) string {
	switch {
	case e.Kind == sim.NoteEvent && !s.Serves(e.Node):
		return fmt.Sprintf("%s is told: %s", s.Name(e.Node), e.Detail)
	case e.Kind == sim.NoteEvent:
		e.Detail = strings.TrimPrefix(e.Detail, theDecree+": ")
	case e.Kind == sim.SendEvent:
		e.Detail = strings.TrimPrefix(e.Detail, theDecree+", ")
	}
	return s.ByNumber(e)
}
