package paxos

import (
	"testing"
	"time"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// rig is one real server, number 1 of three, and two puppets, in a world where a
// message takes 1 ms.
type rig struct {
	*cluster
	puppets [4]*puppet // by number
}

// puppet stands in for a server.
type puppet struct {
	env   sim.Env
	heard []sim.Message
}

func (p *puppet) Start(env sim.Env)                   { p.env = env }
func (p *puppet) Receive(_ sim.NodeID, m sim.Message) { p.heard = append(p.heard, m) }

func newRig(rules *Rules) *rig {
	r := &rig{cluster: newCluster(sim.NewWorld(sim.Options{}), 0, nil)}
	r.AddNode("node 1", func() sim.Node {
		return New(Options{Servers: []sim.NodeID{1, 2, 3}, Rules: rules, CatchUp: time.Hour})
	})
	for id := 2; id <= 3; id++ {
		r.puppets[id] = &puppet{}
		r.AddNode("puppet", func() sim.Node { return r.puppets[id] })
	}
	r.RunFor(0)
	return r
}

// says lets a puppet send m to the server, and returns what the puppet has heard
// since it last spoke, by the time that this is handled and answered.
func (r *rig) says(id int, m sim.Message) (heard []sim.Message) {
	p := r.puppets[id]
	p.heard = nil
	p.env.Send(1, m)
	r.RunFor(2 * time.Millisecond)
	return p.heard
}

// An acceptor answers the same request again, because its answer may be lost, and
// refuses what is below its promise.
func TestAnAcceptorAnswersByWhatItHasPromised(t *testing.T) {
	r := newRig(nil)
	defer r.Close()
	heard := func(messages ...sim.Message) []sim.Message { return messages }
	for _, step := range []struct {
		say  sim.Message
		want sim.Message
	}{
		{&Prepare{"a", Ballot{2, 2}}, &Promise{"a", Ballot{2, 2}, Vote{}}},
		{&Prepare{"a", Ballot{2, 2}}, &Promise{"a", Ballot{2, 2}, Vote{}}},
		{&Prepare{"a", Ballot{1, 2}}, &Nack{"a", Ballot{1, 2}, Ballot{2, 2}}},
		{&Accept{"a", Ballot{1, 2}, "x"}, &Nack{"a", Ballot{1, 2}, Ballot{2, 2}}},
		{&Accept{"a", Ballot{2, 2}, "x"}, &Accepted{"a", Ballot{2, 2}}},
		{&Accept{"a", Ballot{2, 2}, "x"}, &Accepted{"a", Ballot{2, 2}}},
		{&Prepare{"a", Ballot{2, 3}}, &Promise{"a", Ballot{2, 3}, Vote{Ballot{2, 2}, "x"}}},
		{&Prepare{"a", Ballot{3, 2}}, &Promise{"a", Ballot{3, 2}, Vote{Ballot{2, 2}, "x"}}},
		{&Accept{"a", Ballot{4, 2}, "y"}, &Accepted{"a", Ballot{4, 2}}}, // the Prepare was answered by others
		{&Accept{"a", Ballot{3, 2}, "x"}, &Nack{"a", Ballot{3, 2}, Ballot{4, 2}}},
		{&Prepare{"b", Ballot{1, 2}}, &Promise{"b", Ballot{1, 2}, Vote{}}}, // another decree
		{&Prepare{"a", Ballot{5, 2}}, &Promise{"a", Ballot{5, 2}, Vote{Ballot{4, 2}, "y"}}},
	} {
		expect(t, step.say.(interface{ String() string }).String(), r.says(2, step.say), heard(step.want))
		r.Disk(1).SetConditions(stories.Losing)
		r.Crash(1) // what it said it stands by
		r.Restart(1)
	}
	r.says(3, &Chosen{"a", "y"})
	expect(t, "a prepare of what is chosen", r.says(2, &Prepare{"a", Ballot{9, 2}}), heard(&Chosen{"a", "y"}))
	expect(t, "an accept of what is chosen", r.says(2, &Accept{"a", Ballot{9, 2}, "y"}), heard(&Chosen{"a", "y"}))
}

// A read that comes while a ballot is under way cannot learn from it that nothing
// was chosen: some of its promises may be older than a decision that the reader
// knows of.
func TestAReadDoesNotJoinABallotThatWasBegunBefore(t *testing.T) {
	joins := Correct()
	joins.MayFindNothing = func(uint64, uint64) bool { return true }
	for _, test := range []struct {
		rules *Rules
		want  []string // by the time that the first ballot is over
	}{{nil, []string{"first"}}, {joins, []string{"first", "second"}}} {
		r := newRig(test.rules)
		var told []string
		r.ask(1, &Read{"a"}, func(*Reply) { told = append(told, "first") })
		r.RunFor(3 * time.Millisecond)
		r.ask(1, &Read{"a"}, func(*Reply) { told = append(told, "second") })
		r.RunFor(3 * time.Millisecond)
		r.says(2, &Promise{"a", Ballot{1, 1}, Vote{}})
		expect(t, "told that nothing was chosen", told, test.want)
		r.Close()
	}

	r := newRig(nil)
	defer r.Close()
	var second *Reply
	r.ask(1, &Read{"a"}, nil)
	r.RunFor(3 * time.Millisecond)
	r.ask(1, &Read{"a"}, func(m *Reply) { second = m })
	r.RunFor(3 * time.Millisecond)
	r.says(2, &Promise{"a", Ballot{1, 1}, Vote{}})
	r.says(3, &Promise{"a", Ballot{2, 1}, Vote{Ballot{1, 3}, "x"}}) // of the next ballot, which the second read is for
	r.says(3, &Accepted{"a", Ballot{2, 1}})
	r.RunFor(3 * time.Millisecond)
	expect(t, "the second read", second, &Reply{Chosen: true, Value: "x"})
}

// What is late or comes twice counts once, and for its own ballot and phase.
func TestAProposerCountsWhatBelongsToItsBallot(t *testing.T) {
	r := newRig(nil)
	defer r.Close()
	n := func() *decree { return r.Node(1).(*Node).decree("a") }
	r.ask(1, &Propose{"a", "x"}, nil)
	r.RunFor(2 * time.Millisecond)
	for _, m := range []sim.Message{
		&Promise{"a", Ballot{1, 2}, Vote{}}, &Accepted{"a", Ballot{1, 1}}, &Nack{"a", Ballot{1, 2}, Ballot{7, 2}}, &Promise{"b", Ballot{1, 1}, Vote{}},
	} {
		r.says(2, m)
		expect(t, "phase", n().phase, preparing)
		expect(t, "answers", n().answers.Len(), 1) // its own
	}
	r.says(2, &Promise{"a", Ballot{1, 1}, Vote{}})
	expect(t, "phase", n().phase, accepting)
	r.says(3, &Promise{"a", Ballot{1, 1}, Vote{Ballot{1, 2}, "late"}})
	expect(t, "value", n().value, "x")
	expect(t, "answers", n().answers.Len(), 1)
	r.says(3, &Accepted{"a", Ballot{1, 1}})
	expect(t, "chosen", n().chosen, true)
}

// A round is used once, whatever becomes of the proposer.
func TestARestartedProposerBeginsAHigherBallot(t *testing.T) {
	r := newRig(nil)
	defer r.Close()
	r.Disk(1).SetConditions(stories.Losing)
	for round := uint64(1); round <= 3; round++ {
		r.ask(1, &Propose{"a", "x"}, nil)
		r.RunFor(2 * time.Millisecond)
		expect(t, "ballot", r.Node(1).(*Node).decree("a").ballot, Ballot{round, 1})
		r.Crash(1)
		r.Restart(1)
	}
}
