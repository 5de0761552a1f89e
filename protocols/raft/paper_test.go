package raft

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// The tests of this file are named after the sections of the paper (§) and of
// the dissertation, and check what these say of one server.

func TestSection5_1AServerMovesToALaterTermAsFollower(t *testing.T) {
	for _, m := range []sim.Message{
		&RequestVote{Term: 5}, &RequestVoteReply{Term: 5},
		&AppendEntries{Term: 5}, &AppendEntriesReply{Term: 5},
		&InstallSnapshot{Term: 5}, &InstallSnapshotReply{Term: 5},
		&PreVoteReply{Term: 5},
	} {
		r := newRig(t, 3, nil)
		r.expire() // it does not stick to a leader, but is a pre-candidate
		r.say(2, m)
		expect(t, fmt.Sprintf("term after %T", m), r.node().term, 5)
		expect(t, fmt.Sprintf("role after %T", m), r.node().role, follower)
	}
}

func TestSection5_1ARequestOfAnOlderTermIsRefusedWithTheLater(t *testing.T) {
	r := newRig(t, 3, nil, 1, 4)
	for _, m := range []sim.Message{&RequestVote{Term: 3, LastIndex: 9, LastTerm: 9}, &AppendEntries{Term: 3}, &InstallSnapshot{Term: 3, LastIndex: 9, LastTerm: 3}} {
		switch reply := r.say(2, m)[0].(type) {
		case *RequestVoteReply:
			expect(t, "reply", *reply, RequestVoteReply{Term: 4})
		case *AppendEntriesReply:
			expect(t, "reply", *reply, AppendEntriesReply{Term: 4})
		case *InstallSnapshotReply:
			expect(t, "reply", *reply, InstallSnapshotReply{Term: 4})
		}
	}
	expect(t, "leader", r.node().leader, 0)
	expect(t, "log", r.terms(), []uint64{1, 4})
}

func TestSection5_2AServerThatHearsOfNoLeaderStandsForElection(t *testing.T) {
	r := newRig(t, 3, nil)
	r.RunFor(r.node().options.ElectionTimeout - 1)
	expect(t, "before the timeout", r.heard(2), nil)
	r.RunFor(r.node().options.ElectionTimeout)
	expect(t, "pre-vote", *answer[*PreVote](t, r.heard(2)), PreVote{Term: 1})
	expect(t, "term", r.node().term, 0)
	r.say(3, &PreVoteReply{Term: 1, Granted: true})
	expect(t, "request", *answer[*RequestVote](t, r.heard(2)), RequestVote{Term: 1})
	expect(t, "term", r.node().term, 1)
	expect(t, "its own vote", r.node().votedFor, 1)
}

func TestSection5_2AHeartbeatPutsAnElectionOff(t *testing.T) {
	r := newRig(t, 3, nil)
	for range 10 {
		r.RunFor(r.node().options.ElectionTimeout - 1)
		r.say(2, &AppendEntries{Term: 1})
	}
	expect(t, "role", r.node().role, follower)
	expect(t, "leader", r.node().leader, 2)
}

func TestSection5_2ACandidateLeadsWithAMajorityAndNotWithout(t *testing.T) {
	for servers := 1; servers <= 7; servers++ {
		r := newRig(t, servers, nil)
		r.expire()
		for others := range servers {
			leads := r.node().role == leader
			if enough := others+1 > servers/2; leads != enough {
				t.Errorf("with %d votes of %d: leads is %v", others+1, servers, leads)
			}
			if next := sim.NodeID(others + 2); int(next) <= servers {
				for range servers { // often, from one voter: it counts once
					r.say(next, &PreVoteReply{Term: 1, Granted: true})
				}
				if r.node().role == candidate {
					for id := sim.NodeID(2); id <= next; id++ {
						r.say(id, &RequestVoteReply{Term: 1, Granted: true})
					}
				}
			}
		}
	}
}

func TestSection5_2ACandidatesOwnVoteIsDurableWhenItAsksForOthers(t *testing.T) {
	r := newRig(t, 3, nil)
	r.Disk(1).SetConditions(losing)
	r.expire()
	r.heard(3)
	r.say(2, &PreVoteReply{Term: 1, Granted: true})
	answer[*RequestVote](t, r.heard(3))
	r.restart()
	expect(t, "term", r.node().term, 1)
	expect(t, "vote", r.node().votedFor, 1)
}

func TestSection5_2ARefusedVoteOrOneOfAnotherTermDoesNotCount(t *testing.T) {
	r := newRig(t, 3, nil, 1, 2)
	r.expire()
	r.say(2, &PreVoteReply{Term: 2, Granted: true})
	expect(t, "role", r.node().role, preCandidate)
	r.say(2, &PreVoteReply{Term: 3, Granted: true})
	expect(t, "role", r.node().role, candidate)
	r.say(2, &RequestVoteReply{Term: 3})
	r.say(3, &RequestVoteReply{Term: 2, Granted: true})
	expect(t, "role", r.node().role, candidate)
}

func TestSection5_2ACandidateFollowsTheLeaderOfItsTerm(t *testing.T) {
	r := newRig(t, 3, nil)
	r.expire()
	r.say(2, &PreVoteReply{Term: 1, Granted: true})
	expect(t, "role", r.node().role, candidate)
	r.say(3, &AppendEntries{Term: 1})
	expect(t, "role", r.node().role, follower)
	expect(t, "leader", r.node().leader, 3)
}

func TestSection5_2AServerVotesOnceInATerm(t *testing.T) {
	r := newRig(t, 5, nil)
	r.expire()
	vote := func(from sim.NodeID, term uint64) bool {
		return answer[*RequestVoteReply](t, r.say(from, &RequestVote{Term: term})).Granted
	}
	r.heard(2)
	r.heard(3)
	expect(t, "first come", vote(2, 1), true)
	expect(t, "another", vote(3, 1), false)
	expect(t, "the same again", vote(2, 1), true)
	r.restart()
	expect(t, "another after a restart", vote(3, 1), false)
	r.say(2, &AppendEntries{Term: 1})
	expect(t, "another under a leader", vote(3, 1), false)
	r.expire()
	r.heard(3)
	expect(t, "another, to a pre-candidate", vote(3, 1), false)
	expect(t, "in a later term", vote(3, 2), true)
}

// A server that has been stirred into a term without a vote may still give it,
// also when it asks for pre-votes itself.
func TestSection5_2APreCandidateVotesInItsTerm(t *testing.T) {
	r := newRig(t, 3, nil)
	r.expire()
	r.say(2, &RequestVoteReply{Term: 4})
	r.expire()
	expect(t, "role", r.node().role, preCandidate)
	r.heard(3)
	expect(t, "vote", *answer[*RequestVoteReply](t, r.say(3, &RequestVote{Term: 4})), RequestVoteReply{Term: 4, Granted: true})
}

func TestSection5_2ElectionTimeoutsAreDrawnFromARangeAndDiffer(t *testing.T) {
	c := newCluster(5, choice.Seed(1), nil)
	c.RunFor(0)
	seen := make(map[time.Duration]bool)
	for _, id := range c.servers {
		n := c.server(id)
		for range 100 {
			n.newTimeout()
			d := n.patience
			if d < n.options.ElectionTimeout || d >= 2*n.options.ElectionTimeout {
				t.Fatalf("timeout %v for one of %v", d, n.options.ElectionTimeout)
			}
			seen[d] = true
		}
	}
	if len(seen) < 490 {
		t.Errorf("500 timeouts have only %d values", len(seen))
	}
}

// In the calmest run all draws are alike. It must elect a leader all the same.
func TestSection5_2TheCalmestRunElectsALeaderAtOnce(t *testing.T) {
	for servers := 1; servers <= 9; servers++ {
		c := newCluster(servers, choice.Zero{}, nil)
		c.RunFor(200 * time.Millisecond)
		expect(t, fmt.Sprintf("leader of %d", servers), c.leader(), 1)
		expect(t, "term", c.server(1).term, 1)
	}
}

func TestSection5_3ALeaderCommitsWhatAMajorityHoldsAndTellsWithTheNextRequest(t *testing.T) {
	r := newRig(t, 5, nil)
	term := r.lead()
	r.say(2, &Propose{Command: []byte("x")})
	r.RunFor(time.Millisecond)
	r.heard(3)
	expect(t, "commit", r.node().commitIndex, 0)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "commit with two of five", r.node().commitIndex, 0)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "commit with the same one again", r.node().commitIndex, 0)
	r.say(3, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "commit with three of five", r.node().commitIndex, 2)
	expect(t, "applied", r.node().lastApplied, 2)
	r.heard(4)
	r.RunFor(r.node().options.Heartbeat)
	expect(t, "commit in the next request", answer[*AppendEntries](t, r.heard(4)).Commit, 2)
}

// The leader writes while its followers do (dissertation 10.2.1), but counts
// itself only when it has.
func TestSection5_3ALeaderCountsItselfOnlyAfterItsSync(t *testing.T) {
	r := newRig(t, 3, nil)
	r.lead()
	r.node().propose(Entry{Kind: Noop})
	expect(t, "its own", r.node().matchOf(1), 1)
	r.node().flush()
	expect(t, "its own after a flush", r.node().matchOf(1), 2)
}

func TestSection5_3AFollowerRefusesEntriesThatDoNotFollow(t *testing.T) {
	for _, test := range []struct {
		name                 string
		log                  []uint64
		prevIndex, prevTerm  uint64
		conflictTerm, differ uint64
	}{
		{"too short", []uint64{1, 1}, 3, 2, 0, 3},
		{"another term", []uint64{1, 2, 2, 2}, 4, 3, 2, 2},
		{"another term from the beginning", []uint64{2, 2}, 2, 1, 2, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, 3, nil, test.log...)
			reply := answer[*AppendEntriesReply](t, r.say(2, &AppendEntries{
				Term: 4, PrevIndex: test.prevIndex, PrevTerm: test.prevTerm, Round: 7, Commit: 2,
				Entries: entries(test.prevIndex+1, 4),
			}))
			expect(t, "reply", *reply, AppendEntriesReply{
				Term: 4, PrevIndex: test.prevIndex, ConflictTerm: test.conflictTerm, ConflictIndex: test.differ, Round: 7,
			})
			expect(t, "log", r.terms(), test.log)
			expect(t, "commit", r.node().commitIndex, 0)
		})
	}
}

// Figure 2, AppendEntries 3 to 5.
func TestSection5_3AFollowerRemovesOnlyWhatConflicts(t *testing.T) {
	for _, test := range []struct {
		name      string
		log       []uint64
		prevIndex uint64
		entries   []uint64
		commit    uint64
		want      []uint64
		committed uint64
	}{
		{"new entries", []uint64{1, 1}, 2, []uint64{3, 3}, 4, []uint64{1, 1, 3, 3}, 4},
		{"a heartbeat", []uint64{1, 1, 2}, 1, nil, 0, []uint64{1, 1, 2}, 0},
		{"what is there already", []uint64{1, 1, 2}, 1, []uint64{1, 2}, 0, []uint64{1, 1, 2}, 0},
		{"a late request for the first of them", []uint64{1, 1, 2}, 0, []uint64{1}, 0, []uint64{1, 1, 2}, 0},
		{"a conflict", []uint64{1, 2, 2, 2}, 1, []uint64{3}, 2, []uint64{1, 3}, 2},
		{"a conflict behind what is there", []uint64{1, 1, 2, 2}, 0, []uint64{1, 1, 3, 3}, 9, []uint64{1, 1, 3, 3}, 4},
		{"a commit beyond what is verified", []uint64{1, 2, 2, 2}, 1, nil, 4, []uint64{1, 2, 2, 2}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, 3, nil, test.log...)
			m := &AppendEntries{Term: 4, PrevIndex: test.prevIndex, Entries: entries(test.prevIndex+1, test.entries...), Commit: test.commit}
			if test.prevIndex > 0 {
				m.PrevTerm = test.log[test.prevIndex-1]
			}
			reply := answer[*AppendEntriesReply](t, r.say(2, m))
			expect(t, "success", reply.Success, true)
			expect(t, "match", reply.Match, test.prevIndex+uint64(len(test.entries)))
			expect(t, "log", r.terms(), test.want)
			expect(t, "commit", r.node().commitIndex, test.committed)
			r.restart()
			expect(t, "log after a restart", r.terms(), test.want)
		})
	}
}

func TestSection5_3ALeaderHasAFewRequestsUnderWayAtOnce(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.MaxInFlight, o.MaxEntries = 3, 2 })
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	r.heard(2)
	for range 20 {
		r.say(3, &Propose{})
	}
	r.RunFor(time.Millisecond)
	sent := func() (all []string) {
		for _, m := range r.heard(2) {
			all = append(all, fmt.Sprint(m.(*AppendEntries)))
		}
		return all
	}
	expect(t, "requests", sent(), []string{
		"term 1, prev 1@1, entries 2@1..3@1, commit 1", "term 1, prev 3@1, entries 4@1..5@1, commit 1", "term 1, prev 5@1, entries 6@1..7@1, commit 1",
	})
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 3})
	expect(t, "requests when one is answered", len(r.node().log.entries), 21)
	expect(t, "the first of them", r.node().progress[2].next, 10)
	r.RunFor(r.node().options.Heartbeat)
	expect(t, "state after a heartbeat, with one answered", r.node().progress[2].state, replicating)
	r.RunFor(r.node().options.Heartbeat)
	heard := sent()
	expect(t, "after another, with none answered: it begins again, carefully", heard[len(heard)-1], "term 1, prev 3@1, entry 4@1, commit 3")
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 21}) // two answers were lost
	for range 20 {
		r.say(3, &Propose{})
	}
	r.RunFor(r.node().options.Heartbeat)
	r.heard(2)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 27}) // and two more
	r.RunFor(r.node().options.Heartbeat)
	expect(t, "requests under way in the end", r.node().progress[2].inFlight, 3)
}

// The same message goes to all that are equally far, but not for longer than
// it is true.
func TestSection5_3ALeaderTellsTheLatestCommit(t *testing.T) {
	r := newRig(t, 3, nil)
	term := r.lead()
	r.say(3, &Propose{})
	r.RunFor(time.Millisecond)
	first := answer[*AppendEntries](t, r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1}))
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	r.heard(3)
	second := answer[*AppendEntries](t, r.say(3, &AppendEntriesReply{Term: term, Success: true, Match: 1}))
	expect(t, "the two", fmt.Sprint(first, "; ", second), "term 1, prev 1@1, entry 2@1, commit 1; term 1, prev 1@1, entry 2@1, commit 2")
}

// An answer that later ones have overtaken must not set a follower back.
func TestSection5_3AnOldRefusalChangesNothing(t *testing.T) {
	r := newRig(t, 3, nil, 1, 1, 1)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 4})
	before := *r.node().progress[2]
	r.heard(2)
	expect(t, "answer", r.say(2, &AppendEntriesReply{Term: term, PrevIndex: 3, ConflictIndex: 1}), nil)
	expect(t, "state", r.node().progress[2].state, before.state)
	expect(t, "next", r.node().progress[2].next, before.next)

	r.say(3, &AppendEntriesReply{Term: term, PrevIndex: 3, ConflictIndex: 3})
	expect(t, "answer to one that the probe has overtaken", r.say(3, &AppendEntriesReply{Term: term, PrevIndex: 3, ConflictIndex: 2}), nil)
	expect(t, "next", r.node().progress[3].next, 3)
}

// §5.5: requests may come twice.
func TestSection5_5ARequestThatComesTwiceDoesNoHarm(t *testing.T) {
	r := newRig(t, 3, nil, 1)
	m := &AppendEntries{Term: 2, PrevIndex: 1, PrevTerm: 1, Entries: entries(2, 2, 2), Commit: 2}
	first := *answer[*AppendEntriesReply](t, r.say(2, m))
	expect(t, "second answer", *answer[*AppendEntriesReply](t, r.say(2, m)), first)
	expect(t, "log", r.terms(), []uint64{1, 2, 2})
	expect(t, "commit", r.node().commitIndex, 2)
}

func TestSection5_4_1AVoteGoesOnlyToALogThatIsUpToDate(t *testing.T) {
	for _, test := range []struct {
		lastIndex, lastTerm uint64
		want                bool
	}{
		{3, 2, true}, {4, 2, true}, {1, 3, true},
		{2, 2, false}, {9, 1, false}, {0, 0, false},
	} {
		r := newRig(t, 3, nil, 1, 2, 2)
		r.expire()
		r.heard(2)
		ask := PreVote{Term: 5, LastIndex: test.lastIndex, LastTerm: test.lastTerm}
		expect(t, fmt.Sprintf("pre-vote for %+v", test), answer[*PreVoteReply](t, r.say(2, &ask)).Granted, test.want)
		vote := RequestVote{Term: 5, LastIndex: test.lastIndex, LastTerm: test.lastTerm}
		expect(t, fmt.Sprintf("vote for %+v", test), answer[*RequestVoteReply](t, r.say(2, &vote)).Granted, test.want)
	}
}

// See also the story of figure 8.
func TestSection5_4_2ALeaderCommitsOldEntriesOnlyWithOneOfItsOwn(t *testing.T) {
	r := newRig(t, 3, nil, 1, 2)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "commit with an old entry on a majority", r.node().commitIndex, 0)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 3})
	expect(t, "commit with its own", r.node().commitIndex, 3)
}

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
				expect(t, "base", []uint64{n.log.base, n.log.baseTerm, n.commitIndex, n.lastApplied}, []uint64{2, 2, 2, 2})
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
	expect(t, "base", r.node().log.base, 3)
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
	expect(t, "base later", r.node().log.base, 5)
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
	expect(t, "base", r.node().log.base, 3)
	reply := answer[*AppendEntriesReply](t, r.say(2, &AppendEntries{Term: 2, PrevIndex: 1, PrevTerm: 1, Entries: entries(2, 1, 2, 2, 2)}))
	expect(t, "reply", *reply, AppendEntriesReply{Term: 2, Success: true, PrevIndex: 1, Match: 5})
	expect(t, "log behind the snapshot", r.terms(), []uint64{2, 2})
}

func TestSection8ACommandThatIsSentAgainTakesEffectOnce(t *testing.T) {
	c := newLedCluster(t, 3, nil)
	c.open(1)
	expect(t, "answer", c.propose(1, "a").String(), `ok, "a"`)
	expect(t, "answer again", c.again(1).String(), `ok, "a"`)
	c.Crash(1)
	c.RunFor(500 * time.Millisecond)
	next := c.leader()
	expect(t, "answer by the next leader", c.again(next).String(), `ok, "a"`)
	c.propose(next, "b")
	c.session.Sequence--
	expect(t, "answer to one that is over", c.again(next).Status, Rejected)
	c.session.Session = 99
	expect(t, "answer without a session", c.again(next).Status, SessionExpired)
	expect(t, "state", string(c.server(next).machine.state.Query(nil)), "a b")
	c.expectHolds(t)
}

func TestSection8ANewLeaderReadsOnlyOnceItHasCommittedInItsTerm(t *testing.T) {
	r := newRig(t, 3, nil, 1)
	term := r.lead()
	r.say(3, &Read{})
	ack := func(round, match uint64) []sim.Message {
		return r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: match, Round: round})
	}
	r.RunFor(time.Millisecond)
	ack(r.node().round, 1)
	expect(t, "answers before", len(r.node().reads), 1)
	ack(r.node().round, 2)
	r.RunFor(time.Millisecond) // a round for the read
	r.heard(3)
	ack(r.node().round, 2)
	expect(t, "answer", answer[*Reply](t, r.heard(3)).Status, OK)
}

func TestSection8AReadWaitsForARoundThatBeganAfterIt(t *testing.T) {
	r := newRig(t, 3, nil)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	before := r.node().round
	r.say(3, &Read{})
	r.RunFor(time.Millisecond)
	r.heard(3)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1, Round: before})
	expect(t, "answer to an earlier round", r.heard(3), nil)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1, Round: before + 1})
	expect(t, "answer to its own", answer[*Reply](t, r.heard(3)).Status, OK)
}

func TestDissertation3_10AFollowerStandsAtTheLeadersWish(t *testing.T) {
	r := newRig(t, 3, nil)
	r.expire()
	r.say(2, &AppendEntries{Term: 1})
	r.heard(3)
	r.say(2, &TimeoutNow{Term: 0})
	expect(t, "role after the wish of an old leader", r.node().role, follower)
	r.say(2, &TimeoutNow{Term: 1})
	expect(t, "request", *answer[*RequestVote](t, r.heard(3)), RequestVote{Term: 2, Transfer: true})
}

func TestDissertation3_10AVoteAtTheLeadersWishIsGivenDespiteIt(t *testing.T) {
	r := newRig(t, 3, nil)
	r.expire()
	r.say(2, &AppendEntries{Term: 1})
	r.heard(3)
	reply := answer[*RequestVoteReply](t, r.say(3, &RequestVote{Term: 2, Transfer: true}))
	expect(t, "reply", *reply, RequestVoteReply{Term: 2, Granted: true})
}

func TestDissertation6_2ALeaderWithoutAQuorumStepsDown(t *testing.T) {
	r := newRig(t, 5, nil)
	term := r.lead()
	for range 20 { // one of four is not enough, two are
		r.RunFor(r.node().options.Heartbeat)
		r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
		r.say(3, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	}
	expect(t, "role with two others", r.node().role, leader)
	for range 20 {
		r.RunFor(r.node().options.Heartbeat)
		if r.node().role == leader {
			r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
		}
	}
	expect(t, "leads with one other", r.node().role != leader, true)
}

func TestDissertation6_4ALeaderAnswersUnderALeaseWhileItRuns(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLease })
	term := r.lead()
	ack := func() {
		r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1, Round: r.node().round})
	}
	ack()
	timeout := r.node().options.ElectionTimeout
	r.RunFor(timeout/2 + 1) // the next heartbeat has left, and is not answered
	r.heard(3)
	expect(t, "answer while it runs", answer[*Reply](t, r.say(3, &Read{})).Status, OK)
	r.RunFor(timeout * 8 / 10 / 2)
	r.heard(3)
	r.say(3, &Read{})
	expect(t, "reads waiting when it has run out", len(r.node().reads), 1)
}

func TestDissertation6_4ANewLeaderHasNoLeaseBeforeItHasCommittedInItsTerm(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLease }, 1)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, PrevIndex: 1, ConflictIndex: 1, Round: r.node().round})
	r.heard(3)
	r.say(3, &Read{})
	expect(t, "reads waiting", len(r.node().reads), 1)
}

// The leader remembers when each of its last broadcasts began. A lease must
// not rest on one that it has forgotten.
func TestDissertation6_4ALeaseDoesNotRestOnAForgottenRound(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLease })
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	old := r.node().round
	r.RunFor(r.node().options.ElectionTimeout)
	for range rounds {
		r.node().nextRound()
	}
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1, Round: old})
	expect(t, "lease", r.node().leaseHolds(), false)
}

func TestDissertation6_4ReadsMayGoThroughTheLog(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLog })
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	r.heard(3)
	r.say(3, &Read{})
	expect(t, "last entry", r.node().log.at(2).Kind, Query)
	r.RunFor(time.Millisecond)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	heard := r.heard(3)
	expect(t, "answer", answer[*Reply](t, heard[len(heard)-1:]).Status, OK)
}

func TestDissertation6_4ALeaseIsForfeitedByAHandOver(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLease })
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1, Round: r.node().round})
	r.heard(3)
	expect(t, "answer before", answer[*Reply](t, r.say(3, &Read{})).Status, OK)
	r.say(3, &TransferLeadership{Target: 2})
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1, Round: r.node().round})
	r.heard(3)
	r.say(3, &Read{})
	expect(t, "reads waiting", len(r.node().reads), 1)
}

func TestDissertation6_4ANewTermMayHaveALeaseAgain(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Reads = ReadLease })
	r.lead()
	r.say(3, &TransferLeadership{Target: 2})
	r.say(2, &RequestVoteReply{Term: r.node().term + 1})
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: r.node().firstOfTerm, Round: r.node().round})
	r.heard(3)
	expect(t, "answer", answer[*Reply](t, r.say(3, &Read{})).Status, OK)
}

func TestDissertation3_10AHandOverNeedsAVoterAndOneAtATime(t *testing.T) {
	r := newRig(t, 4, func(o *Options) { o.Voters = []sim.NodeID{1, 2, 3} })
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	transfer := func(to sim.NodeID) Status {
		r.heard(4)
		return answer[*Reply](t, r.say(4, &TransferLeadership{Target: to})).Status
	}
	expect(t, "to itself", transfer(1), Rejected)
	expect(t, "to one without a vote", transfer(4), Rejected)
	expect(t, "to a voter", transfer(2), OK)
	expect(t, "to another meanwhile", transfer(3), Busy)
	expect(t, "a change meanwhile", answer[*Reply](t, r.say(4, &ChangeMembership{Voters: []sim.NodeID{1, 2}})).Status, Busy)
}

func TestDissertation3_10AHandOverWaitsForAChange(t *testing.T) {
	r := newRig(t, 4, func(o *Options) { o.Voters = []sim.NodeID{1, 2, 3} })
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	r.say(3, &ChangeMembership{Voters: []sim.NodeID{1, 2}})
	r.heard(4)
	expect(t, "answer", answer[*Reply](t, r.say(4, &TransferLeadership{Target: 2})).Status, Busy)
}

func TestDissertation3_10AServerWithoutAVoteDoesNotStand(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Voters = []sim.NodeID{2, 3} })
	r.say(2, &AppendEntries{Term: 1})
	r.say(2, &TimeoutNow{Term: 1})
	expect(t, "role", r.node().role, follower)
}

func TestDissertation3_10ALostWishIsRepeated(t *testing.T) {
	r := newRig(t, 3, nil)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	r.heard(2)
	r.say(3, &TransferLeadership{Target: 2})
	expect(t, "wish", *answer[*TimeoutNow](t, r.heard(2)), TimeoutNow{Term: term})
	r.RunFor(r.node().options.Heartbeat)
	expect(t, "heard with the next heartbeat", *answer[*TimeoutNow](t, r.heard(2)[1:]), TimeoutNow{Term: term})
}

// Whoever waits for a leader that leads no more is told.
func TestSection8ALeaderThatStepsDownSendsItsClientsOn(t *testing.T) {
	r := newRig(t, 5, nil)
	term := r.lead()
	for id := sim.NodeID(2); id <= 4; id++ {
		r.say(id, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	}
	r.say(3, &Propose{Session: 1, Sequence: 1, Command: []byte("a")})
	r.say(4, &Read{})
	r.say(5, &ChangeMembership{Voters: []sim.NodeID{1, 2}})
	for _, id := range r.servers[1:] {
		r.heard(id)
	}
	r.say(2, &RequestVoteReply{Term: term + 1})
	for id := sim.NodeID(3); id <= 5; id++ {
		expect(t, fmt.Sprintf("told to %v", id), answer[*Reply](t, r.heard(id)).Status, NotLeader)
	}
}

func TestDissertation9_6APreVoteChangesNothing(t *testing.T) {
	r := newRig(t, 3, nil, 1)
	r.expire()
	r.heard(2)
	expect(t, "reply", *answer[*PreVoteReply](t, r.say(2, &PreVote{Term: 9, LastIndex: 1, LastTerm: 1})), PreVoteReply{Term: 9, Granted: true})
	expect(t, "reply to another", *answer[*PreVoteReply](t, r.say(2, &PreVote{Term: 9, LastIndex: 1, LastTerm: 1})), PreVoteReply{Term: 9, Granted: true})
	expect(t, "term", r.node().term, 1)
	expect(t, "vote", r.node().votedFor, 0)
}

func TestDissertation9_6ARefusedPreVoteTellsTheTerm(t *testing.T) {
	r := newRig(t, 3, nil, 1, 7)
	r.expire()
	r.heard(2)
	expect(t, "reply", *answer[*PreVoteReply](t, r.say(2, &PreVote{Term: 3, LastIndex: 9, LastTerm: 2})), PreVoteReply{Term: 7})
}

// Whatever a server says that others rely on is durable when they hear it.
func TestFigure2WhatIsPromisedIsDurable(t *testing.T) {
	for name, m := range map[string]sim.Message{
		"a vote":               &RequestVote{Term: 3, LastIndex: 9, LastTerm: 2},
		"a refused vote":       &RequestVote{Term: 3},
		"entries":              &AppendEntries{Term: 3, PrevIndex: 2, PrevTerm: 1, Entries: entries(3, 3, 3)},
		"refused entries":      &AppendEntries{Term: 3, PrevIndex: 9, PrevTerm: 1},
		"a heartbeat":          &AppendEntries{Term: 3},
		"an old snapshot":      &InstallSnapshot{Term: 1, LastIndex: 9, LastTerm: 1},
		"a chunk":              &InstallSnapshot{Term: 3, LastIndex: 9, LastTerm: 2, Data: []byte("a")},
		"a refused pre-vote":   &PreVote{Term: 1},
		"an old leader's term": &AppendEntries{Term: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 3, nil, 1, 1)
			r.expire()
			r.say(3, &RequestVoteReply{Term: 2}) // a term that is not durable yet
			r.heard(2)
			if len(r.say(2, m)) != 1 {
				t.Fatal("no answer")
			}
			n := r.node()
			term, vote, log := n.term, n.votedFor, slices.Clone(r.terms())
			r.Disk(1).SetConditions(losing)
			r.restart()
			expect(t, "term", r.node().term, term)
			expect(t, "vote", r.node().votedFor, vote)
			expect(t, "log", r.terms(), log)
		})
	}
}
