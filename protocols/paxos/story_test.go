package paxos

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of Paxos: commands, and
// what comes of them. There is one decree, the color. go test -run Stories -rewrite
// writes the latter anew.
//
//	servers N         a new cluster in the calmest of worlds: a message takes 1 ms, a
//	                  disk no time. With mistake=ID; with catchup=D, which is else a minute
//	show ..           which kinds of message are told of. What servers note and
//	                  clients are told is told always
//	propose S VALUE   a client proposes a value at server S; read S: it asks what was chosen
//	run D             time passes
//	cut S ..          these servers and the others do not reach each other; clients reach all
//	late S KIND D     messages of that kind that server S sends, to=(..) or to all, take D
//	hasty             whoever is outbid begins its next ballot at once; patient: after a while, as usual
//	mend              the network is whole again
//	crash S           the server goes down, and loses what is not synced; restart S: and up again
//	state             what each server has promised, accepted and learned
type story struct {
	*cluster
	shown []string
	told  int // events of the trace
}

const theDecree = "color"

func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := &story{}
			datadriven.RunTest(t, file, s.command)
		})
	}
}

// command carries out one command and tells what came of it.
func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	var words []string
	for _, arg := range d.CmdArgs {
		if len(arg.Vals) == 0 {
			words = append(words, arg.Key)
		}
	}
	server := func() sim.NodeID { return sim.NodeID(number(t, words[0])) }
	switch d.Cmd {
	case "servers":
		s.begin(t, d, number(t, words[0]))
	case "show":
		s.shown = words
	case "propose":
		s.ask(server(), &Propose{theDecree, words[1]}, nil)
	case "read":
		s.ask(server(), &Read{theDecree}, nil)
	case "run":
		s.RunFor(duration(t, words[0]))
	case "cut":
		var some []sim.NodeID
		for _, word := range words {
			some = append(some, sim.NodeID(number(t, word)))
		}
		s.cut(some...)
	case "late":
		latency := network.Constant(duration(t, words[2]))
		s.impose(network.Condition{From: []int{int(server())}, To: named(t, d, "to"), Kinds: words[1:2], Latency: &latency})
	case "hasty":
		s.Buggify(noBackoff, choice.Always)
	case "patient":
		s.Buggify(noBackoff, choice.Never)
	case "mend":
		s.mend()
	case "crash":
		s.Disk(server()).SetConditions(losing)
		s.Crash(server())
	case "restart":
		s.Restart(server())
		s.RunFor(0)
	case "state":
		return s.state()
	default:
		d.Fatalf(t, "no such command: %s", d.Cmd)
	}
	return s.tell()
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, servers int) {
	*s = story{cluster: newCluster(sim.NewWorld(sim.Options{Record: true}), servers, func(o *Options) {
		o.CatchUp = time.Minute
		var text string
		if d.MaybeScanArgs(t, "catchup", &text) {
			o.CatchUp = duration(t, text)
		}
		if d.MaybeScanArgs(t, "mistake", &text) {
			o.Rules = plant(t, text)
		}
	})}
}

// state shows what every server knows of the decree.
func (s *story) state() string {
	var b strings.Builder
	for _, id := range s.servers {
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

// tell tells of what has happened since it last did.
func (s *story) tell() string {
	var b strings.Builder
	events := s.Trace().Events
	for _, e := range events[s.told:] {
		line := ""
		switch e.Kind {
		case sim.NoteEvent:
			line = fmt.Sprintf("%v %s", e.Node, strings.TrimPrefix(e.Detail, theDecree+": "))
			if int(e.Node) > len(s.servers) {
				line = fmt.Sprintf("%s is told: %s", s.Name(e.Node), e.Detail)
			}
		case sim.CrashEvent:
			line = fmt.Sprintf("%v goes down: %s", e.Node, e.Name)
		case sim.ViolationEvent:
			line = "VIOLATION of " + e.Detail
		case sim.SendEvent:
			if slices.Contains(s.shown, e.Name) {
				line = fmt.Sprintf("%v -> %v %s: %s", e.Node, e.Peer, e.Name, strings.TrimPrefix(e.Detail, theDecree+", "))
			}
		}
		if line != "" {
			fmt.Fprintf(&b, "%-11v%s\n", e.At, line)
		}
	}
	s.told = len(events)
	return b.String()
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// named returns the numbers that an argument of that name has.
func named(t *testing.T, d *datadriven.TestData, name string) (all []int) {
	t.Helper()
	arg, _ := d.Arg(name)
	for _, text := range arg.Vals {
		all = append(all, number(t, text))
	}
	return all
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
