package replog

import (
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/storage"
)

// A Snapshot is what has come of the log up to a position, in place of it (§7).
type Snapshot struct {
	Position
	Digest uint64 // of the log up to there
	Data   []byte // the protocol's own
}

// SnapshotAt returns a snapshot of everything up to an index that the log knows:
// data is what has come of it.
func (l *Log) SnapshotAt(index uint64, data []byte) *Snapshot {
	term, _ := l.Term(index)
	digest, _ := l.Digest(index)
	return &Snapshot{Position{term, index}, digest, data}
}

// Encode returns the snapshot's bytes.
func (s *Snapshot) Encode() []byte {
	return encoding.AppendBytes(encoding.AppendUvarint(nil, s.Index, s.Term, s.Digest), s.Data)
}

// DecodeSnapshot returns the snapshot that [Snapshot.Encode] has made bytes of.
func DecodeSnapshot(b []byte) (*Snapshot, error) {
	r := encoding.Reader{Data: b}
	s := &Snapshot{}
	s.Index, s.Term, s.Digest, s.Data = r.Uvarint(), r.Uvarint(), r.Uvarint(), r.Bytes()
	return s, r.End()
}

// loadSnapshot returns the one on disk, nil if there is none.
func loadSnapshot(disk storage.Disk) (*Snapshot, error) {
	payload, err := wal.Load(disk, SnapshotName)
	if payload == nil || err != nil {
		return nil, err
	}
	return DecodeSnapshot(payload)
}
