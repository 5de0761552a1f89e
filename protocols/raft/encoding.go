package raft

import (
	"encoding/binary"

	"seedbed.example/protocols/encoding"
)

func (e *Entry) encode(b []byte) []byte {
	b = binary.AppendUvarint(b, e.Index)
	b = binary.AppendUvarint(b, e.Term)
	b = binary.AppendUvarint(b, uint64(e.Kind))
	b = binary.AppendUvarint(b, e.Session)
	b = binary.AppendUvarint(b, e.Sequence)
	return encoding.AppendBytes(b, e.Command)
}

func readEntry(r *encoding.Reader) Entry {
	return Entry{
		Index: r.Uvarint(), Term: r.Uvarint(), Kind: EntryKind(r.Uvarint()),
		Session: r.Uvarint(), Sequence: r.Uvarint(), Command: r.Bytes(),
	}
}
