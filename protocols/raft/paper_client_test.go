package raft

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/sim"
)

// What the paper says about clients (§8), and the dissertation about reads.

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
	expect(t, "last entry", r.node().log.At(2).Kind, Query)
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
	for _, id := range r.Servers[1:] {
		r.heard(id)
	}
	r.say(2, &RequestVoteReply{Term: term + 1})
	for id := sim.NodeID(3); id <= 5; id++ {
		expect(t, fmt.Sprintf("told to %v", id), answer[*Reply](t, r.heard(id)).Status, NotLeader)
	}
}
