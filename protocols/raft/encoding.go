package raft

import "seedbed.example/protocols/encoding"

func (e *Entry) encode(b []byte) []byte {
	b = encoding.AppendUvarint(b, e.Index, e.Term, uint64(e.Kind), e.Session, e.Sequence)
	return encoding.AppendBytes(b, e.Command)
}

func readEntry(r *encoding.Reader) Entry {
	return Entry{
		Index: r.Uvarint(), Term: r.Uvarint(), Kind: EntryKind(r.Uvarint()),
		Session: r.Uvarint(), Sequence: r.Uvarint(), Command: r.Bytes(),
	}
}
