package paxos

import "seedbed.example/mistake"

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	no := func() bool { return false }
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.promiseNotDurable",
				Summary: "a promise leaves before it is durable: after a restart the acceptor accepts what it had promised not to",
				Source:  "Lamport, Paxos Made Simple, 2001, §2.5",
				SeenBy:  "invariants",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "crash"}, {Parameter: "nodes", Value: "3"}, {Parameter: "clients", Value: "2"}, {Parameter: "operations", Value: "30"}, {Parameter: "keys", Value: "9"}},
			},
			Plant: func(r *Rules) { r.SyncPromise = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.voteNotDurable",
				Summary: "an acceptor says that it has accepted before that is durable: after a restart nobody knows what was chosen",
				Source:  "Lamport, Paxos Made Simple, 2001, §2.5",
				SeenBy:  "invariants, linearizability",
			},
			Plant: func(r *Rules) { r.SyncVote = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.ownValueAfterPromise",
				Summary: "a proposer proposes its own value although a promise tells of a vote: it overwrites what was chosen",
				Source:  "Lamport, Paxos Made Simple, 2001, §2.2, P2c",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) {
				r.Value = func(own *string, votes []Vote) string {
					if own != nil {
						return *own
					}
					return highest(own, votes)
				}
			},
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.wrongBallotValue",
				Summary: "a proposer takes the value of the vote that it is told of first, not of that of the highest ballot",
				Source:  "Lamport, Paxos Made Simple, 2001, §2.2, P2c",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) {
				r.Value = func(own *string, votes []Vote) string { return highest(own, votes[:min(1, len(votes))]) }
			},
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.acceptNoCheck",
				Summary: "an acceptor accepts a proposal of a lower ballot than it has promised: its promise was worth nothing",
				Source:  "Lamport, Paxos Made Simple, 2001, §2.2, P1a",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) { r.MayAccept = func(Ballot, Ballot) bool { return true } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.acceptKeepsPromise",
				Summary: "an acceptor that accepts without having promised does not raise its promise: a late proposal of a lower ballot replaces its vote",
				Source:  "Brooker, brooker.co.za/blog/2021/11/16/paxos; apache/cassandra#1327",
				SeenBy:  "invariants",
				Needs:   []mistake.Setting{{Parameter: "tuning", Value: "duels"}, {Parameter: "nodes", Value: "3"}},
			},
			Plant: func(r *Rules) { r.PromisedByVote = func(_, promised Ballot) Ballot { return promised } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.ballotReuse",
				Summary: "a proposer forgets at a restart which rounds it has used: two values have the same ballot",
				Source:  "Lamport, Paxos Made Simple, 2001, §2.5",
				SeenBy:  "invariants",
				Needs:   []mistake.Setting{{Parameter: "tuning", Value: "duels"}, {Parameter: "nodes", Value: "3"}},
			},
			Plant: func(r *Rules) { r.FirstRound = func(uint64) uint64 { return 0 } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "paxos.acceptedBallotOverwrite",
				Summary: "an acceptor has one variable for the ballot promised and that of its vote: an old vote that promises anew passes for a new one",
				Source:  "Sutra, On the correctness of Egalitarian Paxos, arXiv 1906.10917, 2019; efficient/epaxos#20",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) { r.VotedIn = func(_, promises Ballot) Ballot { return promises } },
		},
	}
}
