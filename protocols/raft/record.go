package raft

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"seedbed.example/storage"
)

// Records are how the write-ahead log and the snapshot lie on disk:
//
//	magic (1 byte), length (4), checksum of the length (4), checksum of the payload (4), payload, trailer (1)
//
// Recovery must tell a torn write, which was never promised to anyone and is
// cut off, from rot, which may have hit what was promised and must end the
// node. A disk tears at sectors: some are missing, as zeros or past the end of
// the file. Rot changes bits of what is there. So every sector that a record
// touches holds something that is not zero: the header never straddles a
// sector, and the trailer ends the last one. Missing is then missing, and
// anything else that does not add up is rot.
const (
	recordMagic   = 0xd7
	recordTrailer = 0xa5
	recordFiller  = 0xff // fills a sector that has no room for a header
	headerSize    = 13
)

// errTorn says that a record was not written whole.
var errTorn = errors.New("torn record")

// errRot says that a record has changed since it was written.
var errRot = errors.New("checksum mismatch in data that is all there: the disk has changed it")

// appendRecord appends a record to b, whose first byte lies at offset in its
// file.
func appendRecord(b []byte, offset int, payload []byte) []byte {
	for room := roomInSector(offset + len(b)); room < headerSize; room-- {
		if room == 0 {
			break
		}
		b = append(b, recordFiller)
	}
	b = append(b, recordMagic)
	at := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:at+4]))
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(payload))
	b = append(b, payload...)
	return append(b, recordTrailer)
}

func roomInSector(offset int) int { return storage.SectorSize - offset%storage.SectorSize }

// readRecord reads the record at offset of data and returns the offset behind
// it. At the end of data it returns no payload and no error.
func readRecord(data []byte, offset int) (payload []byte, next int, err error) {
	if room := roomInSector(offset); room < headerSize {
		for i := offset; i < min(offset+room, len(data)); i++ {
			if data[i] != recordFiller {
				return nil, offset, damage(data, offset, offset+room)
			}
		}
		offset += room
	}
	if offset >= len(data) {
		return nil, len(data), nil
	}
	if offset+headerSize > len(data) {
		return nil, offset, errTorn
	}
	header := data[offset : offset+headerSize]
	length := binary.LittleEndian.Uint32(header[1:])
	if header[0] != recordMagic || binary.LittleEndian.Uint32(header[5:]) != crc32.ChecksumIEEE(header[1:5]) {
		return nil, offset, damage(data, offset, offset+headerSize)
	}
	end := offset + headerSize + int(length) + 1
	if end > len(data) {
		return nil, offset, errTorn
	}
	payload = data[offset+headerSize : end-1]
	if data[end-1] != recordTrailer || binary.LittleEndian.Uint32(header[9:]) != crc32.ChecksumIEEE(payload) {
		return nil, offset, damage(data, offset, end)
	}
	return payload, end, nil
}

// damage says what has happened to the bytes from start to end: a sector's
// share of them is missing, or they have rotted.
func damage(data []byte, start, end int) error {
	if end > len(data) {
		return errTorn
	}
	for at := start; at < end; {
		next := min(at+roomInSector(at), end)
		if zero(data[at:next]) {
			return errTorn
		}
		at = next
	}
	return fmt.Errorf("at byte %d: %w", start, errRot)
}

func zero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
