package storage

import (
	"maps"
	"math"
	"slices"

	"seedbed.example/choice"
)

// An unsyncedWrite is a change of a file's bytes that is not durable. It keeps
// what it replaced, so that a crash can take it back.
type unsyncedWrite struct {
	offset   int
	length   int  // of what was written; 0 for a truncation
	oldSize  int  // the file's size before
	newSize  int  // and after
	old      int  // how many bytes of inode.old are its own
	dropped  bool // a failed sync has dropped it: it will not survive a crash
	durable  bool // a sync after a dropped one has made it durable
	truncate bool
}

// write puts p at offset, behind zeros if that is beyond the end.
func (n *inode) write(p []byte, offset int) {
	w := unsyncedWrite{offset: offset, length: len(p), oldSize: len(n.data)}
	if offset < len(n.data) {
		replaced := n.data[offset:min(offset+len(p), len(n.data))]
		n.old = append(n.old, replaced...)
		w.old = len(replaced)
	}
	n.put(p, offset)
	n.renew(offset, offset+len(p))
	w.newSize = len(n.data)
	n.pending = append(n.pending, w)
}

// put changes the bytes, without a memory of it.
func (n *inode) put(p []byte, offset int) {
	if offset == len(n.data) {
		n.data = append(n.data, p...)
		return
	}
	n.resize(max(len(n.data), offset+len(p)))
	copy(n.data[offset:], p)
}

// resize cuts or extends with zeros.
func (n *inode) resize(size int) {
	if size <= len(n.data) {
		n.data = n.data[:size]
		return
	}
	n.data = append(n.data, make([]byte, size-len(n.data))...)
}

// truncate sets the size.
func (n *inode) truncate(size int) {
	w := unsyncedWrite{offset: size, oldSize: len(n.data), newSize: size, truncate: true}
	if size < len(n.data) {
		n.old = append(n.old, n.data[size:]...)
		w.old = len(n.data) - size
	}
	n.resize(size)
	n.renew(size, math.MaxInt)
	n.astray = slices.DeleteFunc(n.astray, func(m misplaced) bool { return m.sector*SectorSize >= size })
	n.pending = append(n.pending, w)
}

// synced makes durable what no failed sync has dropped.
func (n *inode) synced() {
	if !slices.ContainsFunc(n.pending, func(w unsyncedWrite) bool { return w.dropped }) {
		n.pending, n.old = n.pending[:0], n.old[:0]
		return
	}
	for i := range n.pending {
		n.pending[i].durable = !n.pending[i].dropped
	}
}

// drop marks what a failed sync was to make durable.
func (n *inode) drop() {
	for i := range n.pending {
		n.pending[i].dropped = !n.pending[i].durable
	}
}

// A nameChange is a change of the directory that is not durable: a creation
// (no from), a renaming, or a removal (no to).
type nameChange struct {
	from, to string
	node     *inode
	replaced *inode // what had the name to before
}

func (d *Simulated) rename(c nameChange) {
	if c.from != "" {
		delete(d.names, c.from)
	}
	if c.to != "" {
		d.names[c.to] = c.node
	}
	d.unsynced = append(d.unsynced, c)
}

// Crash is a power cut: what is not durable is kept, lost or torn by choice,
// the benign one being that all is kept. Files opened before are of no use
// afterwards. What is left is durable.
func (d *Simulated) Crash() {
	d.life++
	d.crashNames()
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		d.crashFile(name)
		d.names[name].uncover()
	}
}

// crashNames keeps the changes of names up to the first one that is lost.
func (d *Simulated) crashNames() {
	kept := len(d.unsynced)
	for i := range d.unsynced {
		if d.dir.crash.Strikes(d.conditions.Lose) {
			kept = i
			d.report("lose", "directory", 0, nil)
			break
		}
	}
	for i := len(d.unsynced) - 1; i >= kept; i-- {
		c := d.unsynced[i]
		if c.to != "" {
			delete(d.names, c.to)
		}
		if c.replaced != nil {
			d.names[c.to] = c.replaced
		}
		if c.from != "" {
			d.names[c.from] = c.node
		}
	}
	d.unsynced = d.unsynced[:0]
}

// crashFile decides what becomes of each un-synced write of a file: it takes
// all of them back, and then does those again that have survived.
func (d *Simulated) crashFile(name string) {
	n, s := d.names[name], d.subject(name)
	if len(n.pending) == 0 {
		return
	}
	written := n.undo()
	lost := false
	for i, w := range n.pending {
		fate := gone // of everything after the first loss
		switch {
		case w.durable:
			fate = kept
		case !w.dropped && (!lost || d.conditions.Reorder):
			fate = drawFate(s, d.conditions)
		}
		if fate == torn && w.truncate {
			fate = kept // it is one step of the medium
		}
		switch fate {
		case kept:
			n.redo(w, written[i])
		case torn:
			n.tear(w, written[i], s)
			d.report("tear", name, w.length, nil)
		case gone:
			d.report("lose", name, w.length, nil)
		}
		lost = lost || fate != kept
	}
	n.pending, n.old = nil, nil
}

// undo takes back every pending write, the last one first, and returns what
// each had written.
func (n *inode) undo() [][]byte {
	written := make([][]byte, len(n.pending))
	old := n.old
	for i := len(n.pending) - 1; i >= 0; i-- {
		w := n.pending[i]
		if !w.truncate {
			written[i] = slices.Clone(n.data[w.offset : w.offset+w.length])
		}
		n.resize(w.oldSize)
		copy(n.data[min(w.offset, len(n.data)):], old[len(old)-w.old:])
		old = old[:len(old)-w.old]
	}
	return written
}

func (n *inode) redo(w unsyncedWrite, written []byte) {
	if w.truncate {
		n.resize(w.newSize)
		return
	}
	n.put(written, w.offset)
}

// tear writes some of the sectors. Those that are missing at the end leave the
// file shorter, those in the midst leave what was there, or zeros.
func (n *inode) tear(w unsyncedWrite, written []byte, s *subject) {
	end := w.offset + w.length
	for at := w.offset; at < end; {
		next := min((at/SectorSize+1)*SectorSize, end)
		if s.sector.N(2) == 0 {
			n.put(written[at-w.offset:next-w.offset], at)
		}
		at = next
	}
}

type writeFate uint8

const (
	kept writeFate = iota
	torn
	gone
)

// drawFate draws what becomes of one un-synced write.
func drawFate(s *subject, c Conditions) writeFate {
	lose := min(c.Lose, choice.Always)
	tear := min(c.Tear, choice.Always-lose)
	if lose+tear == 0 {
		return kept
	}
	luck := choice.Rate(s.crash.N(uint64(choice.Always)))
	switch {
	case luck >= choice.Always-lose:
		return gone
	case luck >= choice.Always-lose-tear:
		return torn
	default:
		return kept
	}
}
