package raft

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// What the paper says about replicating entries: §5.3 to §5.5, figure 2.

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
	expect(t, "requests when one is answered", len(r.node().log.Entries()), 21)
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

// See also the story of figure 8.
func TestSection5_4_2ALeaderCommitsOldEntriesOnlyWithOneOfItsOwn(t *testing.T) {
	r := newRig(t, 3, nil, 1, 2)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "commit with an old entry on a majority", r.node().commitIndex, 0)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 3})
	expect(t, "commit with its own", r.node().commitIndex, 3)
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
			r.Disk(1).SetConditions(stories.Losing)
			r.restart()
			expect(t, "term", r.node().term, term)
			expect(t, "vote", r.node().votedFor, vote)
			expect(t, "log", r.terms(), log)
		})
	}
}
