package raft

import "seedbed.example/sim"

// Messages between servers, with the paper's names (figure 2, figure 13; the
// dissertation for pre-vote and leadership transfer). They are sent by pointer
// and never changed afterwards.
type (
	// RequestVote asks for a vote (§5.2).
	RequestVote struct {
		Term      uint64
		LastIndex uint64 // of the candidate's last log entry
		LastTerm  uint64
		Transfer  bool // the leader has asked for this election: stickiness does not apply (dissertation 3.10)
	}
	// RequestVoteReply answers a RequestVote.
	RequestVoteReply struct {
		Term    uint64
		Granted bool
	}
	// PreVote asks whether a RequestVote would be granted (dissertation 9.6).
	// Term is the one that the candidate would begin.
	PreVote struct {
		Term      uint64
		LastIndex uint64
		LastTerm  uint64
	}
	// PreVoteReply answers a PreVote: with the term asked for if granted, else
	// with the responder's own, so that a candidate that is behind catches up.
	PreVoteReply struct {
		Term    uint64
		Granted bool
	}
	// AppendEntries replicates entries and is the heartbeat (§5.3).
	AppendEntries struct {
		Term      uint64
		PrevIndex uint64
		PrevTerm  uint64
		Entries   []Entry
		Commit    uint64 // the leader's commitIndex
		Round     uint64 // counts the leader's broadcasts; echoed (dissertation 6.4)
	}
	// AppendEntriesReply answers an AppendEntries.
	AppendEntriesReply struct {
		Term          uint64
		Success       bool
		PrevIndex     uint64 // of the request
		Match         uint64 // on success: the last index that this request verified
		ConflictTerm  uint64 // else: the term of the entry at PrevIndex, 0 if there is none
		ConflictIndex uint64 // and the first index of that term, or one past the log
		Round         uint64
	}
	// InstallSnapshot sends one chunk of a snapshot (§7).
	InstallSnapshot struct {
		Term      uint64
		LastIndex uint64 // the last entry that the snapshot replaces
		LastTerm  uint64
		Offset    int
		Data      []byte
		Done      bool
		Round     uint64
	}
	// InstallSnapshotReply answers an InstallSnapshot.
	InstallSnapshotReply struct {
		Term      uint64
		LastIndex uint64
		Offset    int // how many bytes have arrived
		Installed bool
		Round     uint64
	}
	// TimeoutNow asks a follower to begin an election at once (dissertation 3.10).
	TimeoutNow struct {
		Term uint64
	}
)

// Messages between clients and servers. A reply goes to where the request
// came from.
type (
	// OpenSession asks for a client session (dissertation 6.3). Its answer is
	// a Reply with the Session.
	OpenSession struct{}
	// Propose asks for a command to be applied, once for each Sequence of the
	// Session. A client sends the same one again until it is answered, and only
	// then the next.
	Propose struct {
		Session  uint64
		Sequence uint64
		Command  []byte
	}
	// Read asks for a query to be answered from the applied state.
	Read struct {
		Query []byte
	}
	// ChangeMembership asks for a new configuration (§6). Its answer comes when
	// the new configuration is committed.
	ChangeMembership struct {
		Voters   []sim.NodeID
		Learners []sim.NodeID
	}
	// TransferLeadership asks the leader to hand over to Target (dissertation
	// 3.10). Its answer comes when the hand-over has begun.
	TransferLeadership struct {
		Target sim.NodeID
	}
	// Reply answers all of these.
	Reply struct {
		Status  Status
		Leader  sim.NodeID // with NotLeader: who may be, 0 if not known
		Session uint64     // to OpenSession
		Result  []byte     // to Propose and Read
	}
)

// A Status is how a client's request ended.
type Status uint8

// How a client's request may end.
const (
	OK             Status = iota
	NotLeader             // ask another server; sending the same request again is safe
	Busy                  // not now: a change or a transfer is under way
	SessionExpired        // the session is not known, and the command was not applied for it
	Rejected              // the request makes no sense
)

// String returns the status's name.
func (s Status) String() string {
	return [...]string{"ok", "not leader", "busy", "session expired", "rejected"}[s]
}
