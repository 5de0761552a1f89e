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

// misplaced is a sector of which the medium holds something else than it
// should. As long as the machine runs, its cache hides that.
type misplaced struct {
	sector int
	holds  []byte
}

// misdirect lets writes that are being synced go astray: of one of its sectors
// the medium keeps what it held, and what belongs there overwrites a sector
// that the write does not touch. The sectors that are written right are right
// again.
func (f *file) misdirect() {
	n, rate := f.node, f.disk.conditions.Misdirect
	if rate == 0 && len(n.astray) == 0 {
		return
	}
	for i, w := range n.pending {
		if w.dropped || w.durable || w.length == 0 {
			continue
		}
		first, last := w.offset/SectorSize, (w.offset+w.length-1)/SectorSize
		n.astray = slices.DeleteFunc(n.astray, func(m misplaced) bool { return m.sector >= first && m.sector <= last })
		if f.subject.misdirect.Strikes(rate) {
			f.goAstray(n.before(i), first, last)
		}
	}
}

// goAstray lets one of the sectors from first to last take the place of
// another, of which there is none if the medium holds before no more.
func (f *file) goAstray(before []byte, first, last int) {
	held := (len(before) + SectorSize - 1) / SectorSize
	others := held - max(0, min(held, last+1)-first)
	if others <= 0 {
		return
	}
	draw := &f.subject.astray
	sector := first + int(draw.N(uint64(last-first+1)))
	victim := int(draw.N(uint64(others)))
	if victim >= first {
		victim += last - first + 1
	}
	n := f.node
	n.astray = append(n.astray, misplaced{sector, sectorOf(before, sector)}, misplaced{victim, sectorOf(n.data, sector)})
	f.disk.report("misdirect", f.name, SectorSize, nil)
}

// sectorOf returns a sector of data, with zeros beyond its end.
func sectorOf(data []byte, sector int) []byte {
	content := make([]byte, SectorSize)
	copy(content, data[min(sector*SectorSize, len(data)):])
	return content
}

// before returns what the file held before its i-th pending write.
func (n *inode) before(i int) []byte {
	past := inode{data: slices.Clone(n.data), pending: n.pending[i:], old: n.old}
	past.undo()
	return past.data
}

// uncover shows what the medium holds, when the cache is gone.
func (n *inode) uncover() {
	for _, m := range n.astray {
		if at := m.sector * SectorSize; at < len(n.data) {
			copy(n.data[at:], m.holds)
		}
	}
	n.astray = nil
}
