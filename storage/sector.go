package storage

import (
	"slices"
)

// What befalls sectors while the machine runs. A crash is in crash.go.

// rot lets bits rot in the sectors of [from, to).
func (f *file) rot(from, to int) {
	if f.disk.conditions.BitRot == 0 {
		return
	}
	for at := from; at < to; at = (at/SectorSize + 1) * SectorSize {
		if f.subject.rot.Strikes(f.disk.conditions.BitRot) {
			end := min((at/SectorSize+1)*SectorSize, to)
			bit := f.subject.bit.N(uint64(end-at) * 8)
			f.node.data[at+int(bit/8)] ^= 1 << (bit % 8)
			f.disk.report("rot", f.name, 1, nil)
		}
	}
}

// readable lets sectors of [from, to) fail, and reports whether none of them
// has.
func (f *file) readable(from, to int) bool {
	rate := f.disk.conditions.Unreadable
	if rate == 0 && len(f.node.bad) == 0 {
		return true
	}
	good := true
	for sector := from / SectorSize; sector*SectorSize < to; sector++ {
		bad := slices.Contains(f.node.bad, sector)
		if !bad && f.subject.unreadable.Strikes(rate) {
			bad, f.node.bad = true, append(f.node.bad, sector)
		}
		good = good && !bad
	}
	return good
}

// renew makes the sectors readable that a write of [from, to) has replaced
// whole: the device puts them elsewhere.
func (n *inode) renew(from, to int) {
	n.bad = slices.DeleteFunc(n.bad, func(sector int) bool {
		return sector*SectorSize >= from && (sector+1)*SectorSize <= to
	})
}

// misdirect writes p at offset, but for the share of one sector: that sector
// keeps what it holds, and another one of the file, which held data before, is
// overwritten with what belongs there. A file that has no other takes no harm.
func (f *file) misdirect(p []byte, offset int) {
	n, draw := f.node, &f.subject.astray
	first := offset / SectorSize
	sector := first + int(draw.N(uint64((offset+max(len(p), 1)-1)/SectorSize-first+1)))
	victims := (len(n.data) + SectorSize - 1) / SectorSize // all that the file has, but the right one
	if sector < victims {
		victims--
	}
	if victims == 0 {
		n.write(p, offset)
		return
	}
	victim := int(draw.N(uint64(victims)))
	if victim >= sector {
		victim++
	}
	start, end := max(sector*SectorSize, offset), min((sector+1)*SectorSize, offset+len(p))
	whole := make([]byte, SectorSize) // what the sector ought to hold
	kept := make([]byte, end-start)   // and what it does hold where it was to change
	copy(whole, n.from(sector*SectorSize))
	copy(kept, n.from(start))
	copy(whole[start-sector*SectorSize:], p[start-offset:end-offset])
	left := append(append(append([]byte(nil), p[:start-offset]...), kept...), p[end-offset:]...)
	room := max(len(n.data), offset+len(p)) - victim*SectorSize
	n.write(left, offset)
	n.write(whole[:min(SectorSize, room)], victim*SectorSize)
	f.disk.report("misdirect", f.name, SectorSize, nil)
}

// from returns the bytes from offset on, none beyond the end.
func (n *inode) from(offset int) []byte { return n.data[min(offset, len(n.data)):] }
