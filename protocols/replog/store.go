package replog

import (
	"errors"
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/storage"
)

// The files of a store.
const (
	LogName      = "wal"
	SnapshotName = "snapshot"
)

// Kinds of record in the write-ahead log. An entry replaces the one of its index
// and all after it; of the other kinds the last counts.
const (
	baseRecord = iota // where the log begins
	noteRecord        // what else the protocol must not forget
	entryRecord
)

// A Store is a log that is also on disk. What is appended and noted gets there
// with the next [Store.Write], and stays with the next [Store.Sync].
type Store struct {
	Log
	disk     storage.Disk
	wal      *wal.Log
	snapshot *Snapshot
	noted    []byte
	record   []byte // scratch
}

// Open opens what is on disk, which is durable then. At the first boot that is
// an empty log, and this note. An error means that something is missing, or has
// changed since it was written.
func Open(disk storage.Disk, note []byte) (*Store, error) {
	s := &Store{disk: disk}
	var err error
	if s.snapshot, err = loadSnapshot(disk); err != nil {
		return nil, err
	}
	if _, err := disk.Open(LogName); s.snapshot != nil && errors.Is(err, storage.ErrNotExist) {
		return nil, fmt.Errorf("the snapshot ends at %v, but the log behind it is gone", s.snapshot.Position)
	}
	log, records, err := wal.Open(disk, LogName, encodeBase(nil, Position{}), append([]byte{noteRecord}, note...))
	if err != nil {
		return nil, err
	}
	s.wal = log
	for i, record := range records {
		if err := s.take(record); err != nil {
			return nil, fmt.Errorf("record %d of the write-ahead log: %w", i+1, err)
		}
	}
	return s, s.fit()
}

// take adds one record of the write-ahead log.
func (s *Store) take(record []byte) error {
	r := encoding.Reader{Data: record}
	switch kind := r.Uvarint(); kind {
	case baseRecord:
		s.base = Position{Index: r.Uvarint(), Term: r.Uvarint()}
	case noteRecord:
		s.noted, r.Data = append(s.noted[:0], r.Data...), nil
	case entryRecord:
		e := readEntry(&r)
		if e.Index <= s.base.Index || e.Index > s.LastIndex()+1 {
			return fmt.Errorf("entry %v does not follow %v", e, s.Last())
		}
		if e.Index <= s.LastIndex() {
			s.truncate(e.Index - 1)
		}
		s.append(e)
	default:
		return fmt.Errorf("unknown kind %d", kind)
	}
	return r.End()
}

// fit begins the log behind the snapshot, if a crash came before that was done.
func (s *Store) fit() error {
	switch {
	case s.snapshot == nil && s.base.Index > 0:
		return fmt.Errorf("the log begins behind %v, but the snapshot up to there is gone", s.base)
	case s.snapshot == nil:
		return nil
	case s.snapshot.Index < s.base.Index:
		return fmt.Errorf("the log begins behind %v, but the snapshot ends at %v", s.base, s.snapshot.Position)
	}
	unfit := s.snapshot.Position != s.base
	s.beginBehind(s.snapshot.Position, s.snapshot.Digest)
	for i := range s.entries { // their digests were those of a log without a beginning
		before, _ := s.Digest(s.entries[i].Index - 1)
		s.entries[i].digest = s.entries[i].chain(before)
	}
	if unfit {
		return s.rewrite()
	}
	return nil
}

// Torn returns how many bytes of a torn write [Open] has cut off.
func (s *Store) Torn() int { return s.wal.Torn() }

// Noted returns what was noted last. It holds until the next is.
func (s *Store) Noted() []byte { return s.noted }

// Snapshot returns the one that the log begins behind; nil before the first.
func (s *Store) Snapshot() *Snapshot { return s.snapshot }

// Note notes what else must not be forgotten, in place of what was noted before.
func (s *Store) Note(note []byte) {
	s.noted = append(s.noted[:0], note...)
	s.record = append(append(s.record[:0], noteRecord), note...)
	s.wal.Append(s.record)
}

// Append puts an entry at the end of the log, whose index must be the next, and
// returns it as it stands there.
func (s *Store) Append(e Entry) *Entry {
	stored := s.append(e)
	s.write(stored)
	return stored
}

// Truncate takes away everything after index. On disk the next entry does so:
// after a crash before that, what was taken away is there again.
func (s *Store) Truncate(index uint64) { s.truncate(index) }

// Pending reports whether there is something that not even the disk knows of.
func (s *Store) Pending() bool { return s.wal.Pending() }

// Write hands what is pending to the disk, which may still lose it at a crash.
func (s *Store) Write() error { return s.wal.Write() }

// Sync writes what is pending, and makes everything durable. After an error
// nothing may be assumed of the log.
func (s *Store) Sync() error { return s.wal.Sync() }

// Save makes a snapshot durable, in place of the one before. The log has then to
// be begun behind it. If the snapshot goes back behind where the log begins, it is
// at once: else a crash would leave a log that nothing comes before.
func (s *Store) Save(snapshot *Snapshot) error {
	if snapshot.Index < s.base.Index {
		s.beginBehind(snapshot.Position, snapshot.Digest)
		if err := s.rewrite(); err != nil {
			return err
		}
	}
	if err := wal.Save(s.disk, SnapshotName, snapshot.Encode()); err != nil {
		return err
	}
	s.snapshot = snapshot
	return nil
}

// BeginBehindSnapshot forgets what the snapshot stands for, durably: entries
// that follow stay if the log has the snapshot's last entry, else they go. What
// was pending is durable then, too.
func (s *Store) BeginBehindSnapshot() error {
	s.beginBehind(s.snapshot.Position, s.snapshot.Digest)
	return s.rewrite()
}

// rewrite makes a new write-ahead log of what is in memory.
func (s *Store) rewrite() error {
	return s.wal.Replace(func() {
		s.record = encodeBase(s.record[:0], s.base)
		s.wal.Append(s.record)
		s.record = append(append(s.record[:0], noteRecord), s.noted...)
		s.wal.Append(s.record)
		for i := range s.entries {
			s.write(&s.entries[i])
		}
	})
}

func (s *Store) write(e *Entry) {
	s.record = e.encode(append(s.record[:0], entryRecord))
	s.wal.Append(s.record)
}

func encodeBase(b []byte, p Position) []byte {
	return encoding.AppendUvarint(b, baseRecord, p.Index, p.Term)
}
