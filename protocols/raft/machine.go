package raft

import (
	"maps"
	"slices"

	"seedbed.example/protocols/encoding"
)

// A StateMachine is what the log's commands are applied to, on every server in
// the same order (§2). It must be deterministic.
//
//seedbed:simulated
type StateMachine interface {
	// Apply carries a command out and returns its result.
	Apply(command []byte) (result []byte)
	// Query answers from the state and does not change it.
	Query(query []byte) (result []byte)
	// Snapshot returns the whole state: the same bytes for the same state.
	Snapshot() []byte
	// Restore replaces the state by one that Snapshot returned.
	Restore(snapshot []byte) error
}

// A session is what a server remembers of a client, so that a command that is
// sent twice takes effect once (§8, dissertation 6.3).
type session struct {
	sequence uint64 // of the last command applied
	result   []byte // and what it answered
	used     uint64 // index of the last entry that used it
}

// Sessions are the open client sessions by identity: the index of the entry
// that opened each.
type Sessions map[uint64]*session

// machine is the replicated state: the state machine and the sessions.
type machine struct {
	state    StateMachine
	sessions Sessions
	limit    int
	digest   uint64 // of the log applied so far
}

// apply carries out one entry and returns the answer to the client that asked
// for it, if one did.
func (m *machine) apply(e *Entry) Reply {
	m.digest = e.Digest()
	switch e.Kind {
	case Open:
		m.open(e.Index)
		return Reply{Status: OK, Session: e.Index}
	case Command:
		return m.command(e)
	case Query:
		return Reply{Status: OK, Result: m.state.Query(e.Command)}
	default:
		return Reply{}
	}
}

// open makes a session, in place of the one that was unused for longest if
// there are too many.
func (m *machine) open(index uint64) {
	if len(m.sessions) >= m.limit {
		oldest, found := uint64(0), false
		for id, s := range m.sessions { // the least (used, id) does not depend on the order
			if o := m.sessions[oldest]; !found || s.used < o.used || s.used == o.used && id < oldest {
				oldest, found = id, true
			}
		}
		delete(m.sessions, oldest)
	}
	m.sessions[index] = &session{used: index}
}

// command applies a client's command unless it was applied before.
func (m *machine) command(e *Entry) Reply {
	s := m.sessions[e.Session]
	if s == nil {
		return Reply{Status: SessionExpired}
	}
	s.used = e.Index
	switch {
	case e.Sequence == s.sequence:
		return Reply{Status: OK, Result: s.result}
	case e.Sequence < s.sequence:
		return Reply{Status: Rejected} // its client has long had the answer
	}
	s.sequence, s.result = e.Sequence, m.state.Apply(e.Command)
	return Reply{Status: OK, Result: s.result}
}

// encode returns all of it, and the configuration, for a snapshot.
func (m *machine) encode(c Configuration, keep func(Sessions) Sessions) []byte {
	b := encoding.AppendBytes(nil, c.encode())
	b = encoding.AppendUvarint(b, m.digest)
	sessions := keep(m.sessions)
	b = encoding.AppendUvarint(b, uint64(len(sessions)))
	for _, id := range slices.Sorted(maps.Keys(sessions)) {
		s := sessions[id]
		b = encoding.AppendUvarint(b, id, s.sequence, s.used)
		b = encoding.AppendBytes(b, s.result)
	}
	return append(b, m.state.Snapshot()...)
}

// decode replaces all of it by what encode returned, and returns the
// configuration and the digest of the log so far.
func (m *machine) decode(b []byte) (Configuration, uint64, error) {
	r := encoding.Reader{Data: b}
	config, err := decodeConfiguration(r.Bytes())
	if err != nil {
		return Configuration{}, 0, err
	}
	m.digest = r.Uvarint()
	m.sessions = make(Sessions)
	for range r.Count() {
		id := r.Uvarint()
		m.sessions[id] = &session{sequence: r.Uvarint(), used: r.Uvarint(), result: r.Bytes()}
	}
	state, err := r.Rest()
	if err != nil {
		return Configuration{}, 0, err
	}
	return config, m.digest, m.state.Restore(state)
}
