package primarybackup

import (
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/storage"
)

// The files of a replica: its write-ahead log, and the state that the entries
// stand for that have been cut off the log.
const (
	walName   = "wal"
	stateName = "state"
)

// Kinds of record in the write-ahead log. An entry replaces the one of its index
// and all after it; of the other kinds the last counts.
const (
	baseRecord   = iota // where the log begins, and the digest up to there
	viewRecord          // the latest view that the replica has entered
	commitRecord        // up to where the replica knew of acknowledgement: its high watermark
	entryRecord
)

// journal is the write-ahead log of a replica that runs.
type journal struct {
	*wal.Log
	record []byte // scratch
}

// durable is what a write-ahead log holds.
type durable struct {
	base       Position
	baseDigest uint64
	view       View
	commit     uint64
	entries    []Entry
}

func (j *journal) base(p Position, digest uint64) {
	j.record = encodeBase(j.record[:0], p, digest)
	j.Append(j.record)
}

func (j *journal) view(v View) {
	j.record = v.encode(append(j.record[:0], viewRecord))
	j.Append(j.record)
}

func (j *journal) commit(index uint64) {
	j.record = encoding.AppendUvarint(j.record[:0], commitRecord, index)
	j.Append(j.record)
}

// entry puts an entry into the buffer, and into its digest what it adds to that
// of the log before.
func (j *journal) entry(e *Entry, before uint64) {
	j.record = e.encode(append(j.record[:0], entryRecord))
	e.digest = chain(before, j.record)
	j.Append(j.record)
}

func encodeBase(b []byte, p Position, digest uint64) []byte {
	return encoding.AppendUvarint(b, baseRecord, p.Epoch, p.Index, digest)
}

// replace starts a new log that holds d, in place of the old one.
func (j *journal) replace(d durable) error {
	return j.Replace(func() {
		j.base(d.base, d.baseDigest)
		j.view(d.view)
		j.commit(d.commit)
		digest := d.baseDigest
		for _, e := range d.entries {
			j.entry(&e, digest)
			digest = e.digest
		}
	})
}

// openJournal opens the write-ahead log and returns what it holds; at the first
// boot, that the replica is in this view.
func openJournal(disk storage.Disk, first View) (*journal, durable, error) {
	log, records, err := wal.Open(disk, walName, encodeBase(nil, Position{}, 0), first.encode([]byte{viewRecord}))
	if err != nil {
		return nil, durable{}, err
	}
	var d durable
	for i, record := range records {
		if err := d.take(record); err != nil {
			return nil, durable{}, fmt.Errorf("record %d of the write-ahead log: %w", i+1, err)
		}
	}
	return &journal{Log: log}, d, nil
}

// take adds one record.
func (d *durable) take(payload []byte) error {
	r := newReader(payload)
	switch kind := r.Uvarint(); kind {
	case baseRecord:
		d.base, d.baseDigest = r.position(), r.Uvarint()
	case viewRecord:
		d.view = r.view()
	case commitRecord:
		d.commit = r.Uvarint()
	case entryRecord:
		e := r.entry()
		if last := d.base.Index + uint64(len(d.entries)); e.Index <= d.base.Index || e.Index > last+1 {
			return fmt.Errorf("entry %v does not follow %d", e.Position, last)
		}
		d.entries = append(d.entries[:e.Index-d.base.Index-1], e)
	default:
		return fmt.Errorf("unknown kind %d", kind)
	}
	return r.End()
}

// persist makes everything in the buffer durable, before a promise that rests
// on it leaves. A disk that fails ends the replica.
func (n *Replica) persist() {
	if !n.journal.Pending() {
		return
	}
	err := n.journal.Write()
	if err == nil {
		n.env.Point(recordsWritten)
		err = n.journal.Sync()
	}
	n.must(err)
	for _, e := range n.log.behind(max(n.synced, n.log.base.Index), len(n.log.entries)) {
		n.observer.Stored(n.id, e.Position, e.digest)
	}
	n.synced = n.log.last().Index
	n.env.Point(recordsSynced)
}

// must ends the replica if there is an error.
func (n *Replica) must(err error) {
	if err != nil {
		n.env.Halt(err)
	}
}
