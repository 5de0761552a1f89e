package raft

import (
	"encoding/binary"
	"errors"
	"fmt"

	"seedbed.example/sim"
	"seedbed.example/storage"
)

// The write-ahead log keeps what figure 2 calls persistent state: currentTerm,
// votedFor and log[]. Its records are a base (where the log begins, after
// compaction), a state (term and vote), and entries; an entry replaces the one
// of its index and all after it. A snapshot starts a new file under a
// temporary name that then takes the old one's place, so that at each moment
// one whole log is there.
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

// wal is the write-ahead log of a node that runs.
type wal struct {
	disk   storage.Disk
	file   storage.File
	size   int    // of the file
	buffer []byte // records that are not written yet
	record []byte // scratch
}

// durable is what a write-ahead log was found to hold.
type durable struct {
	base, baseTerm uint64
	term           uint64
	vote           sim.NodeID
	entries        []Entry
	torn           int // bytes cut off at the end
}

// state puts the term and vote into the buffer.
func (w *wal) state(term uint64, vote sim.NodeID) {
	w.record = binary.AppendUvarint(append(w.record[:0], stateRecord), term)
	w.record = binary.AppendUvarint(w.record, uint64(vote))
	w.buffer = appendRecord(w.buffer, w.size, w.record)
}

// entry puts an entry into the buffer.
func (w *wal) entry(e *Entry) {
	w.record = e.encode(append(w.record[:0], entryRecord))
	w.buffer = appendRecord(w.buffer, w.size, w.record)
}

// write hands the buffer to the disk, which may still lose it.
func (w *wal) write() error {
	if len(w.buffer) == 0 {
		return nil
	}
	if _, err := w.file.Write(w.buffer); err != nil {
		return fmt.Errorf("write-ahead log: %w", err)
	}
	w.size += len(w.buffer)
	w.buffer = w.buffer[:0]
	return nil
}

// sync makes what was written durable. After an error nothing may be assumed
// of it, and trying again would prove nothing (Rebello et al. 2020).
func (w *wal) sync() error {
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("write-ahead log: %w", err)
	}
	return nil
}

// replace starts a new file that holds d, in place of the old one.
func (w *wal) replace(d durable) error {
	w.buffer, w.size = w.buffer[:0], 0
	w.record = binary.AppendUvarint(append(w.record[:0], baseRecord), d.base)
	w.record = binary.AppendUvarint(w.record, d.baseTerm)
	w.buffer = appendRecord(w.buffer, 0, w.record)
	w.state(d.term, d.vote)
	for i := range d.entries {
		w.entry(&d.entries[i])
	}
	file, err := storage.ReplaceFile(w.disk, walName, w.buffer)
	if err != nil {
		return fmt.Errorf("write-ahead log: %w", err)
	}
	w.file, w.size, w.buffer = file, len(w.buffer), w.buffer[:0]
	return nil
}

// openWAL opens the write-ahead log and returns what it holds, after cutting
// off a torn tail; at the first boot it makes an empty one.
func openWAL(disk storage.Disk) (*wal, durable, error) {
	w := &wal{disk: disk}
	file, err := disk.Open(walName)
	if errors.Is(err, storage.ErrNotExist) {
		return w, durable{}, w.replace(durable{})
	}
	if err != nil {
		return nil, durable{}, err
	}
	data, err := storage.ReadAll(file)
	if err != nil {
		return nil, durable{}, err
	}
	d, end, err := parseWAL(data)
	if err != nil {
		return nil, durable{}, fmt.Errorf("write-ahead log: %w", err)
	}
	w.file, w.size = file, end
	if d.torn = len(data) - end; d.torn > 0 {
		if err := file.Truncate(int64(end)); err != nil {
			return nil, durable{}, err
		}
	}
	// What was read may have been on its way to the disk when the machine
	// went down. It must not be relied on before it is durable.
	return w, d, w.sync()
}

// parseWAL reads records up to the end or a torn one, and returns where that
// is.
func parseWAL(data []byte) (d durable, end int, err error) {
	for offset := 0; offset < len(data); {
		payload, next, err := readRecord(data, offset)
		if errors.Is(err, errTorn) {
			return d, offset, nil
		}
		if err != nil {
			return d, offset, err
		}
		if payload != nil {
			if err := d.take(payload); err != nil {
				return d, offset, fmt.Errorf("record at byte %d: %w", offset, err)
			}
		}
		offset = next
	}
	return d, len(data), nil
}

// take adds one record.
func (d *durable) take(payload []byte) error {
	r := reader{data: payload}
	switch kind := r.uvarint(); kind {
	case baseRecord:
		d.base, d.baseTerm = r.uvarint(), r.uvarint()
	case stateRecord:
		d.term, d.vote = r.uvarint(), sim.NodeID(r.uvarint())
	case entryRecord:
		e := r.entry()
		if last := d.base + uint64(len(d.entries)); e.Index <= d.base || e.Index > last+1 {
			return fmt.Errorf("entry %v does not follow %d", e, last)
		}
		d.entries = append(d.entries[:e.Index-d.base-1], e)
	default:
		return fmt.Errorf("unknown kind %d", kind)
	}
	return r.end()
}

// persist makes everything in the buffer durable before a promise that rests
// on it leaves. Sync may be left out by a mistaken rule only. A disk that fails
// ends the node.
func (n *Node) persist(sync bool) {
	if len(n.wal.buffer) > 0 {
		n.save(sync)
	}
}

// save writes the buffer out, and syncs it.
func (n *Node) save(sync bool) {
	err := n.wal.write()
	if err == nil && sync {
		n.env.Point(recordsWritten)
		err = n.wal.sync()
	}
	if err != nil {
		n.env.Halt(err)
	}
	n.synced = n.log.lastIndex()
	if sync {
		n.env.Point(recordsSynced)
	}
}
