package quorum

import "fmt"

// Messages between a client and the replica that carries out a phase for it. All
// messages are sent by pointer and never changed afterwards.
type (
	// Query asks for the query phase: what does a read quorum hold at Key?
	Query struct{ Key string }
	// Found answers a Query.
	Found struct {
		Version Version // the latest of a read quorum
		Held    bool    // by a write quorum, as far as was seen: it need not be written back
	}
	// Propagate asks for the propagation phase: let a write quorum hold Version,
	// or a later one, at Key.
	Propagate struct {
		Key     string
		Version Version
	}
	// Propagated answers a Propagate.
	Propagated struct{ Timestamp Timestamp }
)

// Messages between replicas, by which one carries out a phase with all, itself
// among them.
type (
	// Get asks a replica what it holds at Key.
	Get struct {
		Round Round
		Key   string
	}
	// GetReply answers a Get.
	GetReply struct {
		Round   Round
		Version Version
	}
	// Put asks a replica to hold Version at Key, unless it holds a later one.
	Put struct {
		Round   Round // the zero Round is a repair: nobody waits for an answer
		Key     string
		Version Version
	}
	// PutReply says that the replica durably holds that version, or a later one.
	PutReply struct{ Round Round }
)

// A Round is one phase that a replica carries out, by a number that it uses once:
// the answers to an earlier phase of the same key say nothing about this one. The
// replica's life is part of it, because after a restart it counts anew.
type Round struct {
	Life   uint64
	Number uint64
}

// Size implements [sim.Sized]: the bytes on the wire, roughly.
func (m *Found) Size() int { return 64 + len(m.Version.Value) }

// Size implements [sim.Sized].
func (m *Propagate) Size() int { return 64 + len(m.Key) + len(m.Version.Value) }

// Size implements [sim.Sized].
func (m *GetReply) Size() int { return 64 + len(m.Version.Value) }

// Size implements [sim.Sized].
func (m *Put) Size() int { return 64 + len(m.Key) + len(m.Version.Value) }

// The String methods are for people who read traces.

func (r Round) String() string { return fmt.Sprintf("round %d.%d", r.Life, r.Number) }

func (m *Query) String() string { return m.Key }

func (m *Found) String() string {
	switch {
	case !m.Version.Written():
		return "nothing"
	case m.Held:
		return m.Version.String() + ", a write quorum holds it"
	default:
		return m.Version.String() + ", to be written back"
	}
}

func (m *Propagate) String() string { return fmt.Sprintf("%s = %v", m.Key, m.Version) }

func (m *Propagated) String() string { return fmt.Sprint(m.Timestamp) }

func (m *Get) String() string { return fmt.Sprintf("%s, %v", m.Key, m.Round) }

func (m *GetReply) String() string { return fmt.Sprintf("%v, %v", m.Version, m.Round) }

func (m *Put) String() string {
	if m.Round == (Round{}) {
		return fmt.Sprintf("%s = %v, a repair", m.Key, m.Version)
	}
	return fmt.Sprintf("%s = %v, %v", m.Key, m.Version, m.Round)
}

func (m *PutReply) String() string { return m.Round.String() }
