package paxos

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func expect[T any](t rapid.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// verdicts are what rules decide in cases that matter, in words.
func verdicts(r *Rules) map[string]string {
	all := make(map[string]string)
	say := func(rule string, answers ...any) { all[rule] = fmt.Sprintln(answers...) }
	low, lower, high := Ballot{2, 1}, Ballot{1, 9}, Ballot{2, 2}
	own := "own"
	votes := []Vote{{low, "low"}, {high, "high"}, {lower, "lower"}}
	say("Majority", r.Majority(1), r.Majority(2), r.Majority(3), r.Majority(4), r.Majority(5))
	say("MayPromise", r.MayPromise(high, low), r.MayPromise(low, low), r.MayPromise(lower, low), r.MayPromise(low, Ballot{}))
	say("MayAccept", r.MayAccept(high, low), r.MayAccept(low, low), r.MayAccept(lower, low), r.MayAccept(low, Ballot{}))
	say("PromisedByVote", r.PromisedByVote(high, low))
	say("VotedIn", r.VotedIn(low, high))
	say("SyncPromise", r.SyncPromise())
	say("SyncVote", r.SyncVote())
	say("FirstRound", r.FirstRound(7))
	say("Value", r.Value(&own, votes), r.Value(nil, votes), r.Value(&own, votes[1:]), r.Value(&own, nil))
	say("MayFindNothing", r.MayFindNothing(4, 3), r.MayFindNothing(3, 3))
	return all
}

func TestTheRulesDecideAsThePaperSays(t *testing.T) {
	expect(t, "verdicts", verdicts(Correct()), map[string]string{
		"Majority":       "1 2 2 3 3\n",
		"MayPromise":     "true true false true\n",
		"MayAccept":      "true true false true\n",
		"PromisedByVote": "2.2\n",
		"VotedIn":        "2.1\n",
		"SyncPromise":    "true\n",
		"SyncVote":       "true\n",
		"FirstRound":     "7\n",
		"Value":          "high high high own\n",
		"MayFindNothing": "true false\n",
	})
}

func TestEachMistakeReplacesOneRule(t *testing.T) {
	want := map[string][2]string{ // the rule, and what it decides then
		"paxos.promiseNotDurable":       {"SyncPromise", "false\n"},
		"paxos.voteNotDurable":          {"SyncVote", "false\n"},
		"paxos.ownValueAfterPromise":    {"Value", "own high own own\n"},
		"paxos.wrongBallotValue":        {"Value", "low low high own\n"},
		"paxos.acceptNoCheck":           {"MayAccept", "true true true true\n"},
		"paxos.acceptKeepsPromise":      {"PromisedByVote", "2.1\n"},
		"paxos.ballotReuse":             {"FirstRound", "0\n"},
		"paxos.acceptedBallotOverwrite": {"VotedIn", "2.2\n"},
	}
	for _, m := range Mistakes() {
		if m.Summary == "" || m.Source == "" || m.SeenBy == "" {
			t.Errorf("%s lacks a summary, a source, or a checker", m.ID)
		}
		changed, ok := want[m.ID]
		if !ok {
			t.Errorf("%s: nobody knows what it changes", m.ID)
			continue
		}
		expected := verdicts(Correct())
		expected[changed[0]] = changed[1]
		rules := Correct()
		m.Plant(rules)
		expect(t, m.ID, verdicts(rules), expected)
		delete(want, m.ID)
	}
	expect(t, "mistakes that are gone", want, map[string][2]string{})
}

// Ballots are totally ordered: by their rounds, then by their proposers.
func TestBallotsHaveAnOrder(t *testing.T) {
	order := []Ballot{{}, {1, 1}, {1, 2}, {2, 1}, {2, 9}, {10, 1}}
	for i, a := range order {
		for j, b := range order {
			expect(t, fmt.Sprintf("%v beside %v, below zero", a, b), a.Compare(b) < 0, i < j)
			expect(t, fmt.Sprintf("%v beside %v, zero", a, b), a.Compare(b) == 0, i == j)
		}
	}
}
