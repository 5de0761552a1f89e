package quorum

import (
	"encoding/binary"
	"fmt"

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
	last, read := binary.Uvarint(payload)
	if payload != nil && read != len(payload) {
		return 0, fmt.Errorf("%s: not a number: %x", lifeName, payload)
	}
	return last + 1, wal.Save(disk, lifeName, binary.AppendUvarint(nil, last+1))
}
