package quorum

import (
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/storage"
)

// lifeName is the file in which a process counts its lives.
const lifeName = "life"

// nextLife returns the number of the life that begins now, from 1, and keeps it
// durably. What a process counts in memory, it counts anew in each life; with this
// number no two of its counts are taken for each other.
func nextLife(disk storage.Disk) (uint64, error) {
	payload, err := wal.Load(disk, lifeName)
	if err != nil {
		return 0, err
	}
	last := uint64(0)
	if payload != nil {
		r := encoding.Reader{Data: payload}
		last = r.Uvarint()
		if err := r.End(); err != nil {
			return 0, fmt.Errorf("%s: %w", lifeName, err)
		}
	}
	return last + 1, wal.Save(disk, lifeName, encoding.AppendUvarint(nil, last+1))
}
