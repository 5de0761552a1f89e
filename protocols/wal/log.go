package wal

import (
	"errors"
	"fmt"

	"seedbed.example/storage"
)

// A Log is the write-ahead log of a node that runs.
type Log struct {
	disk   storage.Disk
	name   string
	file   storage.File
	size   int    // of the file, in bytes
	buffer []byte // records that are not written yet
	synced bool   // there is nothing written that is not durable
	torn   int
}

// Open opens the log of that name and returns the payloads that it holds, in
// order, after cutting off a torn tail. At the first boot it makes a log of the
// initial records. What it returns is durable.
func Open(disk storage.Disk, name string, initial ...[]byte) (*Log, [][]byte, error) {
	l := &Log{disk: disk, name: name, synced: true}
	file, err := disk.Open(name)
	if errors.Is(err, storage.ErrNotExist) {
		return l, initial, l.Replace(func() {
			for _, payload := range initial {
				l.Append(payload)
			}
		})
	}
	if err != nil {
		return nil, nil, err
	}
	data, err := storage.ReadAll(file)
	if err != nil {
		return nil, nil, err
	}
	records, end, err := parse(data)
	if err != nil {
		return nil, nil, l.failed(err)
	}
	l.file, l.size, l.torn = file, end, len(data)-end
	if l.torn > 0 {
		if err := file.Truncate(int64(end)); err != nil {
			return nil, nil, err
		}
	}
	// What was read may have been on its way to the disk when the machine
	// went down. It must not be relied on before it is durable.
	l.synced = false
	return l, records, l.Sync()
}

// Torn returns how many bytes of a torn write [Open] has cut off.
func (l *Log) Torn() int { return l.torn }

// Append puts a record into the buffer. It copies the payload.
func (l *Log) Append(payload []byte) { l.buffer = appendRecord(l.buffer, l.size, payload) }

// Pending reports whether there are records in the buffer, which not even the
// disk knows of.
func (l *Log) Pending() bool { return len(l.buffer) > 0 }

// Write hands the buffer to the disk, which may still lose it at a crash.
func (l *Log) Write() error {
	if len(l.buffer) == 0 {
		return nil
	}
	l.synced = false
	if _, err := l.file.Write(l.buffer); err != nil {
		return l.failed(err)
	}
	l.size += len(l.buffer)
	l.buffer = l.buffer[:0]
	return nil
}

// Sync writes the buffer and makes durable all that was appended. It costs
// nothing when all of it is. After an error nothing may be assumed of the log,
// and trying again would prove nothing.
func (l *Log) Sync() error {
	if err := l.Write(); err != nil || l.synced {
		return err
	}
	if err := l.file.Sync(); err != nil {
		return l.failed(err)
	}
	l.synced = true
	return nil
}

// Replace starts a new log in place of the old one and of what is in the
// buffer: it holds what fill appends, durably. A crash leaves one of the two,
// whole. The way to forget what is needed no more.
func (l *Log) Replace(fill func()) error {
	l.buffer, l.size = l.buffer[:0], 0
	fill()
	file, err := storage.ReplaceFile(l.disk, l.name, l.buffer)
	if err != nil {
		return l.failed(err)
	}
	l.file, l.size, l.buffer, l.synced = file, len(l.buffer), l.buffer[:0], true
	return nil
}

func (l *Log) failed(err error) error { return fmt.Errorf("log %s: %w", l.name, err) }

// parse reads records up to the end or a torn one, and returns where that is.
func parse(data []byte) (records [][]byte, end int, err error) {
	for offset := 0; offset < len(data); {
		payload, next, err := readRecord(data, offset)
		if errors.Is(err, errTorn) {
			return records, offset, nil
		}
		if err != nil {
			return nil, offset, err
		}
		if payload != nil {
			records = append(records, payload)
		}
		offset = next
	}
	return records, len(data), nil
}
