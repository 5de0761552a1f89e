package primarybackup

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A story is a file under testdata that teaches a part of the protocol:
// commands, and what comes of them. go test -run Stories -rewrite writes the
// latter anew.
//
//	replicas N     a new store in the calmest of worlds: a view service, node 1, and replicas, nodes
//	               2 and up; a message takes 1 ms. With mode=sync, semi-sync or async, reads=any,
//	               save=ENTRIES, mistake=ID, unwatched to go on when an invariant is broken
//	show KIND ..   which messages are told of. What servers note is told always
//	run D          time passes
//	cut S ..       these servers and the others do not reach each other; clients reach all
//	mend           the network is whole again
//	crash S        the server goes down, and loses what is not synced; restart S: and up again
//	append S WORD  a client asks server S to append a word; it waits for the answer up to 100 ms
//	read S         it asks for all words
//	logs           the epochs of each replica's entries, | behind the last one it knows acknowledged
//	losses         what became of what was acknowledged
type story struct {
	*cluster
	shown []string
	told  int // events of the trace
}

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
	server := func() sim.NodeID { return number(t, words[0]) }
	switch d.Cmd {
	case "replicas":
		s.begin(t, d, int(server()))
	case "show":
		s.shown = words
	case "run":
		passes, err := time.ParseDuration(words[0])
		if err != nil {
			t.Fatal(err)
		}
		s.RunFor(passes)
	case "cut":
		var ids []sim.NodeID
		for _, word := range words {
			ids = append(ids, number(t, word))
		}
		s.cut(ids...)
	case "mend":
		s.mend()
	case "crash":
		s.Disk(server()).SetConditions(storage.Conditions{})
		s.Crash(server())
	case "restart":
		s.Restart(server())
		s.RunFor(0)
	case "append":
		return s.answer(s.append(server(), " "+words[1]))
	case "read":
		return s.answer(s.read(server()))
	case "logs":
		return s.logs()
	case "losses":
		l := s.invariants.Losses()
		return fmt.Sprintf("%d acknowledged, %d of them lost\n", l.Acknowledged, l.Lost)
	default:
		d.Fatalf(t, "no such command: %s", d.Cmd)
	}
	return s.tell()
}

func (s *story) answer(reply *Reply) string {
	if reply == nil {
		return s.tell() + "no answer\n"
	}
	return s.tell() + "answer: " + reply.String() + "\n"
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, replicas int) {
	s.told, s.shown = 0, nil
	mode := Sync
	for _, m := range []Mode{SemiSync, Async} {
		if arg, ok := d.Arg("mode"); ok && arg.Vals[0] == m.String() {
			mode = m
		}
	}
	s.cluster = newCluster(sim.NewWorld(sim.Options{Record: true}), replicas, mode, func(o *Options) {
		d.MaybeScanArgs(t, "save", &o.SaveEvery)
		o.ReadsAny = d.HasArg("reads")
		if d.HasArg("unwatched") {
			o.Observer = nil
		}
		var mistake string
		if d.MaybeScanArgs(t, "mistake", &mistake) {
			o.Rules = plant(t, mistake)
		}
	})
}

// logs shows the log of every replica.
func (s *story) logs() string {
	var b strings.Builder
	for _, id := range s.replicas {
		n := s.replica(id)
		if n == nil {
			fmt.Fprintf(&b, "%v is down\n", id)
			continue
		}
		fmt.Fprintf(&b, "%v %-9v view %d  ", id, n.role, n.view.Number)
		if n.log.Base().Index > 0 {
			fmt.Fprintf(&b, " state up to %v", n.log.Base())
		}
		for i := n.log.Base().Index; i <= n.log.LastIndex(); i++ {
			if i > n.log.Base().Index {
				fmt.Fprintf(&b, " %d", n.log.At(i).Term)
			}
			if i == n.commit {
				b.WriteString(" |")
			}
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
		if int(e.Node) > len(s.servers) {
			continue
		}
		line := ""
		switch e.Kind {
		case sim.NoteEvent:
			line = fmt.Sprintf("%v %s", e.Node, e.Detail)
		case sim.CrashEvent:
			line = fmt.Sprintf("%v goes down: %s", e.Node, e.Name)
		case sim.ViolationEvent:
			line = "VIOLATION of " + e.Detail
		case sim.SendEvent:
			if slices.Contains(s.shown, e.Name) {
				line = fmt.Sprintf("%v -> %v %s: %s", e.Node, e.Peer, e.Name, e.Detail)
			}
		}
		if line != "" {
			fmt.Fprintf(&b, "%-11v%s\n", e.At, line)
		}
	}
	s.told = len(events)
	return b.String()
}

func number(t *testing.T, text string) sim.NodeID {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return sim.NodeID(n)
}
