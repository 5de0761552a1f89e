package raft

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/internal/stories"
	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A story is a file under testdata that teaches a part of Raft: commands, and
// what comes of them. What is shown is about elections, replication, heartbeats or
// snapshots. Beside the commands of [stories.Stage.Command]
// there are
//
//	servers N         a new cluster in the calmest of worlds: a message takes 1 ms, a
//	                  disk no time. With voters=(..), snapshot=ENTRIES, chunk=BYTES,
//	                  reads=lease, mistake=ID
//	log S term=T ..   server S, before it boots, has an entry of each of these terms on disk
//	tear S            its log ends in a record of three sectors, of which a crash left two
//	open S            a client opens a session at server S; it waits for the answer up to 100 ms
//	propose S WORD    it lets the state machine append a word
//	read S            it asks for all words
//	members S ..      it asks for these voters, and learners=(..)
//	transfer S TO     it asks S to hand leadership over
//	logs              the terms of each server's entries, | behind the last one it knows committed
type story struct{ *cluster }

func TestStories(t *testing.T) { stories.Run(t, (*story).command) }

// command carries out one command and tells what came of it.
func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	words := stories.Words(d)
	server := func() sim.NodeID { return stories.Number[sim.NodeID](t, words[0]) }
	switch d.Cmd {
	case "servers":
		s.begin(t, d, stories.Number[int](t, words[0]))
	case "log":
		if err := s.writeLog(server(), stories.Named[uint64](t, d, "term")[0], stories.Numbers[uint64](t, words[1:])...); err != nil {
			t.Fatal(err)
		}
	case "tear":
		s.tear(t, server())
	case "logs":
		return s.logs()
	case "open":
		return s.tellReply(s.open(server()))
	case "propose":
		return s.tellReply(s.propose(server(), words[1]))
	case "read":
		return s.tellReply(s.ask(server(), &Read{}))
	case "members":
		return s.tellReply(s.ask(server(), &ChangeMembership{
			Voters: stories.Numbers[sim.NodeID](t, words[1:]), Learners: stories.Named[sim.NodeID](t, d, "learners"),
		}))
	case "transfer":
		return s.tellReply(s.ask(server(), &TransferLeadership{Target: stories.Number[sim.NodeID](t, words[1])}))
	default:
		return s.Command(t, d)
	}
	return s.Tell()
}

func (s *story) tellReply(reply *Reply) string {
	if reply == nil {
		return s.TellAnswer(nil)
	}
	return s.TellAnswer(reply)
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, servers int) {
	s.cluster = newClusterIn(sim.NewWorld(sim.Options{Record: true}), servers, func(o *Options) {
		if voters := stories.Named[sim.NodeID](t, d, "voters"); voters != nil {
			o.Voters = voters
		}
		d.MaybeScanArgs(t, "snapshot", &o.SnapshotEvery)
		d.MaybeScanArgs(t, "chunk", &o.ChunkSize)
		if d.HasArg("reads") {
			o.Reads = ReadLease
		}
		o.Rules = stories.Plant(t, d, Mistakes(), Correct())
	})
	s.Line = s.line
}

// tear leaves in a server's log what a crash may leave of a record.
func (s *story) tear(t *testing.T, id sim.NodeID) {
	file, err := s.Disk(id).Open(replog.LogName)
	if err != nil {
		t.Fatal(err)
	}
	size, _ := file.Size()
	log, err := replog.Open(s.Disk(id), nil)
	if err != nil {
		t.Fatal(err)
	}
	log.Note(make([]byte, 999))
	if err := log.Write(); err != nil {
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
	for _, id := range s.Servers {
		n, up := s.Node(id).(*Node)
		if !up {
			fmt.Fprintf(&b, "%v is down\n", id)
			continue
		}
		fmt.Fprintf(&b, "%v %-13v term %d  ", id, n.role, n.term)
		if n.log.Base().Index > 0 {
			fmt.Fprintf(&b, " snapshot up to %d@%d", n.log.Base().Index, n.log.Base().Term)
		}
		for i := n.log.Base().Index; i <= n.log.LastIndex(); i++ {
			if i > n.log.Base().Index {
				fmt.Fprintf(&b, " %d", n.log.At(i).Term)
			}
			if i == n.commitIndex {
				b.WriteString(" |")
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// line tells of one event, and of messages by what they are about.
func (s *story) line(e sim.TraceEvent) string {
	switch {
	case !s.Serves(e.Node):
		return ""
	case e.Kind == sim.SendEvent && s.Shows(s.subject(e)):
		return fmt.Sprintf("%v -> %v %s: %s", e.Node, e.Peer, e.Name, e.Detail)
	case e.Kind == sim.DropEvent && s.Shows(s.subject(s.Trace().Events[e.Cause-1])):
		return fmt.Sprintf("%v <- %v %s is lost: %s", e.Node, e.Peer, e.Name, e.Detail)
	default:
		return s.ByNumber(e)
	}
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
