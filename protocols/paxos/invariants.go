package paxos

import (
	"fmt"

	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// An Observer is told what a server does, at the moment it does it: what a
// checker may know of a server's inside.
//
//seedbed:simulated
type Observer interface {
	// Proposed: a proposer asks for the first time to accept a value in its
	// ballot.
	Proposed(node sim.NodeID, decree string, ballot Ballot, value string)
	// Accepted: an acceptor says that it has accepted a proposal.
	Accepted(node sim.NodeID, decree string, ballot Ballot, value string)
	// Learned: a learner comes to know, maybe again, what was chosen.
	Learned(node sim.NodeID, decree string, value string)
}

// nobody observes.
type nobody struct{}

func (nobody) Proposed(sim.NodeID, string, Ballot, string) {}
func (nobody) Accepted(sim.NodeID, string, Ballot, string) {}
func (nobody) Learned(sim.NodeID, string, string)          {}

// Invariants checks at every step what the paper proves (§2.1, §2.2):
//
//   - "one value a ballot": no ballot is used for two values
//   - "P2b": if a value is chosen, every proposal of a higher ballot has that
//     value, whichever of the two comes first
//   - "learning": nobody learns a value that is not chosen
//   - "agreement": all learn the same
//
// It sees the votes of all acceptors, so it knows that a value is chosen before
// any learner does.
type Invariants struct {
	report  func(decree, property, message string)
	servers int
	decrees map[string]*observed // only looked up
}

// observed is what was seen of one decree.
type observed struct {
	ballots []*ballotSeen
	chosen  *ballotSeen // the first ballot that a majority accepted
	learned *string
	who     sim.NodeID // that learned it first
}

// A ballotSeen is one ballot and its value, and who has accepted it.
type ballotSeen struct {
	ballot   Ballot
	value    string
	accepted tally.Set
}

// NewInvariants returns a checker of so many servers that reports of which
// decree which property is broken, and how.
func NewInvariants(servers int, report func(decree, property, message string)) *Invariants {
	return &Invariants{report: report, servers: servers, decrees: make(map[string]*observed)}
}

func (v *Invariants) decree(name string) *observed {
	o := v.decrees[name]
	if o == nil {
		o = &observed{}
		v.decrees[name] = o
	}
	return o
}

// ballot returns what was seen of a ballot with that value.
func (o *observed) ballot(b Ballot, value string) *ballotSeen {
	for _, seen := range o.ballots {
		if seen.ballot == b && seen.value == value {
			return seen
		}
	}
	seen := &ballotSeen{ballot: b, value: value}
	o.ballots = append(o.ballots, seen)
	return seen
}

// Proposed implements [Observer].
func (v *Invariants) Proposed(node sim.NodeID, decree string, ballot Ballot, value string) {
	o := v.decree(decree)
	for _, seen := range o.ballots {
		if seen.ballot == ballot && seen.value != value {
			v.report(decree, "one value a ballot", fmt.Sprintf("one value a ballot (§2.2): decree %s: node %v proposes %q in ballot %v, in which %q was proposed", decree, node, value, ballot, seen.value))
		}
	}
	seen := o.ballot(ballot, value)
	if o.chosen != nil {
		v.compare(decree, o.chosen, seen)
	}
}

// Accepted implements [Observer].
func (v *Invariants) Accepted(node sim.NodeID, decree string, ballot Ballot, value string) {
	o := v.decree(decree)
	seen := o.ballot(ballot, value)
	if !seen.accepted.Add(node) || seen.accepted.Len() != tally.Majority(v.servers) {
		return
	}
	if o.chosen == nil || ballot.Compare(o.chosen.ballot) < 0 {
		o.chosen = seen
	}
	for _, other := range o.ballots {
		v.compare(decree, seen, other)
	}
}

// compare checks a proposal against one that was chosen.
func (v *Invariants) compare(decree string, chosen, other *ballotSeen) {
	if other.ballot.Compare(chosen.ballot) > 0 && other.value != chosen.value {
		v.report(decree, "P2b", fmt.Sprintf("P2b (§2.2): decree %s: %q is chosen in ballot %v, and in the higher ballot %v the proposal is %q", decree, chosen.value, chosen.ballot, other.ballot, other.value))
	}
}

// Learned implements [Observer].
func (v *Invariants) Learned(node sim.NodeID, decree string, value string) {
	o := v.decree(decree)
	if o.learned != nil && *o.learned != value {
		v.report(decree, "agreement", fmt.Sprintf("agreement (§2.1): decree %s: node %v has learned %q, and node %v learns %q", decree, o.who, *o.learned, node, value))
	}
	if o.learned == nil {
		o.learned, o.who = &value, node
	}
	for _, seen := range o.ballots {
		if seen.value == value && seen.accepted.Len() >= tally.Majority(v.servers) {
			return
		}
	}
	v.report(decree, "learning", fmt.Sprintf("learning (§2.1): decree %s: node %v learns %q, which no majority has accepted in any ballot", decree, node, value))
}
