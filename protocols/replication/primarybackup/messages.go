package primarybackup

import (
	"fmt"

	"seedbed.example/history"
	"seedbed.example/sim"
)

// Messages between the view service and replicas. All messages are sent by
// pointer and never changed afterwards.
type (
	// Ping tells the view service that a replica is up, and in which view. A
	// view service that knows of a later one answers with [CurrentView].
	Ping struct {
		View uint64
		Last Position // where the replica's log ends
		// Of the primary of the view only:
		Acknowledged bool         // it works in the view
		Silent       []sim.NodeID // backups that it has not heard from for long
		CaughtUp     []sim.NodeID // other replicas that hold what it has acknowledged so far
	}
	// CurrentView tells a replica the view.
	CurrentView struct{ View View }
)

// Messages between replicas. All belong to a view, by its number, and mean
// nothing in another.
type (
	// Update brings a replica what the primary has ordered behind Prev, or
	// nothing new; and it asks whether the replica is still in the view.
	Update struct {
		View    uint64
		Prev    Position
		Entries []Entry
		Commit  uint64 // up to here everything may be applied
		Round   uint64 // counts the times that the primary has asked; echoed
	}
	// Updated answers an Update.
	Updated struct {
		View  uint64
		Match uint64 // up to here the replica holds what the primary has sent, durably; 0 if it cannot tell
		Round uint64
	}
	// Follow asks for what comes behind Last, the end of a replica's log
	// (KIP-101: OffsetsForLeaderEpoch). Afresh it asks for the whole state.
	Follow struct {
		View   uint64
		Last   Position
		Afresh bool
	}
	// Truncate answers a Follow whose Last is no entry of the log of who was
	// asked: in that log the last epoch that is not later ends at To (KIP-101,
	// and KIP-279 for epochs that only one of the two logs has).
	Truncate struct {
		View uint64
		Last Position // of the Follow
		To   Position
	}
	// State is all that has come of the log up to At, for a replica that the log
	// itself can help no more.
	State struct {
		View uint64
		Last Position // of the Follow
		At   Position
		Data []byte
	}
	// Gather asks a backup where its log ends, once it is in the view and takes
	// nothing of older ones any more.
	Gather struct{ View uint64 }
	// Gathered answers a Gather.
	Gathered struct {
		View uint64
		Last Position
	}
)

// Messages between clients and replicas. A reply goes to where the request
// came from.
type (
	// Command asks for an update, which takes effect once for each Sequence of
	// a Session, counted from 1. A client sends the same one until it is
	// answered or given up, and only then the next.
	Command struct {
		Session  uint64 // of this client alone, and not 0
		Sequence uint64
		Input    history.Input
	}
	// Read asks for what is at a key.
	Read struct{ Input history.Input }
	// Reply answers both.
	Reply struct {
		Status  Status
		Primary sim.NodeID // with NotPrimary: who may be
		Output  history.Output
	}
)

// A Status is how a client's request ended.
type Status uint8

// How a client's request may end.
const (
	OK         Status = iota
	NotPrimary        // ask another; it may take effect all the same, and asking again is safe
	Busy              // not now: the view begins
)

// String returns the status's name.
func (s Status) String() string { return [...]string{"ok", "not primary", "busy"}[s] }

// Size implements [sim.Sized]: the bytes on the wire, roughly.
func (m *Update) Size() int {
	size := 64
	for i := range m.Entries {
		in := &m.Entries[i].Input
		size += 32 + len(in.Key) + len(in.Value) + len(in.Old)
	}
	return size
}

// Size implements [sim.Sized].
func (m *State) Size() int { return 64 + len(m.Data) }

// The String methods are for people who read traces.

func (m *Ping) String() string {
	text := fmt.Sprintf("view %d, log up to %v", m.View, m.Last)
	if m.Acknowledged {
		text += ", acknowledged"
	}
	if len(m.Silent) > 0 {
		text += fmt.Sprintf(", silent are %v", m.Silent)
	}
	if len(m.CaughtUp) > 0 {
		text += fmt.Sprintf(", caught up are %v", m.CaughtUp)
	}
	return text
}

func (m *CurrentView) String() string { return m.View.String() }

func (m *Update) String() string {
	entries := "nothing new"
	if n := len(m.Entries); n == 1 {
		entries = "entry " + m.Entries[0].String()
	} else if n > 1 {
		entries = fmt.Sprintf("entries %v..%v", m.Entries[0], m.Entries[n-1])
	}
	return fmt.Sprintf("view %d, behind %v: %s, commit %d", m.View, m.Prev, entries, m.Commit)
}

func (m *Updated) String() string {
	if m.Match == 0 {
		return fmt.Sprintf("view %d, is in it", m.View)
	}
	return fmt.Sprintf("view %d, holds all up to %d", m.View, m.Match)
}

func (m *Follow) String() string {
	if m.Afresh {
		return fmt.Sprintf("view %d, needs the whole state", m.View)
	}
	return fmt.Sprintf("view %d, log up to %v", m.View, m.Last)
}

func (m *Truncate) String() string {
	return fmt.Sprintf("view %d, no %v here: up to that epoch the log ends at %v", m.View, m.Last, m.To)
}

func (m *State) String() string { return fmt.Sprintf("view %d, of the log up to %v", m.View, m.At) }

func (m *Gather) String() string { return fmt.Sprintf("view %d", m.View) }

func (m *Gathered) String() string { return fmt.Sprintf("view %d, log up to %v", m.View, m.Last) }

func (m *Command) String() string {
	return fmt.Sprintf("session %d, number %d, %v", m.Session, m.Sequence, m.Input)
}

func (m *Read) String() string { return m.Input.String() }

func (m *Reply) String() string {
	switch {
	case m.Status != OK:
		if m.Primary != 0 {
			return fmt.Sprintf("%v, but %v may be", m.Status, m.Primary)
		}
		return m.Status.String()
	case m.Output.Found:
		return fmt.Sprintf("ok, %q", m.Output.Value)
	case m.Output.Applied:
		return "ok, applied"
	default:
		return "ok"
	}
}
