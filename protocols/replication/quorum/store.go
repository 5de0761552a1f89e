package quorum

import (
	"fmt"
	"maps"
	"slices"

	"seedbed.example/protocols/encoding"
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

// A record is the key, the timestamp, and the value.
func encode(b []byte, key string, v Version) []byte {
	b = encoding.AppendText(b, key)
	b = encoding.AppendUvarint(b, v.Number, uint64(v.Writer.Client), v.Writer.Life)
	return append(b, v.Value...)
}

func decode(record []byte) (string, Version, error) {
	r := encoding.Reader{Data: record}
	key := r.Text()
	timestamp := Timestamp{r.Uvarint(), Writer{sim.NodeID(r.Uvarint()), r.Uvarint()}}
	value, err := r.Rest()
	if err != nil {
		return "", Version{}, err
	}
	return key, Version{timestamp, string(value)}, nil
}
