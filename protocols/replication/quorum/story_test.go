package quorum

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of the protocol: commands,
// and what comes of them. go test -run Stories -rewrite writes the latter anew.
//
//	replicas N        new replicas in the calmest of worlds: a message takes 1 ms, a
//	                  disk no time. With r=SIZE, w=SIZE, mistake=ID
//	show KIND ..      which messages between replicas are told of; what replicas note
//	                  is told always
//	write KEY=VALUE   a new client writes, at=(REPLICA ..); it waits up to 100 ms
//	read KEY          a new client reads, at=(REPLICA ..)
//	run D             time passes
//	cut S ..          these replicas and the others do not reach each other; clients reach all
//	late S KIND D     messages of that kind that replica S sends, to=(..) or to all, take D
//	mend              the network is whole again; what is on its way stays late
//	crash S           the replica goes down, and loses what is not synced; restart S: and up again
//	holdings          what each replica holds
type story struct {
	*cluster
	rules *Rules
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
	switch d.Cmd {
	case "replicas":
		s.begin(t, d, int(number(t, words[0])))
	case "show":
		s.shown = words
	case "write":
		return s.write(d.CmdArgs[0].Key, d.CmdArgs[0].Vals[0], named(t, d, "at"))
	case "read":
		return s.read(words[0], named(t, d, "at"))
	case "run":
		s.RunFor(duration(t, words[0]))
	case "cut":
		s.cut(numbers(t, words)...)
	case "late":
		var to []int
		for _, id := range named(t, d, "to") {
			to = append(to, int(id))
		}
		s.late(number(t, words[0]), words[1], duration(t, words[2]), to...)
	case "mend":
		s.mend()
	case "crash":
		s.Disk(number(t, words[0])).SetConditions(losing)
		s.Crash(number(t, words[0]))
	case "restart":
		s.Restart(number(t, words[0]))
		s.RunFor(0)
	case "holdings":
		return s.holdings()
	default:
		d.Fatalf(t, "no such command: %s", d.Cmd)
	}
	return s.tell()
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, replicas int) {
	s.told, s.rules = 0, Correct()
	var mistake string
	if d.MaybeScanArgs(t, "mistake", &mistake) {
		s.rules = plant(t, mistake)
	}
	s.cluster = newCluster(t, replicas, func(o *Options) {
		d.MaybeScanArgs(t, "r", &o.R)
		d.MaybeScanArgs(t, "w", &o.W)
		o.Rules = s.rules
	})
}

func (s *story) write(key, value string, at []sim.NodeID) string {
	result := "no end"
	s.ask(at, s.rules, func(c *Client) {
		result = "done"
		if err := c.Write(key, value); err != nil {
			result = err.Error()
		}
	})
	return s.tell() + result + "\n"
}

func (s *story) read(key string, at []sim.NodeID) string {
	result := "no end"
	s.ask(at, s.rules, func(c *Client) {
		version, err := c.Read(key)
		result = version.String()
		if err != nil {
			result = err.Error()
		}
	})
	return s.tell() + result + "\n"
}

// holdings shows what every replica holds.
func (s *story) holdings() string {
	var b strings.Builder
	for _, id := range s.replicas {
		r, up := s.Node(id).(*Replica)
		if !up {
			fmt.Fprintf(&b, "%v is down\n", id)
			continue
		}
		fmt.Fprintf(&b, "%v", id)
		for _, key := range slices.Sorted(maps.Keys(r.store.versions)) {
			fmt.Fprintf(&b, "  %s = %v", key, r.store.versions[key])
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
			line = fmt.Sprintf("%v %s", e.Node, e.Detail)
		case sim.CrashEvent:
			line = fmt.Sprintf("%v goes down: %s", e.Node, e.Name)
		case sim.ViolationEvent:
			line = "VIOLATION of " + e.Detail
		case sim.SendEvent:
			if slices.Contains(s.shown, e.Name) {
				line = fmt.Sprintf("%v -> %v %s: %s", e.Node, e.Peer.Node(), e.Name, e.Detail)
			}
		}
		if line != "" {
			fmt.Fprintf(&b, "%-8v%s\n", e.At, line)
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

func numbers(t *testing.T, texts []string) (all []sim.NodeID) {
	t.Helper()
	for _, text := range texts {
		all = append(all, number(t, text))
	}
	return all
}

// named returns the numbers that an argument of that name has.
func named(t *testing.T, d *datadriven.TestData, name string) []sim.NodeID {
	t.Helper()
	arg, _ := d.Arg(name)
	return numbers(t, arg.Vals)
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
