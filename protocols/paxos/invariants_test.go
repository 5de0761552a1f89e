package paxos

import (
	"slices"
	"testing"

	"seedbed.example/sim"
)

// Each property is reported when it is broken, and nothing is when it holds.
func TestEachPropertyIsReportedWhenBroken(t *testing.T) {
	type seen = *Invariants
	accept := func(v seen, round uint64, value string, nodes ...sim.NodeID) {
		for _, node := range nodes {
			v.Accepted(node, "a", Ballot{round, 1}, value)
		}
	}
	propose := func(v seen, round uint64, value string) { v.Proposed(1, "a", Ballot{round, 1}, value) }
	learn := func(v seen, node sim.NodeID, value string) { v.Learned(node, "a", value) }
	for _, test := range []struct {
		name string
		do   func(v seen)
		want []string // the properties that are reported
	}{
		{"a value is chosen and learned", func(v seen) { propose(v, 1, "x"); accept(v, 1, "x", 1, 2); learn(v, 1, "x"); learn(v, 2, "x") }, nil},
		{"a minority's vote is forgotten", func(v seen) {
			propose(v, 1, "x")
			accept(v, 1, "x", 1, 1, 1)
			propose(v, 2, "y")
			accept(v, 2, "y", 1, 2)
		}, nil},
		{"a chosen value is proposed again", func(v seen) { propose(v, 1, "x"); accept(v, 1, "x", 1, 2); propose(v, 2, "x"); accept(v, 2, "x", 2, 3) }, nil},
		{"a lower ballot had another value", func(v seen) { propose(v, 1, "x"); propose(v, 2, "y"); accept(v, 1, "x", 3); accept(v, 2, "y", 1, 2) }, nil},
		{"decrees have values of their own", func(v seen) {
			accept(v, 1, "x", 1, 2)
			v.Proposed(1, "b", Ballot{2, 1}, "y")
			v.Accepted(1, "b", Ballot{2, 1}, "y")
			v.Accepted(2, "b", Ballot{2, 1}, "y")
			v.Learned(1, "b", "y")
		}, nil},

		{"a ballot is used again, for the same value", func(v seen) { propose(v, 1, "x"); propose(v, 1, "x") }, nil},
		{"a ballot is used twice", func(v seen) { propose(v, 1, "x"); propose(v, 1, "y") }, []string{"one value a ballot"}},

		{"another value is proposed after one is chosen", func(v seen) { propose(v, 1, "x"); accept(v, 1, "x", 1, 2); propose(v, 2, "y") }, []string{"P2b"}},
		{"another value was proposed before one is chosen below", func(v seen) { propose(v, 1, "x"); propose(v, 2, "y"); accept(v, 1, "x", 1, 2) }, []string{"P2b"}},
		{"two are chosen, the higher first", func(v seen) { accept(v, 2, "y", 1, 2); accept(v, 1, "x", 2, 3) }, []string{"P2b"}},

		{"what nobody accepted is learned", func(v seen) { learn(v, 1, "x") }, []string{"learning"}},
		{"what a minority accepted is learned", func(v seen) { accept(v, 1, "x", 2); learn(v, 1, "x") }, []string{"learning"}},
		{"what two ballots together have accepted is learned", func(v seen) { accept(v, 1, "x", 1); accept(v, 2, "x", 2); learn(v, 1, "x") }, []string{"learning"}},
		{"another value is learned", func(v seen) {
			accept(v, 1, "x", 1, 2)
			learn(v, 1, "x")
			learn(v, 2, "y")
		}, []string{"agreement", "learning"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var reports []string
			test.do(NewInvariants(3, func(_, property, _ string) { reports = append(reports, property) }))
			if !slices.Equal(reports, test.want) {
				t.Errorf("reported %q, want %q", reports, test.want)
			}
		})
	}
}
