package raft

import (
	"fmt"
	"strings"
	"testing"

	"seedbed.example/sim"
)

func TestMessagesReadWell(t *testing.T) {
	for _, test := range []struct {
		m    sim.Message
		want string
	}{
		{&RequestVote{Term: 3, LastIndex: 7, LastTerm: 2}, "term 3, log up to 7@2"},
		{&RequestVote{Term: 3, LastIndex: 7, LastTerm: 2, Transfer: true}, "term 3, log up to 7@2, at the leader's wish"},
		{&RequestVoteReply{Term: 3, Granted: true}, "term 3, granted"},
		{&PreVote{Term: 3, LastIndex: 7, LastTerm: 2}, "term 3, log up to 7@2"},
		{&PreVoteReply{Term: 3}, "term 3, refused"},
		{&AppendEntries{Term: 3, PrevIndex: 7, PrevTerm: 2, Commit: 7}, "term 3, prev 7@2, commit 7"},
		{&AppendEntries{Term: 3, PrevIndex: 7, PrevTerm: 2, Commit: 7, Entries: entries(8, 2)}, "term 3, prev 7@2, entry 8@2, commit 7"},
		{&AppendEntries{Term: 3, PrevIndex: 7, PrevTerm: 2, Commit: 7, Entries: entries(8, 2, 3)}, "term 3, prev 7@2, entries 8@2..9@3, commit 7"},
		{&AppendEntriesReply{Term: 3, Success: true, PrevIndex: 7, Match: 9}, "term 3, agrees up to 9"},
		{&AppendEntriesReply{Term: 3, PrevIndex: 7, ConflictTerm: 2, ConflictIndex: 5}, "term 3, differs at 7: term 2 begins at 5"},
		{&AppendEntriesReply{Term: 3, PrevIndex: 7, ConflictIndex: 5}, "term 3, differs at 7: the log ends before 5"},
		{&AppendEntriesReply{Term: 3, PrevIndex: 7}, "term 3, refused"},
		{&InstallSnapshot{Term: 3, LastIndex: 9, LastTerm: 2, Offset: 10, Data: make([]byte, 5)}, "term 3, up to 9@2, bytes 10..15"},
		{&InstallSnapshot{Term: 3, LastIndex: 9, LastTerm: 2, Offset: 10, Data: make([]byte, 5), Done: true}, "term 3, up to 9@2, bytes 10..15, the last ones"},
		{&InstallSnapshotReply{Term: 3, LastIndex: 9, Offset: 15}, "term 3, up to 9, has 15 bytes"},
		{&InstallSnapshotReply{Term: 3, LastIndex: 9, Installed: true}, "term 3, holds all up to 9"},
		{&InstallSnapshotReply{Term: 3}, "term 3, refused"},
		{&TimeoutNow{Term: 3}, "term 3"},
		{&OpenSession{}, ""},
		{&Propose{Session: 2, Sequence: 4, Command: []byte("word")}, `session 2, number 4, "word"`},
		{&Read{Query: []byte("all")}, `"all"`},
		{&ChangeMembership{Voters: []sim.NodeID{1, 2}, Learners: []sim.NodeID{3}}, "{1 2} learners {3}"},
		{&TransferLeadership{Target: 2}, "to 2"},
		{&Reply{Session: 2}, "ok, session 2"},
		{&Reply{Result: []byte("word")}, `ok, "word"`},
		{&Reply{Status: NotLeader}, "not leader"},
		{&Reply{Status: NotLeader, Leader: 2}, "not leader, but 2 may be"},
		{&Reply{Status: SessionExpired}, "session expired"},
	} {
		if got := fmt.Sprintf("%+v", test.m); got != test.want { // as traces print it
			t.Errorf("%T reads %q, want %q", test.m, got, test.want)
		}
	}
}

func TestLongMessagesSayHowLongTheyAre(t *testing.T) {
	long := []byte(strings.Repeat("x", 10_000))
	for _, m := range []sim.Sized{
		&AppendEntries{Entries: []Entry{{Command: long[:6000]}, {Command: long[:4000]}}}, &InstallSnapshot{Data: long}, &Propose{Command: long},
	} {
		if size := m.Size(); size < len(long) || size > len(long)+500 {
			t.Errorf("%T with %d bytes has size %d", m, len(long), size)
		}
	}
}
