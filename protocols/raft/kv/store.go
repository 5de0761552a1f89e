package kv

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"seedbed.example/history"
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
		b = appendText(b, key)
		b = appendText(b, s.values[key])
	}
	return b
}

// Restore implements [raft.StateMachine].
func (s *Store) Restore(snapshot []byte) error {
	values := make(map[string]string)
	for len(snapshot) > 0 {
		key, rest, err := text(snapshot)
		if err != nil {
			return err
		}
		value, rest, err := text(rest)
		if err != nil {
			return err
		}
		values[key], snapshot = value, rest
	}
	s.values = values
	return nil
}

var errCorrupt = errors.New("corrupt encoding")

func encodeInput(in history.Input) []byte {
	b := make([]byte, 0, 4+len(in.Key)+len(in.Value)+len(in.Old))
	b = append(b, byte(in.F))
	b = appendText(b, in.Key)
	b = appendText(b, in.Value)
	return appendText(b, in.Old)
}

func decodeInput(b []byte) (in history.Input, err error) {
	if len(b) == 0 {
		return in, errCorrupt
	}
	in.F, b = history.Function(b[0]), b[1:]
	for _, part := range []*string{&in.Key, &in.Value, &in.Old} {
		if *part, b, err = text(b); err != nil {
			return in, err
		}
	}
	if len(b) > 0 {
		return in, errCorrupt
	}
	return in, nil
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

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func text(b []byte) (s string, rest []byte, err error) {
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return "", nil, errCorrupt
	}
	return string(b[n : n+int(length)]), b[n+int(length):], nil
}
