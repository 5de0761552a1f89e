package primarybackup

import (
	"maps"
	"slices"

	"seedbed.example/history"
	"seedbed.example/protocols/encoding"
)

// machine is what comes of the log: values by key, and of each session the last
// command and its answer, so that a command that is sent twice takes effect
// once.
type machine struct {
	values   map[string]string
	sessions map[uint64]session
}

// A session is what is remembered of a client.
type session struct {
	sequence uint64 // of the last command applied
	output   history.Output
}

func newMachine() machine {
	return machine{values: make(map[string]string), sessions: make(map[uint64]session)}
}

// apply carries out an entry that comes next in the log.
func (m *machine) apply(e *Entry) {
	if e.Session != 0 && e.Sequence > m.sessions[e.Session].sequence {
		m.sessions[e.Session] = session{e.Sequence, m.update(e.Input)}
	}
}

func (m *machine) update(in history.Input) (out history.Output) {
	held, found := m.values[in.Key]
	switch in.F {
	case history.Write:
		m.values[in.Key] = in.Value
	case history.Append:
		m.values[in.Key] = held + in.Value
	case history.CAS:
		if out.Applied = found && held == in.Old; out.Applied {
			m.values[in.Key] = in.Value
		}
	case history.Delete:
		delete(m.values, in.Key)
	}
	return out
}

// answered returns the answer to a command that was applied; false if it was
// not, or if its client must have had the answer long ago.
func (m *machine) answered(session, sequence uint64) (history.Output, bool) {
	s := m.sessions[session]
	return s.output, s.sequence == sequence
}

func (m *machine) read(in history.Input) history.Output {
	value, found := m.values[in.Key]
	return history.Output{Value: value, Found: found}
}

// encode returns all of it: the same bytes for the same state.
func (m *machine) encode() []byte {
	b := encoding.AppendUvarint(nil, uint64(len(m.values)))
	for _, key := range slices.Sorted(maps.Keys(m.values)) {
		b = encoding.AppendText(encoding.AppendText(b, key), m.values[key])
	}
	for _, id := range slices.Sorted(maps.Keys(m.sessions)) {
		s := m.sessions[id]
		applied := uint64(0)
		if s.output.Applied {
			applied = 1
		}
		b = encoding.AppendUvarint(b, id, s.sequence, applied)
	}
	return b
}

// decodeMachine returns what encode has made bytes of.
func decodeMachine(b []byte) (machine, error) {
	m, r := newMachine(), newReader(b)
	for range r.Count() {
		key := r.Text()
		m.values[key] = r.Text()
	}
	for len(r.Data) > 0 {
		id := r.Uvarint()
		m.sessions[id] = session{r.Uvarint(), history.Output{Applied: r.Uvarint() == 1}}
	}
	return m, r.End()
}
