package raft

import (
	"fmt"

	"seedbed.example/sim"
)

// Messages between clients and servers. A reply goes to where the request
// came from.
type (
	// OpenSession asks for a client session (dissertation 6.3). Its answer is
	// a Reply with the Session.
	OpenSession struct{}
	// Propose asks for a command to be applied, once for each Sequence of the
	// Session, counted from 1. A client sends the same one again until it is
	// answered, and only then the next.
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
	NotLeader             // ask another server: it may take effect all the same, and sending it again is safe
	Busy                  // not now: a change or a transfer is under way
	SessionExpired        // the session is not known, and the command was not applied for it
	Rejected              // the request makes no sense
)

// String returns the status's name.
func (s Status) String() string {
	return [...]string{"ok", "not leader", "busy", "session expired", "rejected"}[s]
}

// Size implements [sim.Sized]: the bytes on the wire, roughly.
func (m *Propose) Size() int { return 64 + len(m.Command) }

// The String methods are for people who read traces.

func (m *OpenSession) String() string { return "" }

func (m *Propose) String() string {
	return fmt.Sprintf("session %d, number %d, %q", m.Session, m.Sequence, m.Command)
}

func (m *Read) String() string { return fmt.Sprintf("%q", m.Query) }

func (m *ChangeMembership) String() string {
	return Configuration{Voters: m.Voters, Learners: m.Learners}.String()
}

func (m *TransferLeadership) String() string { return fmt.Sprintf("to %v", m.Target) }

func (m *Reply) String() string {
	switch {
	case m.Status == NotLeader && m.Leader != 0:
		return fmt.Sprintf("not leader, but %v may be", m.Leader)
	case m.Session != 0:
		return fmt.Sprintf("%v, session %d", m.Status, m.Session)
	case m.Result != nil:
		return fmt.Sprintf("%v, %q", m.Status, m.Result)
	default:
		return m.Status.String()
	}
}
