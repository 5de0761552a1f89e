package kv

import (
	"seedbed.example/history"
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/values"
)

// A Store is the state machine: values by key.
type Store struct {
	values values.Map
}

// NewStore returns an empty store.
func NewStore() raft.StateMachine { return &Store{values: make(values.Map)} }

// Apply implements [raft.StateMachine].
func (s *Store) Apply(command []byte) []byte {
	return encodeOutput(s.values.Apply(mustDecode(command)))
}

// Query implements [raft.StateMachine]: whatever it is, it is only read.
func (s *Store) Query(query []byte) []byte {
	in := mustDecode(query)
	in.F = history.Read
	return encodeOutput(s.values.Apply(in))
}

// Values returns all values by key, which the caller must not change.
func (s *Store) Values() map[string]string { return s.values }

// Snapshot implements [raft.StateMachine].
func (s *Store) Snapshot() []byte { return s.values.Append(nil) }

// Restore implements [raft.StateMachine].
func (s *Store) Restore(snapshot []byte) error {
	restored, err := values.Parse(snapshot)
	if err == nil {
		s.values = restored
	}
	return err
}

func encodeInput(in history.Input) []byte {
	return values.AppendInput(make([]byte, 0, 4+len(in.Key)+len(in.Value)+len(in.Old)), in)
}

func decodeInput(b []byte) (history.Input, error) {
	r := encoding.Reader{Data: b}
	in := values.ReadInput(&r)
	return in, r.End()
}

// mustDecode decodes what a client has encoded itself.
func mustDecode(b []byte) history.Input {
	in, err := decodeInput(b)
	if err != nil {
		panic("kv: " + err.Error())
	}
	return in
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
