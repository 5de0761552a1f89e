package raft

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// The tests of the files called paper are named after the sections of the paper
// and of the dissertation, and check what these say of one server: here, about
// elections.

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
	r.Disk(1).SetConditions(stories.Losing)
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
	for _, id := range c.Servers {
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
