package raft

import "fmt"

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

// Size implements [sim.Sized]: the bytes on the wire, roughly.
func (m *AppendEntries) Size() int {
	size := 64
	for i := range m.Entries {
		size += 32 + len(m.Entries[i].Command)
	}
	return size
}

// Size implements [sim.Sized].
func (m *InstallSnapshot) Size() int { return 64 + len(m.Data) }

// The String methods are for people who read traces.

func (m *RequestVote) String() string {
	return fmt.Sprintf("term %d, log up to %d@%d", m.Term, m.LastIndex, m.LastTerm) + given(m.Transfer, ", at the leader's wish")
}

func (m *RequestVoteReply) String() string { return vote(m.Term, m.Granted) }

func (m *PreVote) String() string {
	return fmt.Sprintf("term %d, log up to %d@%d", m.Term, m.LastIndex, m.LastTerm)
}

func (m *PreVoteReply) String() string { return vote(m.Term, m.Granted) }

func vote(term uint64, granted bool) string {
	if granted {
		return fmt.Sprintf("term %d, granted", term)
	}
	return fmt.Sprintf("term %d, refused", term)
}

func (m *AppendEntries) String() string {
	entries := ""
	if n := uint64(len(m.Entries)); n == 1 {
		entries = fmt.Sprintf(", entry %v", m.Entries[0])
	} else if n > 1 {
		entries = fmt.Sprintf(", entries %v..%v", m.Entries[0], m.Entries[n-1])
	}
	return fmt.Sprintf("term %d, prev %d@%d%s, commit %d", m.Term, m.PrevIndex, m.PrevTerm, entries, m.Commit)
}

func (m *AppendEntriesReply) String() string {
	switch {
	case m.Success:
		return fmt.Sprintf("term %d, agrees up to %d", m.Term, m.Match)
	case m.ConflictTerm > 0:
		return fmt.Sprintf("term %d, differs at %d: term %d begins at %d", m.Term, m.PrevIndex, m.ConflictTerm, m.ConflictIndex)
	case m.ConflictIndex > 0:
		return fmt.Sprintf("term %d, differs at %d: the log ends before %d", m.Term, m.PrevIndex, m.ConflictIndex)
	default:
		return fmt.Sprintf("term %d, refused", m.Term)
	}
}

func (m *InstallSnapshot) String() string {
	return fmt.Sprintf("term %d, up to %d@%d, bytes %d..%d", m.Term, m.LastIndex, m.LastTerm, m.Offset, m.Offset+len(m.Data)) +
		given(m.Done, ", the last ones")
}

func (m *InstallSnapshotReply) String() string {
	switch {
	case m.Installed:
		return fmt.Sprintf("term %d, holds all up to %d", m.Term, m.LastIndex)
	case m.LastIndex > 0:
		return fmt.Sprintf("term %d, up to %d, has %d bytes", m.Term, m.LastIndex, m.Offset)
	default:
		return fmt.Sprintf("term %d, refused", m.Term)
	}
}

func (m *TimeoutNow) String() string { return fmt.Sprintf("term %d", m.Term) }

// given returns text if it is so.
func given(so bool, text string) string {
	if so {
		return text
	}
	return ""
}
