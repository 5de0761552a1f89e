package primarybackup

import (
	"time"

	"seedbed.example/mistake"
)

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "primarybackup.ackBeforeReplicate",
				Summary: "the primary acknowledges what no backup has yet: if it fails, that is lost",
				Source:  "Alsberg and Day 1976, on two-host resiliency: the user is told when a second host has it",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) { r.Enough = func(Mode, int, int) bool { return true } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "primarybackup.splitBrainFailover",
				Summary: "a backup that does not hear from the primary for a while makes itself primary: there are two",
				Source:  "Jepsen: Redis (2013); 6.824 lab 2: that two servers never both think they are primary is what the view service is for",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) {
				r.PromotesItself = func(silence, deadAfter time.Duration) bool { return silence >= deadAfter }
			},
		},
		{
			Mistake: mistake.Mistake{
				ID:      "primarybackup.hwTruncate",
				Summary: "a replica that restarts cuts its log at its high watermark: what it promised to hold beyond that is lost, if it becomes primary",
				Source:  "KIP-101, scenario 1",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) {
				r.KeepsAtRestart = func(highWatermark, last uint64) uint64 { return min(highWatermark, last) }
			},
		},
		{
			Mistake: mistake.Mistake{
				ID:      "primarybackup.viewBeforeAck",
				Summary: "the view service leaves a view that its primary has not acknowledged: it may promote a backup that does not hold everything yet",
				Source:  "6.824 lab 2, part A: the view service waits for the primary's acknowledgement",
				SeenBy:  "invariants",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "network"}},
			},
			Plant: func(r *Rules) { r.MoveOn = func(bool) bool { return true } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "primarybackup.staleView",
				Summary: "a backup takes updates of older views: a primary that was replaced finds enough of them to go on",
				Source:  "PacificA (Lin et al., MSR-TR-2008-25): replicas refuse what carries an older configuration version",
				SeenBy:  "invariants, linearizability",
				Needs:   []mistake.Setting{{Parameter: "mode", Value: "semi-sync"}},
			},
			Plant: func(r *Rules) { r.Takes = func(message, own uint64) bool { return message <= own } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "primarybackup.unaskedRead",
				Summary: "a primary answers reads without asking whether it still is one, or before it has applied what its predecessor acknowledged: both are old values",
				Source:  "PacificA (Lin et al., MSR-TR-2008-25), on leases: an old and a new primary must not both process queries",
				SeenBy:  "linearizability",
			},
			Plant: func(r *Rules) { r.ReadsUnasked = func() bool { return true } },
		},
	}
}
