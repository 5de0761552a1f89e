package raft

import (
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// The write-ahead log keeps what figure 2 calls persistent state: currentTerm,
// votedFor and log[]. Its records are a base (where the log begins, after
// compaction), a state (term and vote), and entries; an entry replaces the one
// of its index and all after it. A snapshot starts a new log in the old one's
// place.
const (
	walName  = "wal"
	snapName = "snapshot"
)

// Kinds of record in the write-ahead log.
const (
	baseRecord = iota
	stateRecord
	entryRecord
)

// journal is the write-ahead log of a node that runs.
type journal struct {
	*wal.Log
	record []byte // scratch
}

// durable is what a write-ahead log was found to hold.
type durable struct {
	base, baseTerm uint64
	term           uint64
	vote           sim.NodeID
	entries        []Entry
}

// base puts into the buffer where the log begins.
func (j *journal) base(index, term uint64) {
	j.record = encodeBase(j.record[:0], index, term)
	j.Append(j.record)
}

// state puts the term and vote into the buffer.
func (j *journal) state(term uint64, vote sim.NodeID) {
	j.record = encodeState(j.record[:0], term, vote)
	j.Append(j.record)
}

// entry puts an entry into the buffer.
func (j *journal) entry(e *Entry) {
	j.record = e.encode(append(j.record[:0], entryRecord))
	j.Append(j.record)
}

func encodeBase(b []byte, index, term uint64) []byte {
	return encoding.AppendUvarint(b, baseRecord, index, term)
}

func encodeState(b []byte, term uint64, vote sim.NodeID) []byte {
	return encoding.AppendUvarint(b, stateRecord, term, uint64(vote))
}

// replace starts a new log that holds d, in place of the old one.
func (j *journal) replace(d durable) error {
	return j.Replace(func() {
		j.base(d.base, d.baseTerm)
		j.state(d.term, d.vote)
		for i := range d.entries {
			j.entry(&d.entries[i])
		}
	})
}

// openJournal opens the write-ahead log and returns what it holds; at the
// first boot, nothing.
func openJournal(disk storage.Disk) (*journal, durable, error) {
	log, records, err := wal.Open(disk, walName, encodeBase(nil, 0, 0), encodeState(nil, 0, 0))
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
	r := encoding.Reader{Data: payload}
	switch kind := r.Uvarint(); kind {
	case baseRecord:
		d.base, d.baseTerm = r.Uvarint(), r.Uvarint()
	case stateRecord:
		d.term, d.vote = r.Uvarint(), sim.NodeID(r.Uvarint())
	case entryRecord:
		e := readEntry(&r)
		if last := d.base + uint64(len(d.entries)); e.Index <= d.base || e.Index > last+1 {
			return fmt.Errorf("entry %v does not follow %d", e, last)
		}
		d.entries = append(d.entries[:e.Index-d.base-1], e)
	default:
		return fmt.Errorf("unknown kind %d", kind)
	}
	return r.End()
}

// persist makes everything in the buffer durable before a promise that rests
// on it leaves. Sync may be left out by a mistaken rule only. A disk that fails
// ends the node.
func (n *Node) persist(sync bool) {
	if n.journal.Pending() {
		n.save(sync)
	}
}

// save writes what is pending, and syncs it.
func (n *Node) save(sync bool) {
	err := n.journal.Write()
	if err == nil && sync {
		n.env.Point(recordsWritten)
		err = n.journal.Sync()
	}
	if err != nil {
		n.env.Halt(err)
	}
	n.synced = n.log.lastIndex()
	if sync {
		n.env.Point(recordsSynced)
	}
}
