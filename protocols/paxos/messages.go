package paxos

import (
	"cmp"
	"fmt"

	"seedbed.example/sim"
)

// A Ballot is the number of a proposal (§2.2). Different proposers draw theirs
// from disjoint sets, so that no two proposals have the same one. The zero
// Ballot is below all that anyone issues.
type Ballot struct {
	Round    uint64
	Proposer sim.NodeID
}

// Compare says which of two ballots is lower, as [cmp.Compare] does: the one of
// the lower round, and of one round the one of the lower proposer.
func (b Ballot) Compare(other Ballot) int {
	return cmp.Or(cmp.Compare(b.Round, other.Round), cmp.Compare(b.Proposer, other.Proposer))
}

// String tells the ballot as its round and proposer: 3.1.
func (b Ballot) String() string { return fmt.Sprintf("%d.%v", b.Round, b.Proposer) }

// A Vote is the proposal that an acceptor has accepted last. The zero Vote is
// none.
type Vote struct {
	Ballot Ballot
	Value  string
}

// Cast reports whether there is any proposal that was accepted.
func (v Vote) Cast() bool { return v.Ballot != Ballot{} }

// Messages between servers, with the paper's names (§2.2, §2.3). They are sent
// by pointer and never changed afterwards. Each is about one decree; decrees
// have nothing to do with each other.
type (
	// Prepare asks for a promise to accept no more proposals of lower ballots,
	// and for the vote cast so far (phase 1a).
	Prepare struct {
		Decree string
		Ballot Ballot
	}
	// Promise answers a Prepare (phase 1b).
	Promise struct {
		Decree string
		Ballot Ballot // of the Prepare
		Vote   Vote
	}
	// Accept asks to accept a proposal (phase 2a).
	Accept struct {
		Decree string
		Ballot Ballot
		Value  string
	}
	// Accepted answers an Accept (phase 2b).
	Accepted struct {
		Decree string
		Ballot Ballot
	}
	// Nack answers a Prepare or Accept of a ballot that is too low, so that its
	// proposer can give it up (§2.2, end).
	Nack struct {
		Decree   string
		Ballot   Ballot
		Promised Ballot
	}
	// Chosen tells what was chosen: to all, by whoever learns it first, and to
	// everyone who asks for a promise or a vote where that is known (§2.3).
	Chosen struct {
		Decree string
		Value  string
	}
)

// Messages between clients and servers. A reply goes to where the request came
// from.
type (
	// Propose asks for a decision, and offers a value.
	Propose struct {
		Decree string
		Value  string
	}
	// Read asks whether there is a decision.
	Read struct {
		Decree string
	}
	// Reply answers both: with the value chosen, which may be another client's;
	// a Read also with the word that none was chosen when it came.
	Reply struct {
		Chosen bool
		Value  string
	}
)

// The String methods are for people who read traces.

func (v Vote) String() string {
	if !v.Cast() {
		return "has accepted nothing"
	}
	return fmt.Sprintf("has accepted %q in ballot %v", v.Value, v.Ballot)
}

func (m *Prepare) String() string { return fmt.Sprintf("%s, ballot %v", m.Decree, m.Ballot) }

func (m *Promise) String() string {
	return fmt.Sprintf("%s, ballot %v, %v", m.Decree, m.Ballot, m.Vote)
}

func (m *Accept) String() string {
	return fmt.Sprintf("%s, ballot %v: %q", m.Decree, m.Ballot, m.Value)
}

func (m *Accepted) String() string { return fmt.Sprintf("%s, ballot %v", m.Decree, m.Ballot) }

func (m *Nack) String() string {
	return fmt.Sprintf("%s, ballot %v is too low, has promised %v", m.Decree, m.Ballot, m.Promised)
}

func (m *Chosen) String() string { return fmt.Sprintf("%s: %q", m.Decree, m.Value) }

func (m *Propose) String() string { return fmt.Sprintf("%s: %q", m.Decree, m.Value) }

func (m *Read) String() string { return m.Decree }

func (m *Reply) String() string {
	if !m.Chosen {
		return "nothing was chosen"
	}
	return fmt.Sprintf("%q was chosen", m.Value)
}
