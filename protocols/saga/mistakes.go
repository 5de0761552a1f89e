package saga

import "seedbed.example/mistake"

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	yes := func() bool { return true }
	no := func() bool { return false }
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "saga.compNotIdempotent",
				Summary: "a compensation that is asked for again, because its answer is late, is carried out again: money is made",
				Source:  "after Garcia-Molina and Salem, Sagas (SIGMOD 1987); Richardson, Microservices Patterns §4.3",
				SeenBy:  "compensation, conservation",
			},
			Plant: func(r *Rules) { r.UndoAgain = yes },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "saga.compLost",
				Summary: "the orchestrator keeps in memory only where its sagas stand: after a crash they stay half done",
				Source:  "after Garcia-Molina and Salem, Sagas (SIGMOD 1987): the log of a saga is durable",
				SeenBy:  "compensation, effects",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "crash"}},
			},
			Plant: func(r *Rules) { r.SavePosition = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "saga.compOvertakes",
				Summary: "a compensation that arrives before its action leaves no mark: the action runs when it comes, for a saga that is over",
				Source:  "apache/incubator-seata#3545 (TCC: idempotence, and cancel before try)",
				SeenBy:  "compensation, effects",
			},
			Plant: func(r *Rules) { r.Tombstone = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "saga.dirtyRead",
				Summary: "what a step has moved can be used at once: another saga spends it, and the compensation finds it gone",
				Source:  "Frank and Zahle, Semantic ACID properties in multidatabases using remote procedure calls and update propagations (1998); Richardson, Microservices Patterns §4.3",
				SeenBy:  "always",
			},
			Plant: func(r *Rules) { r.Lock = no },
		},
	}
}
