package raft

import (
	"time"

	"seedbed.example/mistake"
)

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	yes := func() bool { return true }
	no := func() bool { return false }
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "raft.commitOldTerm",
				Summary: "the leader commits any entry that a majority holds, also of an older term: a later leader may overwrite it",
				Source:  "Raft §5.4.2 and figure 8; logcabin#44",
				SeenBy:  "invariants",
				Needs:   []mistake.Setting{{Parameter: "tuning", Value: "small"}, {Parameter: "nodes", Value: "3"}},
			},
			Plant: func(r *Rules) { r.MayCommit = func(uint64, uint64) bool { return true } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.voteNotPersisted",
				Summary: "a vote leaves before term and vote are durable: after a restart the server votes again in the same term",
				Source:  "Raft figure 2",
				SeenBy:  "invariants",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "crash"}, {Parameter: "nodes", Value: "3"}, {Parameter: "operations", Value: "20"}},
			},
			Plant: func(r *Rules) { r.SyncVote = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.ackBeforeFsync",
				Summary: "a follower acknowledges entries before they are durable: a crash loses what was committed",
				Source:  "Raft figure 2",
				SeenBy:  "invariants, linearizability",
			},
			Plant: func(r *Rules) { r.SyncEntries = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.voteResetSameTerm",
				Summary: "a server steps down, and forgets its vote, also when asked for one in its current term: it votes twice",
				Source:  "Raft §5.2",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) { r.VoteAnew = func(term, current uint64) bool { return term >= current } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.truncateAlways",
				Summary: "a follower cuts its log behind every AppendEntries: a late one removes entries that were acknowledged",
				Source:  "Raft figure 2, AppendEntries 3",
				SeenBy:  "invariants, linearizability, liveness",
			},
			Plant: func(r *Rules) { r.TruncateAlways = yes },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.noUpToDateCheck",
				Summary: "votes are given without comparing logs: a leader that lacks committed entries overwrites them",
				Source:  "Raft §5.4.1; hashicorp/raft 441bd09",
				SeenBy:  "invariants, linearizability",
			},
			Plant: func(r *Rules) { r.UpToDate = func(Position, Position) bool { return true } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.staleLeaderRead",
				Summary: "a leader answers reads without asking a quorum: one that was deposed, or has just been elected, answers with old values",
				Source:  "Raft §8; etcd#741",
				SeenBy:  "linearizability",
			},
			Plant: func(r *Rules) { r.ReadWithoutQuorum = yes },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.leaseClock",
				Summary: "a lease is measured by the wall clock, counts from the answer, and leaves no margin: it outlives the followers' silence",
				Source:  "Raft dissertation 6.4.1",
				SeenBy:  "linearizability",
				Needs:   []mistake.Setting{{Parameter: "reads", Value: "lease"}},
			},
			Plant: func(r *Rules) {
				r.LeaseHolds = func(now, _, received Reading, timeout time.Duration) bool {
					return now.Wall.Sub(received.Wall) < timeout
				}
			},
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.readIndexNoTermCommit",
				Summary: "a new leader serves reads before an entry of its term is committed: it does not know yet what its predecessor committed",
				Source:  "Raft §8; etcd#7331",
				SeenBy:  "linearizability",
			},
			Plant: func(r *Rules) { r.ReadIndexReady = func(bool) bool { return true } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.sessionNotInSnapshot",
				Summary: "snapshots leave out what client sessions remember: a command retried after one is restored takes effect twice",
				Source:  "Raft dissertation 6.3",
				SeenBy:  "linearizability",
				Needs:   []mistake.Setting{{Parameter: "snapshot", Value: "5"}},
			},
			Plant: func(r *Rules) { r.SnapshotSessions = forgetful },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.quorumOffByOne",
				Summary: "half of an even number of voters counts as a majority: two halves decide differently",
				Source:  "hashicorp/raft 163a55f",
				SeenBy:  "invariants, linearizability",
				Needs:   []mistake.Setting{{Parameter: "nodes", Value: "4"}},
			},
			Plant: func(r *Rules) { r.Majority = func(voters int) int { return (voters + 1) / 2 } },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "raft.halfDeafLeader",
				Summary: "a leader that nobody answers leads on: if it can still send, its heartbeats keep the others from electing one",
				Source:  "Howard, Raft does not guarantee liveness in the face of network faults (decentralizedthoughts, 2020-12-12)",
				SeenBy:  "liveness",
			},
			Plant: func(r *Rules) { r.StepDownWithoutQuorum = no },
		},
	}
}

// forgetful returns the sessions without the commands that they have seen.
func forgetful(all Sessions) Sessions {
	empty := make(Sessions, len(all))
	for id, s := range all {
		empty[id] = &session{used: s.used}
	}
	return empty
}
