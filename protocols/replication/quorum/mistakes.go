package quorum

import "seedbed.example/mistake"

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "quorum.noWriteBack",
				Summary: "a reader returns what it has found without writing it back: a later reader may find an older value",
				Source:  "Attiya, Bar-Noy and Dolev 1995",
				SeenBy:  "linearizability",
			},
			Plant: func(r *Rules) { r.WriteBack = func(bool) bool { return false } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "quorum.tieTimestamps",
				Summary: "timestamps are numbers without the writer: two writers use the same one, and replicas keep either value",
				Source:  "Lynch and Shvartsman 1997",
				SeenBy:  "invariants, linearizability",
			},
			Plant: func(r *Rules) { r.Stamp = func(number uint64, _ Writer) Timestamp { return Timestamp{Number: number} } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "quorum.quorumsDontMeet",
				Summary: "half of an even number of replicas counts as a quorum: a read may ask exactly those that a write has missed",
				Source:  "Gifford, Weighted Voting for Replicated Data, SOSP 1979",
				SeenBy:  "invariants, linearizability",
				Needs:   []mistake.Setting{{Parameter: "nodes", Value: "4"}},
			},
			Plant: func(r *Rules) { r.Quorum = func(replicas int) int { return (replicas + 1) / 2 } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "quorum.numberUsedAgain",
				Summary: "a writer takes the number after the one it has found, although it has used that in a write that it gave up: two values with one timestamp",
				Source:  "after Lynch and Shvartsman 1997, whose tags are unique",
				SeenBy:  "invariants, linearizability",
			},
			Plant: func(r *Rules) { r.NextNumber = func(seen, _ uint64) uint64 { return seen + 1 } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "quorum.readersAgree",
				Summary: "a read that finds one version at all of its quorum does not write it back, although writes need more replicas: a later read may miss it",
				Source:  "after Attiya, Bar-Noy and Dolev 1995, with the write-back left out where it is not needed",
				SeenBy:  "linearizability",
				Needs:   []mistake.Setting{{Parameter: "r", Value: "1"}, {Parameter: "w", Value: "3"}},
			},
			Plant: func(r *Rules) { r.Held = func(holders, readers, _ int) bool { return holders == readers } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "quorum.ackBeforeSync",
				Summary: "a replica acknowledges a version before it is durable: a crash takes it out of the quorum that the write has counted on",
				Source:  "after Attiya, Bar-Noy and Dolev 1995, where a processor that fails does not come back",
				SeenBy:  "invariants, linearizability, durability",
			},
			Plant: func(r *Rules) { r.SyncBeforeAck = func() bool { return false } },
		},
	}
}
