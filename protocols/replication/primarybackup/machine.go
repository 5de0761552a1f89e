package primarybackup

import (
	"maps"
	"slices"

	"seedbed.example/history"
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/values"
)

// machine is what comes of the log: values by key, and of each session the last
// command and its answer, so that a command that is sent twice takes effect
// once.
type machine struct {
	values   values.Map
	sessions map[uint64]session
}

// A session is what is remembered of a client.
type session struct {
	sequence uint64 // of the last command applied
	output   history.Output
}

func newMachine() machine {
	return machine{values: make(values.Map), sessions: make(map[uint64]session)}
}

// apply carries out an entry that comes next in the log.
func (m *machine) apply(e *Entry) {
	if e.Session != 0 && e.Sequence > m.sessions[e.Session].sequence {
		r := encoding.Reader{Data: e.Command}
		m.sessions[e.Session] = session{e.Sequence, m.values.Apply(values.ReadInput(&r))}
	}
}

// answered returns the answer to a command that was applied; false if it was
// not, or if its client must have had the answer long ago.
func (m *machine) answered(session, sequence uint64) (history.Output, bool) {
	s := m.sessions[session]
	return s.output, s.sequence == sequence
}

// read returns what is at the input's key.
func (m *machine) read(in history.Input) history.Output {
	in.F = history.Read
	return m.values.Apply(in)
}

// encode returns all of it: the same bytes for the same state.
func (m *machine) encode() []byte {
	b := encoding.AppendUvarint(nil, uint64(len(m.sessions)))
	for _, id := range slices.Sorted(maps.Keys(m.sessions)) {
		s := m.sessions[id]
		applied := uint64(0)
		if s.output.Applied {
			applied = 1
		}
		b = encoding.AppendUvarint(b, id, s.sequence, applied)
	}
	return m.values.Append(b)
}

// decodeMachine returns what encode has made bytes of.
func decodeMachine(b []byte) (machine, error) {
	m, r := newMachine(), encoding.Reader{Data: b}
	for range r.Count() {
		id := r.Uvarint()
		m.sessions[id] = session{r.Uvarint(), history.Output{Applied: r.Uvarint() == 1}}
	}
	rest, err := r.Rest()
	if err == nil {
		m.values, err = values.Parse(rest)
	}
	return m, err
}
