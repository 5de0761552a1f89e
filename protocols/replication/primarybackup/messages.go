package primarybackup

import (
	"fmt"

	"seedbed.example/history"
	"seedbed.example/protocols/replog"
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
	// Update brings a replica what the primary has ordered, or nothing new; and
	// it asks whether the replica is still in the view.
	Update struct {
		View uint64
		Part
		Commit uint64 // up to here everything may be applied
		Round  uint64 // counts the times that the primary has asked
	}
	// Updated answers an Update.
	Updated struct {
		View          uint64
		Match         uint64 // up to here the replica holds what the primary has sent, durably; 0 if it lacks Prev
		Commit, Round uint64 // of the Update
		// Of a replica that lacks Prev (KIP-101 and KIP-279, where a follower asks
		// for the leader's end of its epoch):
		Last Position // up to here the two logs may agree
		Base Position // behind which the replica's log begins
	}
	// Gather asks a backup for what its log holds behind Last, once it is in the
	// view and takes nothing of older ones any more. Base is where the log of
	// who asks begins.
	Gather struct {
		View       uint64
		Last, Base Position
	}
	// Gathered answers a Gather.
	Gathered struct {
		View uint64
		Part
	}
)

// A Part is what of one log another one lacks: what comes behind Prev. Where the
// log itself can help no more, State is what has come of everything up to Prev.
type Part struct {
	Prev    Position
	State   *replog.Snapshot
	Entries []Entry
}

// last returns where a log ends that has taken the part.
func (p *Part) last() Position {
	if len(p.Entries) == 0 {
		return p.Prev
	}
	return p.Entries[len(p.Entries)-1].Position()
}

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
func (p *Part) Size() int {
	size := 64
	if p.State != nil {
		size += len(p.State.Data)
	}
	for i := range p.Entries {
		size += 32 + len(p.Entries[i].Command)
	}
	return size
}

// The String methods are for people who read traces.

func (v View) String() string {
	backups := "no backup"
	if len(v.Backups) > 0 {
		backups = fmt.Sprintf("backups %v", v.Backups)
	}
	text := fmt.Sprintf("view %d: primary %v, %s", v.Number, v.Primary, backups)
	if len(v.Joined) > 0 {
		text += fmt.Sprintf(", new are %v", v.Joined)
	}
	return text
}

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

func (p *Part) String() string {
	text := fmt.Sprintf("behind %v: ", p.Prev)
	if p.State != nil {
		text = fmt.Sprintf("the state up to %v: ", p.Prev)
	}
	switch n := len(p.Entries); n {
	case 0:
		return text + "nothing new"
	case 1:
		return text + "entry " + p.Entries[0].String()
	default:
		return text + fmt.Sprintf("entries %v..%v", p.Entries[0], p.Entries[n-1])
	}
}

func (m *Update) String() string {
	return fmt.Sprintf("view %d, %v, commit %d", m.View, &m.Part, m.Commit)
}

func (m *Updated) String() string {
	if m.Match == 0 {
		return fmt.Sprintf("view %d, lacks that: agrees up to %v at most", m.View, m.Last)
	}
	return fmt.Sprintf("view %d, holds all up to %d", m.View, m.Match)
}

func (m *Gather) String() string { return fmt.Sprintf("view %d, has a log up to %v", m.View, m.Last) }

func (m *Gathered) String() string { return fmt.Sprintf("view %d, %v", m.View, &m.Part) }

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
