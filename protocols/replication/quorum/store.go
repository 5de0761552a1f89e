package quorum

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// walName is the log in which a replica keeps versions, one a record. The latest
// of each key counts.
const walName = "wal"

// A store is what a replica holds, in memory and on its disk.
type store struct {
	log      *wal.Log
	versions map[string]Version
	records  int // in the log
	record   []byte
}

// openStore opens the store and returns what it holds, durably.
func openStore(disk storage.Disk) (*store, error) {
	log, records, err := wal.Open(disk, walName)
	if err != nil {
		return nil, err
	}
	s := &store{log: log, versions: make(map[string]Version), records: len(records)}
	for i, record := range records {
		key, version, err := decode(record)
		if err != nil {
			return nil, fmt.Errorf("record %d of log %s: %w", i+1, walName, err)
		}
		s.versions[key] = version
	}
	return s, nil
}

// set hands a version to the disk, which may still lose it at a crash.
func (s *store) set(key string, version Version) error {
	s.versions[key] = version
	s.records++
	s.append(key, version)
	return s.log.Write()
}

func (s *store) append(key string, version Version) {
	s.record = encode(s.record[:0], key, version)
	s.log.Append(s.record)
}

// compact replaces the log by one that holds each key once, if more than spare
// records of it are out of date.
func (s *store) compact(spare int) error {
	if s.records-len(s.versions) <= spare {
		return nil
	}
	s.records = len(s.versions)
	return s.log.Replace(func() {
		for _, key := range slices.Sorted(maps.Keys(s.versions)) {
			s.append(key, s.versions[key])
		}
	})
}

// A record is the key, behind its length, the timestamp, and the value.
func encode(b []byte, key string, v Version) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(key))), key...)
	for _, n := range [...]uint64{v.Number, uint64(v.Writer.Client), v.Writer.Life} {
		b = binary.AppendUvarint(b, n)
	}
	return append(b, v.Value...)
}

// errRecord says that a record is not one of a version.
var errRecord = errors.New("not a version")

func decode(record []byte) (key string, v Version, err error) {
	number := func() (n uint64) {
		n, read := binary.Uvarint(record)
		if read <= 0 {
			record, err = nil, errRecord
			return 0
		}
		record = record[read:]
		return n
	}
	length := number()
	if length > uint64(len(record)) {
		return "", Version{}, errRecord
	}
	key, record = string(record[:length]), record[length:]
	v.Timestamp = Timestamp{number(), Writer{sim.NodeID(number()), number()}}
	v.Value = string(record)
	if err != nil {
		return "", Version{}, err
	}
	return key, v, nil
}
