package raft

import (
	"testing"
	"time"

	"seedbed.example/sim"
)

// What the paper says about configurations (§6) and snapshots (§7).

func TestSection6AConfigurationHoldsAsSoonAsItIsInTheLog(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Voters = []sim.NodeID{1, 2} })
	joint := Configuration{Voters: []sim.NodeID{2, 3}, Outgoing: []sim.NodeID{1, 2}}
	r.say(2, &AppendEntries{Term: 1, Entries: []Entry{{Index: 1, Term: 1, Kind: Config, Command: joint.encode()}}})
	expect(t, "configuration", r.node().config(), joint)
	r.restart()
	expect(t, "configuration after a restart", r.node().config(), joint)
	r.say(2, &AppendEntries{Term: 2, Entries: entries(1, 2)})
	expect(t, "configuration when its entry has made way", r.node().config(), Configuration{Voters: []sim.NodeID{1, 2}})
}

func TestSection6AServerThatHearsOfALeaderGivesNoVote(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLease })
	r.expire()
	r.say(2, &AppendEntries{Term: 1})
	r.heard(3)
	r.RunFor(r.node().options.ElectionTimeout - 1)
	expect(t, "pre-vote", answer[*PreVoteReply](t, r.say(3, &PreVote{Term: 2})).Granted, false)
	expect(t, "answer", r.say(3, &RequestVote{Term: 2}), nil)
	expect(t, "term", r.node().term, 1)
	r.restart() // it may have promised its silence to a leader that holds a lease
	r.RunFor(r.node().options.ElectionTimeout - 1)
	expect(t, "answer after a restart", r.say(3, &RequestVote{Term: 2}), nil)
	r.RunFor(1)
	r.heard(3)
	expect(t, "vote, when it has been silent for long enough", answer[*RequestVoteReply](t, r.say(3, &RequestVote{Term: 2})).Granted, true)
}

// Without leases there is nothing that silence after a restart could protect.
func TestSection6AServerThatHasRestartedMayVoteAtOnceWithoutLeases(t *testing.T) {
	r := newRig(t, 3, nil)
	r.say(2, &AppendEntries{Term: 1})
	expect(t, "answer before", r.say(3, &RequestVote{Term: 2}), nil)
	r.restart()
	expect(t, "vote after", answer[*RequestVoteReply](t, r.say(3, &RequestVote{Term: 2})).Granted, true)
}

// §7, figure 13. A snapshot that ends where the log agrees leaves in place what
// follows; otherwise all of the log makes way.
func TestSection7ASnapshotReplacesTheLogItCovers(t *testing.T) {
	machine := machine{state: &words{"a", "b"}, digest: 1}
	config := Configuration{Voters: []sim.NodeID{1, 2, 3}}
	data := machine.encode(config, Correct().SnapshotSessions)
	for _, test := range []struct {
		name string
		log  []uint64
		want []uint64
	}{
		{"the log is shorter", []uint64{1}, nil},
		{"the log agrees and is longer", []uint64{1, 2, 2, 2}, []uint64{2, 2}},
		{"the log is longer and another", []uint64{1, 1, 1, 1}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, 3, nil, test.log...)
			for at := range data {
				m := &InstallSnapshot{Term: 3, LastIndex: 2, LastTerm: 2, Offset: at, Data: data[at : at+1], Done: at+1 == len(data), Round: 9}
				want := InstallSnapshotReply{Term: 3, LastIndex: 2, Offset: at + 1, Round: 9}
				if m.Done {
					want.Offset, want.Installed = 0, true
				}
				expect(t, "reply", *answer[*InstallSnapshotReply](t, r.say(2, m)), want)
			}
			for range 2 { // before a restart, and after
				n := r.node()
				expect(t, "log", r.terms(), test.want)
				expect(t, "base", []uint64{n.log.Base().Index, n.log.Base().Term, n.commitIndex, n.lastApplied}, []uint64{2, 2, 2, 2})
				expect(t, "state", string(n.machine.state.Query(nil)), "a b")
				r.restart()
			}
		})
	}
}

func TestSection7AChunkOutOfPlaceIsAskedForAgain(t *testing.T) {
	r := newRig(t, 3, nil)
	last := uint64(5)
	chunk := func(offset int) int {
		return answer[*InstallSnapshotReply](t, r.say(2, &InstallSnapshot{Term: 1, LastIndex: last, LastTerm: 1, Offset: offset, Data: []byte("abcd")})).Offset
	}
	expect(t, "has after the second chunk", chunk(4), 0)
	expect(t, "has after the first", chunk(0), 4)
	expect(t, "has after the third", chunk(8), 4)
	expect(t, "has after the second", chunk(4), 8)
	expect(t, "has after the second again", chunk(4), 8)
	expect(t, "has after the first again", chunk(0), 4)
	last = 6
	expect(t, "has after the second of another snapshot", chunk(4), 0)
}

// A leader sends the next chunk once, however often the one before is
// acknowledged, and goes over to a newer snapshot only at the beginning.
func TestSection7ALeaderSendsOneChunkAfterTheOther(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.SnapshotEvery, o.ChunkSize = 2, 4 }, 1, 1)
	term := r.lead()
	r.say(3, &AppendEntriesReply{Term: term, Success: true, Match: 3})
	expect(t, "base", r.node().log.Base().Index, 3)
	acknowledge := func(last uint64, offset int) []sim.Message {
		r.heard(2)
		return r.say(2, &InstallSnapshotReply{Term: term, LastIndex: last, Offset: offset})
	}
	r.say(2, &AppendEntriesReply{Term: term, PrevIndex: 2, ConflictIndex: 1})
	expect(t, "chunk after the first", answer[*InstallSnapshot](t, acknowledge(3, 4)).Offset, 4)
	expect(t, "when that is acknowledged again", acknowledge(3, 4), nil)
	expect(t, "when another snapshot's is", acknowledge(2, 8), nil)
	for range 2 {
		r.say(3, &Propose{})
	}
	r.RunFor(time.Millisecond)
	r.say(3, &AppendEntriesReply{Term: term, Success: true, Match: 5})
	expect(t, "base later", r.node().log.Base().Index, 5)
	m := answer[*InstallSnapshot](t, acknowledge(3, 8))
	expect(t, "chunk after the second", []uint64{m.LastIndex, uint64(m.Offset)}, []uint64{3, 8})
	r.heard(2)
	m = answer[*InstallSnapshot](t, acknowledge(3, 0))
	expect(t, "chunk when it has to begin anew", []uint64{m.LastIndex, uint64(m.Offset)}, []uint64{5, 0})
}

func TestSection7AnOldSnapshotChangesNothing(t *testing.T) {
	r := newRig(t, 3, nil, 1, 1, 1)
	r.say(2, &AppendEntries{Term: 1, PrevIndex: 3, PrevTerm: 1, Commit: 3})
	for _, last := range []uint64{2, 3} {
		reply := answer[*InstallSnapshotReply](t, r.say(2, &InstallSnapshot{Term: 1, LastIndex: last, LastTerm: 1, Data: []byte("rubbish"), Done: true}))
		expect(t, "reply", *reply, InstallSnapshotReply{Term: 1, LastIndex: last, Installed: true})
	}
	expect(t, "commit", r.node().commitIndex, 3)
	expect(t, "log", r.terms(), []uint64{1, 1, 1})
}

// What a snapshot covers is committed, so it agrees, and is not looked at again.
func TestSection7EntriesThatASnapshotCoversAgree(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.SnapshotEvery = 3 }, 1, 1, 2, 2)
	r.say(2, &AppendEntries{Term: 2, PrevIndex: 4, PrevTerm: 2, Commit: 3})
	expect(t, "base", r.node().log.Base().Index, 3)
	reply := answer[*AppendEntriesReply](t, r.say(2, &AppendEntries{Term: 2, PrevIndex: 1, PrevTerm: 1, Entries: entries(2, 1, 2, 2, 2)}))
	expect(t, "reply", *reply, AppendEntriesReply{Term: 2, Success: true, PrevIndex: 1, Match: 5})
	expect(t, "log behind the snapshot", r.terms(), []uint64{2, 2})
}
