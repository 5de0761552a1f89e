package raft

import (
	"time"

	"seedbed.example/protocols/replog"
	"seedbed.example/protocols/tally"
)

// Rules are the decisions on which Raft's safety, and its progress, rest. The
// rest of the package is mechanism. A planted mistake replaces one of them.
type Rules struct {
	// Majority is how many of so many voters can decide. Any two majorities
	// have a voter in common; all of Raft stands on that (§5.2).
	Majority func(voters int) int

	// UpToDate says whether a candidate's log may lead: whoever has the later
	// last term, or in the same term the longer log. The candidate then holds
	// every committed entry (§5.4.1).
	UpToDate func(candidate, mine Position) bool

	// VoteAnew says whether a server that is asked for a vote in a term steps
	// down to a follower that has not voted: if that is later than its current
	// one. It votes once in a term (§5.2).
	VoteAnew func(term, current uint64) bool

	// SyncVote says whether term and vote are durable before the vote leaves.
	// Else a restart forgets it, and votes again (figure 2).
	SyncVote func() bool

	// SyncEntries says whether entries are durable before they are
	// acknowledged. The leader counts on them (figure 2).
	SyncEntries func() bool

	// TruncateAlways says whether a follower cuts its log at every request. It
	// must not: only an entry that conflicts, of the same index and another
	// term, is removed with what follows it. A request that comes late would
	// remove what was acknowledged since (figure 2, AppendEntries 3).
	TruncateAlways func() bool

	// MayCommit says whether an entry that a quorum holds is thereby
	// committed: if it is of the leader's own term. An older one may still be
	// overwritten, as figure 8 shows (§5.4.2).
	MayCommit func(entryTerm, currentTerm uint64) bool

	// ReadWithoutQuorum says whether a leader answers reads just so. It must
	// not: another may have been elected (§8).
	ReadWithoutQuorum func() bool

	// ReadIndexReady says whether commitIndex is a point from which reads are
	// fresh: not before an entry of the leader's own term is committed (§8,
	// dissertation 6.4).
	ReadIndexReady func(committedInTerm bool) bool

	// LeaseHolds says whether, by the leader's clocks, no follower that
	// answered the round sent at sent can have given its vote away yet.
	// Followers keep silent for timeout from when the round reached them, on
	// clocks of their own (dissertation 6.4.1). The wall clock may jump.
	LeaseHolds func(now, sent, received Reading, timeout time.Duration) bool

	// SnapshotSessions is which client sessions go into a snapshot: all. Else
	// a command that is retried after it was restored takes effect twice
	// (dissertation 6.3).
	SnapshotSessions func(Sessions) Sessions

	// StepDownWithoutQuorum says whether a leader that no quorum answers stops
	// leading. Else one that can send but not receive keeps everyone from
	// electing another (dissertation 6.2).
	StepDownWithoutQuorum func() bool
}

// A Position is where a log ends.
type Position = replog.Position

// A Reading is what a server's two clocks show at one moment.
type Reading struct {
	Wall      time.Time
	Monotonic time.Duration
}

// MaxClockDrift is how far, in parts per million, any monotonic clock may run
// fast or slow for leases to be safe: 10 %. A lease is that much shorter twice
// over, once for each of the two clocks.
const MaxClockDrift = 100_000

// Correct returns the rules of the paper.
func Correct() *Rules {
	yes := func() bool { return true }
	no := func() bool { return false }
	return &Rules{
		Majority:          tally.Majority,
		UpToDate:          upToDate,
		VoteAnew:          func(term, current uint64) bool { return term > current },
		SyncVote:          yes,
		SyncEntries:       yes,
		TruncateAlways:    no,
		MayCommit:         func(entryTerm, currentTerm uint64) bool { return entryTerm == currentTerm },
		ReadWithoutQuorum: no,
		ReadIndexReady:    func(committedInTerm bool) bool { return committedInTerm },
		LeaseHolds: func(now, sent, _ Reading, timeout time.Duration) bool {
			return now.Monotonic-sent.Monotonic < timeout-2*(timeout/(1_000_000/MaxClockDrift))
		},
		SnapshotSessions:      func(all Sessions) Sessions { return all },
		StepDownWithoutQuorum: yes,
	}
}

func upToDate(candidate, mine Position) bool { return !mine.Later(candidate) }
