package raft

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A story is a file under testdata that teaches a part of Raft: commands, and
// what comes of them. go test -run Stories -rewrite writes the latter anew.
//
//	servers N         a new cluster in the calmest of worlds: a message takes 1 ms, a
//	                  disk no time. With voters=(..), snapshot=ENTRIES, chunk=BYTES,
//	                  reads=lease, mistake=ID
//	log S term=T ..   server S, before it boots, has an entry of each of these terms on disk
//	show ..           which messages are told of: elections, replication, heartbeats,
//	                  snapshots. What servers note is told always
//	run D             time passes
//	cut S ..          these servers and the others do not reach each other; clients reach all
//	late S KIND D     messages of that kind that server S sends, to=(..) or to all, take D
//	mend              the network is whole again
//	crash S           the server goes down, and loses what is not synced; restart S: and up again
//	tear S            its log ends in a record of three sectors, of which a crash left two
//	open S            a client opens a session at server S; it waits for the answer up to 100 ms
//	propose S WORD    it lets the state machine append a word
//	read S            it asks for all words
//	members S ..      it asks for these voters, and learners=(..)
//	transfer S TO     it asks S to hand leadership over
//	logs              the terms of each server's entries, | behind the last one it knows committed
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
	server := func() sim.NodeID { return number[sim.NodeID](t, words[0]) }
	switch d.Cmd {
	case "servers":
		s.begin(t, d, number[int](t, words[0]))
	case "log":
		if err := s.writeLog(server(), named[uint64](t, d, "term")[0], numbers[uint64](t, words[1:])...); err != nil {
			t.Fatal(err)
		}
	case "show":
		s.shown = words
	case "run":
		s.RunFor(duration(t, words[0]))
	case "cut":
		s.cut(numbers[sim.NodeID](t, words)...)
	case "late":
		latency := network.Constant(duration(t, words[2]))
		s.impose(network.Condition{
			From: []int{int(server())}, To: named[int](t, d, "to"), Kinds: words[1:2], Latency: &latency,
		})
	case "mend":
		s.mend()
	case "crash":
		s.Disk(server()).SetConditions(losing)
		s.Crash(server())
	case "restart":
		s.Restart(server())
		s.RunFor(0)
	case "tear":
		s.tear(t, server())
	case "logs":
		return s.logs()
	default:
		reply := s.request(t, d, words)
		if reply == nil {
			return s.tell() + "no answer\n"
		}
		return s.tell() + "answer: " + reply.String() + "\n"
	}
	return s.tell()
}

// request asks a server as a client.
func (s *story) request(t *testing.T, d *datadriven.TestData, words []string) *Reply {
	server := number[sim.NodeID](t, words[0])
	switch d.Cmd {
	case "open":
		return s.open(server)
	case "propose":
		return s.propose(server, words[1])
	case "read":
		return s.ask(server, &Read{})
	case "members":
		return s.ask(server, &ChangeMembership{
			Voters: numbers[sim.NodeID](t, words[1:]), Learners: named[sim.NodeID](t, d, "learners"),
		})
	case "transfer":
		return s.ask(server, &TransferLeadership{Target: number[sim.NodeID](t, words[1])})
	default:
		d.Fatalf(t, "no such command: %s", d.Cmd)
		return nil
	}
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, servers int) {
	s.told = 0
	s.cluster = newClusterIn(sim.NewWorld(sim.Options{Record: true}), servers, func(o *Options) {
		if voters := named[sim.NodeID](t, d, "voters"); voters != nil {
			o.Voters = voters
		}
		d.MaybeScanArgs(t, "snapshot", &o.SnapshotEvery)
		d.MaybeScanArgs(t, "chunk", &o.ChunkSize)
		if d.HasArg("reads") {
			o.Reads = ReadLease
		}
		var mistake string
		if d.MaybeScanArgs(t, "mistake", &mistake) {
			o.Rules = plant(t, mistake)
		}
	})
}

// tear leaves in a server's log what a crash may leave of a record.
func (s *story) tear(t *testing.T, id sim.NodeID) {
	file, err := s.Disk(id).Open(walName)
	if err != nil {
		t.Fatal(err)
	}
	size, _ := file.Size()
	j, _, err := openJournal(s.Disk(id))
	if err != nil {
		t.Fatal(err)
	}
	j.Append(make([]byte, 1000))
	if err := j.Write(); err != nil {
		t.Fatal(err)
	}
	next := (size/storage.SectorSize + 1) * storage.SectorSize
	if _, err := file.WriteAt(make([]byte, storage.SectorSize), next); err != nil {
		t.Fatal(err)
	}
}

// logs shows the log of every server.
func (s *story) logs() string {
	var b strings.Builder
	for _, id := range s.servers {
		n, up := s.Node(id).(*Node)
		if !up {
			fmt.Fprintf(&b, "%v is down\n", id)
			continue
		}
		fmt.Fprintf(&b, "%v %-13v term %d  ", id, n.role, n.term)
		if n.log.base > 0 {
			fmt.Fprintf(&b, " snapshot up to %d@%d", n.log.base, n.log.baseTerm)
		}
		for i := n.log.base; i <= n.log.lastIndex(); i++ {
			if i > n.log.base {
				fmt.Fprintf(&b, " %d", n.log.at(i).Term)
			}
			if i == n.commitIndex {
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
			if slices.Contains(s.shown, s.subject(e)) {
				line = fmt.Sprintf("%v -> %v %s: %s", e.Node, e.Peer, e.Name, e.Detail)
			}
		case sim.DropEvent:
			if slices.Contains(s.shown, s.subject(events[e.Cause-1])) {
				line = fmt.Sprintf("%v <- %v %s is lost: %s", e.Node, e.Peer, e.Name, e.Detail)
			}
		}
		if line != "" {
			fmt.Fprintf(&b, "%-11v%s\n", e.At, line)
		}
	}
	s.told = len(events)
	return b.String()
}

// subject is what a message that was sent is about.
func (s *story) subject(sent sim.TraceEvent) string {
	switch sent.Name {
	case "PreVote", "PreVoteReply", "RequestVote", "RequestVoteReply", "TimeoutNow":
		return "elections"
	case "InstallSnapshot", "InstallSnapshotReply":
		return "snapshots"
	case "AppendEntries":
		if strings.Contains(sent.Detail, ", entr") {
			return "replication"
		}
		return "heartbeats"
	case "AppendEntriesReply": // as the request: the send that caused the delivery that caused this
		events := s.Trace().Events
		return s.subject(events[events[sent.Cause-1].Cause-1])
	default:
		return ""
	}
}

func number[T ~int | ~uint64](t *testing.T, text string) T {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return T(n)
}

func numbers[T ~int | ~uint64](t *testing.T, texts []string) (all []T) {
	t.Helper()
	for _, text := range texts {
		all = append(all, number[T](t, text))
	}
	return all
}

// named returns the numbers that an argument of that name has.
func named[T ~int | ~uint64](t *testing.T, d *datadriven.TestData, name string) []T {
	t.Helper()
	arg, _ := d.Arg(name)
	return numbers[T](t, arg.Vals)
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
