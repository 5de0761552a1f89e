package raft

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

func majority(voters int) int { return Correct().Majority(voters) }

// decide says by counting whether these servers are enough.
func decide(c Configuration, these map[sim.NodeID]bool) bool {
	enough := func(voters []sim.NodeID) bool {
		yes := 0
		for _, id := range voters {
			if these[id] {
				yes++
			}
		}
		return 2*yes > len(voters)
	}
	return enough(c.Voters) && (len(c.Outgoing) == 0 || enough(c.Outgoing))
}

func drawSet(t *rapid.T, name string) map[sim.NodeID]bool {
	set := make(map[sim.NodeID]bool)
	for _, id := range drawServers(t, 0, name) {
		set[id] = true
	}
	return set
}

func TestAQuorumIsAMajorityOfEachSetOfVoters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, these := drawConfiguration(t), drawSet(t, "these")
		var answered tally.Set
		answered.Reset(slices.Sorted(maps.Keys(these))...)
		got := c.quorum(majority, &answered)
		if want := decide(c, these); got != want {
			t.Fatalf("%v of %v: quorum %v, want %v", these, c, got, want)
		}
	})
}

func TestAgreedIsTheGreatestThatAQuorumHasReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConfiguration(t)
		var reached [10]uint64
		for i := range reached {
			reached[i] = rapid.Uint64Range(0, 12).Draw(t, "reached")
		}
		want := uint64(0)
		for n := range uint64(13) {
			these := make(map[sim.NodeID]bool)
			for _, id := range c.members() {
				these[id] = reached[id] >= n
			}
			if decide(c, these) {
				want = n
			}
		}
		if got := c.agreed(majority, func(id sim.NodeID) uint64 { return reached[id] }); got != want {
			t.Fatalf("%v of %v: agreed on %d, want %d", reached, c, got, want)
		}
	})
}

// What joint consensus rests on: two quorums of one configuration, or of two
// that follow each other in a change, have a server in common.
func TestQuorumsOfNeighbouringConfigurationsOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old := Configuration{Voters: drawServers(t, 1, "old")}
		next := Configuration{Voters: drawServers(t, 1, "new")}
		joint := Configuration{Voters: next.Voters, Outgoing: old.Voters}
		one, other := drawSet(t, "one"), drawSet(t, "other")
		for _, pair := range [][2]Configuration{{old, old}, {old, joint}, {joint, joint}, {joint, next}, {next, next}} {
			if !decide(pair[0], one) || !decide(pair[1], other) {
				continue
			}
			if !slices.ContainsFunc(pair[0].members(), func(id sim.NodeID) bool { return one[id] && other[id] }) {
				t.Fatalf("quorums %v of %v and %v of %v have nobody in common", one, pair[0], other, pair[1])
			}
		}
	})
}

func TestMembersAreEveryoneOnceInOrder(t *testing.T) {
	c := Configuration{Voters: []sim.NodeID{3, 5}, Outgoing: []sim.NodeID{5, 1}, Learners: []sim.NodeID{1, 2}}
	expect(t, "members", c.members(), []sim.NodeID{1, 2, 3, 5})
	expect(t, "text", c.String(), "{3 5}&{5 1} learners {1 2}")
}

func TestAConfigurationNobodyCouldLiveWithIsRejected(t *testing.T) {
	c := newLedCluster(t, 3, nil)
	for _, m := range []ChangeMembership{
		{}, {Learners: c.Servers}, {Voters: []sim.NodeID{1, 2, 2}}, {Voters: []sim.NodeID{1, 2}, Learners: []sim.NodeID{2}},
	} {
		expect(t, fmt.Sprintf("answer to %v", m), c.ask(1, &m).Status, Rejected)
	}
	expect(t, "configuration", c.server(1).config().String(), "{1 2 3}")
}

func TestAChangeWaitsForTheOneBeforeAndForTheLeadersTerm(t *testing.T) {
	r := newRig(t, 3, nil)
	term := r.lead()
	change := func() *Reply {
		r.heard(3)
		heard := r.say(3, &ChangeMembership{Voters: []sim.NodeID{1, 2}})
		for _, m := range heard {
			if reply, ok := m.(*Reply); ok {
				return reply
			}
		}
		return nil
	}
	acknowledge := func() {
		r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: r.node().log.LastIndex()})
	}
	expect(t, "answer before an entry of its term is committed", change().Status, Busy)
	acknowledge()
	expect(t, "answer when it is", change(), nil)
	expect(t, "answer to another while the first is not committed", change().Status, Busy)
	acknowledge()
	expect(t, "answer to another while the new one is not", change().Status, Busy)
}

// A joint configuration is left when it is committed, and not when something
// before it is.
func TestAJointConfigurationIsLeftOnceItIsCommitted(t *testing.T) {
	r := newRig(t, 3, nil)
	term := r.lead()
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	r.say(3, &Propose{})
	r.say(3, &ChangeMembership{Voters: []sim.NodeID{1, 2}})
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "configuration before", r.node().config().String(), "{1 2}&{1 2 3}")
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 3})
	expect(t, "configuration after", r.node().config().String(), "{1 2}")
}

// A leader that takes a snapshot while entries wait to be written has written
// them, and counts on itself for them.
func TestALeaderCountsWhatItsSnapshotHasWritten(t *testing.T) {
	r := newRig(t, 2, func(o *Options) { o.SnapshotEvery = 1 })
	term := r.lead()
	r.say(2, &Propose{})
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 1})
	expect(t, "base", r.node().log.Base().Index, 1)
	r.RunFor(time.Millisecond)
	r.say(2, &AppendEntriesReply{Term: term, Success: true, Match: 2})
	expect(t, "commit", r.node().commitIndex, 2)
}

func TestALearnerReceivesTheLogAndDoesNotCount(t *testing.T) {
	c := newCluster(4, nil, func(o *Options) { o.Voters = []sim.NodeID{1, 2, 3} })
	c.RunFor(200 * time.Millisecond)
	expect(t, "answer", c.ask(1, &ChangeMembership{Voters: []sim.NodeID{1, 2, 3}, Learners: []sim.NodeID{4}}).String(), "ok")
	c.open(1)
	c.propose(1, "a")
	c.RunFor(100 * time.Millisecond)
	expect(t, "the learner's state", string(c.server(4).machine.state.Query(nil)), "a")
	c.Cut(1, 4) // two of four, but one voter of three
	if reply := c.propose(1, "b"); reply != nil {
		t.Errorf("a leader and a learner have committed: %v", reply)
	}
	c.RunFor(time.Second)
	expect(t, "leads", c.server(4).role, follower)
	c.Mend()
	c.RunFor(200 * time.Millisecond)
	expect(t, "answer", c.ask(c.leader(), &ChangeMembership{Voters: []sim.NodeID{1, 4}}).String(), "ok")
	c.Cut(1, 4) // what is left of the old voters does not matter
	c.RunFor(time.Second)
	expect(t, "answer of the new voters", c.again(c.leader()).String(), `ok, "a b"`)
	c.expectHolds(t)
}

// A voter that does not know yet that it is one must vote all the same.
func TestALearnerVotesWhenItIsAsked(t *testing.T) {
	r := newRig(t, 3, func(o *Options) { o.Voters = []sim.NodeID{2, 3} })
	r.expire()
	expect(t, "vote", answer[*RequestVoteReply](t, r.say(2, &RequestVote{Term: 1})).Granted, true)
}

// The leader has the only copy of the entry that removes it, and goes down.
// Nobody else can be elected, so it must stand once more (dissertation 4.2.2).
func TestALeaderThatAloneKnowsOfItsRemovalStandsOnceMore(t *testing.T) {
	c := newLedCluster(t, 2, nil)
	c.Go("operator", func(p *sim.Process) { p.Send(1, &ChangeMembership{Voters: []sim.NodeID{2}}) })
	c.RunWhile(func() bool { return !c.server(2).config().joint() }, c.Now()+time.Second)
	c.RunWhile(func() bool { return c.server(1).config().joint() }, c.Now()+time.Second)
	c.Cut(1)
	c.RunFor(time.Millisecond) // it writes the entry
	c.Crash(1)
	c.Mend()
	expect(t, "configuration of 2", c.server(2).config().String(), "{2}&{1 2}")
	c.RunFor(time.Second)
	expect(t, "leader while 1 is down", c.leader(), 0)
	c.Restart(1)
	c.RunFor(time.Second)
	expect(t, "leader", c.leader(), 2)
	expect(t, "configuration", c.server(2).config().String(), "{2}")
	expect(t, "answer", c.open(2).Status, OK)
	term := c.server(2).term
	c.RunFor(10 * time.Second)
	expect(t, "term much later", c.server(2).term, term)
	c.expectHolds(t)
}

// A leader's crash at any moment of a change leaves a cluster that can finish
// it, whichever configurations its servers are left with.
func TestAChangeOfMembershipSurvivesACrashAtAnyMoment(t *testing.T) {
	for after := time.Duration(0); after < 8*time.Millisecond; after += 250 * time.Microsecond {
		c := newLedCluster(t, 5, func(o *Options) { o.Voters = []sim.NodeID{1, 2, 3} })
		c.CrashAt(c.Now()+after, 1)
		c.ask(1, &ChangeMembership{Voters: []sim.NodeID{3, 4, 5}})
		c.RunFor(2 * time.Second)
		c.Restart(1)
		c.RunFor(2 * time.Second)
		if reply := c.open(c.leader()); reply == nil || reply.Status != OK {
			t.Fatalf("crash %v into the change: no leader", after)
		}
		for _, id := range c.server(c.leader()).config().Voters {
			expect(t, "configuration", c.server(id).config(), c.server(c.leader()).config())
		}
		c.expectHolds(t)
	}
}

// A server takes back a configuration with the entry that brought it, and no
// further than its snapshot.
func TestAConfigurationMakesWayWithItsEntry(t *testing.T) {
	configs := []Configuration{{Voters: []sim.NodeID{1, 2}}, {Voters: []sim.NodeID{1, 3}}, {Voters: []sim.NodeID{2, 3}}}
	entry := func(index uint64, c Configuration) Entry {
		return Entry{Index: index, Term: 1, Kind: Config, Command: c.encode()}
	}
	r := newRig(t, 3, func(o *Options) { o.SnapshotEvery = 2 })
	r.say(2, &AppendEntries{Term: 1, Commit: 2, Entries: []Entry{
		{Index: 1, Term: 1}, entry(2, configs[0]), entry(3, configs[1]), entry(4, configs[2]),
	}})
	expect(t, "base", r.node().log.Base().Index, 2)
	expect(t, "configuration", r.node().config(), configs[2])
	expect(t, "configurations remembered", len(r.node().configs), 3)
	r.say(2, &AppendEntries{Term: 2, PrevIndex: 3, PrevTerm: 1, Entries: entries(4, 2)})
	expect(t, "configuration without the last entry", r.node().config(), configs[1])
	r.restart()
	expect(t, "configuration after a restart", r.node().config(), configs[1])
	r.say(2, &AppendEntries{Term: 3, PrevIndex: 2, PrevTerm: 1, Entries: entries(3, 3)})
	expect(t, "configuration of the snapshot", r.node().config(), configs[0])
	r.restart()
	expect(t, "configuration of the snapshot after a restart", r.node().config(), configs[0])
	r.node().revert(1) // only a mistaken rule comes so far
	expect(t, "configuration that nothing takes back", r.node().config(), configs[0])
}

// An installed snapshot brings a configuration; later ones in the log stay.
func TestASnapshotBringsItsConfiguration(t *testing.T) {
	configs := []Configuration{{Voters: []sim.NodeID{1, 2}}, {Voters: []sim.NodeID{1, 3}}, {Voters: []sim.NodeID{2, 3}}}
	r := newRig(t, 3, nil)
	var log []Entry
	for i, c := range configs {
		log = append(log, Entry{Index: uint64(i + 1), Term: 1, Kind: Config, Command: c.encode()})
	}
	r.say(2, &AppendEntries{Term: 1, Entries: log})
	m := machine{state: &words{}}
	data := m.encode(configs[1], Correct().SnapshotSessions)
	r.say(2, &InstallSnapshot{Term: 1, LastIndex: 2, LastTerm: 1, Data: data, Done: true})
	expect(t, "configuration", r.node().config(), configs[2])
	r.say(2, &AppendEntries{Term: 2, PrevIndex: 2, PrevTerm: 1, Entries: entries(3, 2)})
	expect(t, "configuration without the last entry", r.node().config(), configs[1])
	expect(t, "configurations remembered", len(r.node().configs), 1)
}

func TestVotersAreReplacedOneAfterAnotherWhileClientsGoOn(t *testing.T) {
	for seed := range choice.Seed(20) {
		c := newCluster(5, seed, func(o *Options) {
			o.Voters, o.SnapshotEvery, o.ChunkSize = []sim.NodeID{1, 2, 3}, 5, 16
		})
		c.RunFor(time.Second)
		c.open(c.leader())
		want := ""
		for i, voters := range [][]sim.NodeID{{2, 3, 4}, {3, 4, 5}, {4, 5, 1}, {1, 2, 3, 4, 5}, {5}, {1, 2, 3}} {
			for reply := (*Reply)(nil); reply == nil || reply.Status != OK; c.RunFor(300 * time.Millisecond) {
				reply = c.ask(c.leader(), &ChangeMembership{Voters: voters})
			}
			if !slices.Contains(voters, c.leader()) {
				t.Fatalf("seed %d: %v leads %v", seed, c.leader(), voters)
			}
			word := fmt.Sprint("word", i)
			want += " " + word
			if reply := c.propose(c.leader(), word); reply == nil || string(reply.Result) != want[1:] {
				t.Fatalf("seed %d: answer %v, want %s", seed, reply, want)
			}
		}
		c.expectHolds(t)
	}
}
