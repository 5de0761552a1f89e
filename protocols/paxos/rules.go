package paxos

import "seedbed.example/protocols/tally"

// Rules are the decisions on which the safety of Paxos rests. Everything else
// in this package is mechanism. A planted mistake replaces one of them.
type Rules struct {
	// Majority is how many of so many acceptors choose a value, and how many
	// must have promised before one is proposed. Any two majorities have an
	// acceptor in common, who tells; all of Paxos stands on that (§2.1).
	Majority func(acceptors int) int

	// MayPromise says whether an acceptor answers a Prepare with a promise: not
	// if it has promised a higher ballot. It answers the same ballot again,
	// because its answer may have been lost (§2.2, phase 1b).
	MayPromise func(ballot, promised Ballot) bool

	// MayAccept says whether an acceptor accepts a proposal: unless it has
	// promised a higher ballot (§2.2, P1a).
	MayAccept func(ballot, promised Ballot) bool

	// PromisedByVote is what an acceptor that accepts a proposal has promised
	// from then on: no less than the proposal's ballot. It may have promised
	// less, if another majority answered the Prepare; a late proposal of a
	// ballot in between must not replace its vote.
	PromisedByVote func(ballot, promised Ballot) Ballot

	// VotedIn is in which ballot an acceptor keeps that it has cast its vote,
	// when it promises another one: in that in which it did. What was promised
	// last says nothing of how new a vote is (§2.2, phase 1b).
	VotedIn func(voted, promises Ballot) Ballot

	// SyncPromise says whether a promise is durable before it leaves. Else a
	// restart forgets it (§2.5).
	SyncPromise func() bool

	// SyncVote says whether a vote is durable before the acceptor says that it
	// has cast it. Else a restart forgets what was chosen (§2.5).
	SyncVote func() bool

	// FirstRound is from which round on a proposer goes on after a restart: from
	// the last that it has used, which is durable. Else it uses a ballot twice,
	// with different values (§2.5).
	FirstRound func(durable uint64) uint64

	// Value is what a proposer proposes: of the votes that a majority has told,
	// in the order of their arrival, the value of the one of the highest ballot.
	// Only if there are none it is free to propose its own (P2c). Without votes
	// there is a value of its own.
	Value func(own *string, votes []Vote) string

	// MayFindNothing says whether a ballot whose promises tell of no vote tells a
	// reader that nothing was chosen when it asked: only if it was begun after
	// that, in a round above the last one before. Some promises of another may be
	// older than the question, and something chosen since.
	MayFindNothing func(round, before uint64) bool
}

// Correct returns the rules of the paper.
func Correct() *Rules {
	yes := func() bool { return true }
	return &Rules{
		Majority:       tally.Majority,
		MayPromise:     func(ballot, promised Ballot) bool { return ballot.Compare(promised) >= 0 },
		MayAccept:      func(ballot, promised Ballot) bool { return ballot.Compare(promised) >= 0 },
		PromisedByVote: func(ballot, _ Ballot) Ballot { return ballot },
		VotedIn:        func(voted, _ Ballot) Ballot { return voted },
		SyncPromise:    yes,
		SyncVote:       yes,
		FirstRound:     func(durable uint64) uint64 { return durable },
		Value:          highest,
		MayFindNothing: func(round, before uint64) bool { return round > before },
	}
}

func highest(own *string, votes []Vote) string {
	var last Vote
	for _, v := range votes {
		if v.Ballot.Compare(last.Ballot) > 0 {
			last = v
		}
	}
	if last.Cast() {
		return last.Value
	}
	return *own
}
