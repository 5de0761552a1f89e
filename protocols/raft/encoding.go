package raft

import (
	"encoding/binary"
	"errors"
)

var errCorrupt = errors.New("corrupt encoding")

// A reader takes values from the front of data. After a mistake it returns
// zeros, and end tells.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}

// count reads how many of something follow, each of at least a byte.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.data)) {
		r.bad, r.data = true, nil
		return 0
	}
	return int(n)
}

// bytes reads a byte string with its length before it, as its own copy.
func (r *reader) bytes() []byte {
	n := r.count()
	b := append([]byte(nil), r.data[:n]...)
	r.data = r.data[n:]
	return b
}

// end says whether everything was read, and well.
func (r *reader) end() error {
	if r.bad || len(r.data) > 0 {
		return errCorrupt
	}
	return nil
}

func appendBytes(b, p []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(p))), p...)
}

func (e *Entry) encode(b []byte) []byte {
	b = binary.AppendUvarint(b, e.Index)
	b = binary.AppendUvarint(b, e.Term)
	b = binary.AppendUvarint(b, uint64(e.Kind))
	b = binary.AppendUvarint(b, e.Session)
	b = binary.AppendUvarint(b, e.Sequence)
	return appendBytes(b, e.Command)
}

func (r *reader) entry() Entry {
	return Entry{
		Index: r.uvarint(), Term: r.uvarint(), Kind: EntryKind(r.uvarint()),
		Session: r.uvarint(), Sequence: r.uvarint(), Command: r.bytes(),
	}
}
