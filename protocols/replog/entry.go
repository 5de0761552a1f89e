package replog

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"

	"seedbed.example/protocols/encoding"
)

// A Position is where a log ends, or an entry of it. The zero Position is before
// the first.
type Position struct{ Term, Index uint64 }

// String returns the position in short: 7@3 for index 7 of term 3.
func (p Position) String() string { return fmt.Sprintf("%d@%d", p.Index, p.Term) }

// Compare tells which of two logs is the more up to date, by where they end: the
// one of the later term or, if they are of the same, the longer (§5.4.1). The
// result is as of [cmp.Compare].
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Term, q.Term), cmp.Compare(p.Index, q.Index))
}

// Later reports whether a log that ends at p is more up to date than one that
// ends at q.
func (p Position) Later(q Position) bool { return p.Compare(q) > 0 }

// An Entry is one entry of the log.
type Entry struct {
	Index    uint64
	Term     uint64
	Kind     uint8 // what it is for: the protocol knows
	Session  uint64
	Sequence uint64
	Command  []byte

	digest uint64 // of this entry and all before it
}

// Position returns where the entry stands.
func (e *Entry) Position() Position { return Position{e.Term, e.Index} }

// Digest returns a digest of this entry and all before it in its log: two logs
// that have the same here are the same up to here.
func (e *Entry) Digest() uint64 { return e.digest }

// String returns the entry in short: 7@3 for index 7 of term 3.
func (e Entry) String() string { return e.Position().String() }

// chain is the digest of e behind a log whose digest is before.
func (e *Entry) chain(before uint64) uint64 {
	h := before
	add := func(w uint64) {
		high, low := bits.Mul64(h^w^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
		h = high ^ low
	}
	add(e.Term)
	add(uint64(e.Kind)<<56 ^ uint64(len(e.Command)))
	add(e.Session)
	add(e.Sequence)
	command := e.Command
	for ; len(command) >= 8; command = command[8:] {
		add(binary.LittleEndian.Uint64(command))
	}
	var rest [8]byte
	copy(rest[:], command)
	add(binary.LittleEndian.Uint64(rest[:]))
	return h
}

func (e *Entry) encode(b []byte) []byte {
	b = encoding.AppendUvarint(b, e.Index, e.Term, uint64(e.Kind), e.Session, e.Sequence)
	return encoding.AppendBytes(b, e.Command)
}

func readEntry(r *encoding.Reader) Entry {
	return Entry{
		Index: r.Uvarint(), Term: r.Uvarint(), Kind: uint8(r.Uvarint()),
		Session: r.Uvarint(), Sequence: r.Uvarint(), Command: r.Bytes(),
	}
}
