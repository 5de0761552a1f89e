package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"seedbed.example/storage"
)

// Records are how payloads lie in a file. A record is cut into fragments, so that none straddles a sector:
//
//	checksum of the rest and of where it lies (4 bytes), kind (1), length (2), payload
//
// Recovery must tell a torn write, which was never promised to anyone and is
// cut off, from rot, which may have hit what was promised and must end the
// node. A disk tears at sectors: a sector's share of a write is there, or it is
// missing, as zeros or past the end of the file. Rot changes bits of what is
// there. Every share is fragments, whose headers are not zero. So one that
// begins with zeros is missing, and anything else that does not add up is rot:
// also a sector that is whole and in a wrong place, where a misdirected write
// has put it.
const (
	fragmentKind  = 0xd4 // of every fragment, with these bits:
	firstFragment = 1    // of its record
	lastFragment  = 2
	headerSize    = 7
	sectorFiller  = "\xff\xff\xff\xff\xff\xff" // where a sector has no room for a header
)

// castagnoli is the checksum that processors compute by themselves.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errTorn says that a record was not written whole.
var errTorn = errors.New("torn record")

// ErrRot says that a record has changed since it was written. A node must not go
// on: the record may be one that others rely on.
var ErrRot = errors.New("checksum mismatch in data that is all there: the disk has changed it")

// appendRecord appends a record to b, whose first byte lies at offset in its
// file.
func appendRecord(b []byte, offset int, payload []byte) []byte {
	for kind := byte(fragmentKind | firstFragment); ; kind = fragmentKind {
		if room := roomInSector(offset + len(b)); room < headerSize {
			b = append(b, sectorFiller[:room]...)
		}
		part := payload[:min(len(payload), roomInSector(offset+len(b))-headerSize)]
		payload = payload[len(part):]
		if len(payload) == 0 {
			kind |= lastFragment
		}
		at := len(b)
		b = append(b, 0, 0, 0, 0, kind, byte(len(part)), byte(len(part)>>8))
		b = append(b, part...)
		binary.LittleEndian.PutUint32(b[at:], checksum(b[at+4:], offset+at))
		if len(payload) == 0 {
			return b
		}
	}
}

// checksum is of a fragment that lies at offset of its file.
func checksum(rest []byte, offset int) uint32 {
	return crc32.Checksum(rest, castagnoli) ^ uint32(offset)
}

func roomInSector(offset int) int { return storage.SectorSize - offset%storage.SectorSize }

// readRecord reads the record at offset of data and returns the offset behind
// it. At the end of data it returns no payload and no error.
func readRecord(data []byte, offset int) (payload []byte, next int, err error) {
	for want := byte(fragmentKind | firstFragment); ; want = fragmentKind {
		if room := roomInSector(offset); room < headerSize && offset < len(data) {
			if filler := data[offset:min(offset+room, len(data))]; string(filler) != sectorFiller[:room] {
				return nil, offset, damage(filler, offset)
			}
			offset += room
		}
		if offset >= len(data) {
			if want&firstFragment == 0 {
				return nil, offset, errTorn
			}
			return nil, offset, nil
		}
		share := data[offset:min(offset+roomInSector(offset), len(data))]
		part, kind, ok := readFragment(share, offset)
		if !ok || kind&^lastFragment != want {
			return nil, offset, damage(share[:min(headerSize, len(share))], offset)
		}
		offset += headerSize + len(part)
		if kind == fragmentKind|firstFragment|lastFragment {
			return part, offset, nil
		}
		payload = append(payload, part...)
		if kind&lastFragment != 0 {
			return payload, offset, nil
		}
	}
}

// readFragment reads the fragment that a sector's share begins with, which lies
// at offset, and says whether it is whole and in its place.
func readFragment(share []byte, offset int) (part []byte, kind byte, ok bool) {
	if len(share) < headerSize {
		return nil, 0, false
	}
	end := headerSize + int(binary.LittleEndian.Uint16(share[5:]))
	if end > len(share) || binary.LittleEndian.Uint32(share) != checksum(share[4:end], offset) {
		return nil, 0, false
	}
	return share[headerSize:end], share[4], true
}

// damage says what has happened to a share that begins with these bytes, at
// offset: it is missing, or it has rotted.
func damage(beginning []byte, offset int) error {
	for _, b := range beginning {
		if b != 0 {
			return fmt.Errorf("at byte %d: %w", offset, ErrRot)
		}
	}
	return errTorn
}
