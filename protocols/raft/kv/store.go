package kv

import (
	"maps"
	"slices"

	"seedbed.example/history"
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/raft"
)

// A Store is the state machine: values by key.
type Store struct {
	values map[string]string
}

// NewStore returns an empty store.
func NewStore() raft.StateMachine { return &Store{values: make(map[string]string)} }

// Apply implements [raft.StateMachine].
func (s *Store) Apply(command []byte) []byte {
	in, err := decodeInput(command)
	if err != nil {
		panic("kv: " + err.Error()) // clients encode commands themselves
	}
	value, found := s.values[in.Key]
	out := history.Output{}
	switch in.F {
	case history.Read:
		return s.Query(command)
	case history.Write:
		s.values[in.Key] = in.Value
	case history.Append:
		s.values[in.Key] = value + in.Value
	case history.CAS:
		if out.Applied = found && value == in.Old; out.Applied {
			s.values[in.Key] = in.Value
		}
	case history.Delete:
		delete(s.values, in.Key)
	}
	return encodeOutput(out)
}

// Query implements [raft.StateMachine].
func (s *Store) Query(query []byte) []byte {
	in, err := decodeInput(query)
	if err != nil {
		panic("kv: " + err.Error())
	}
	value, found := s.values[in.Key]
	return encodeOutput(history.Output{Value: value, Found: found})
}

// Values returns all values by key, which the caller must not change.
func (s *Store) Values() map[string]string { return s.values }

// Snapshot implements [raft.StateMachine].
func (s *Store) Snapshot() []byte {
	var b []byte
	for _, key := range slices.Sorted(maps.Keys(s.values)) {
		b = encoding.AppendText(b, key)
		b = encoding.AppendText(b, s.values[key])
	}
	return b
}

// Restore implements [raft.StateMachine].
func (s *Store) Restore(snapshot []byte) error {
	values := make(map[string]string)
	r := encoding.Reader{Data: snapshot}
	for len(r.Data) > 0 {
		key := r.Text()
		values[key] = r.Text()
	}
	if err := r.End(); err != nil {
		return err
	}
	s.values = values
	return nil
}

func encodeInput(in history.Input) []byte {
	b := make([]byte, 0, 4+len(in.Key)+len(in.Value)+len(in.Old))
	b = encoding.AppendUvarint(b, uint64(in.F))
	b = encoding.AppendText(b, in.Key)
	b = encoding.AppendText(b, in.Value)
	return encoding.AppendText(b, in.Old)
}

func decodeInput(b []byte) (history.Input, error) {
	r := encoding.Reader{Data: b}
	in := history.Input{F: history.Function(r.Uvarint()), Key: r.Text(), Value: r.Text(), Old: r.Text()}
	return in, r.End()
}

func encodeOutput(out history.Output) []byte {
	flags := byte(0)
	if out.Found {
		flags |= 1
	}
	if out.Applied {
		flags |= 2
	}
	return append([]byte{flags}, out.Value...)
}

func decodeOutput(b []byte) history.Output {
	return history.Output{Found: b[0]&1 != 0, Applied: b[0]&2 != 0, Value: string(b[1:])}
}
