package raft

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// An Entry is one entry of the log (§5.3).
type Entry struct {
	Index    uint64
	Term     uint64
	Kind     EntryKind
	Session  uint64
	Sequence uint64
	Command  []byte // of a Command; the encoded configuration of a Config

	digest uint64 // of this entry and all before it
}

// An EntryKind says what an entry is for.
type EntryKind uint8

// What an entry can be for.
const (
	Noop    EntryKind = iota // a new leader's first entry (§8)
	Command                  // a client's
	Open                     // opens a client session
	Config                   // a configuration (§6)
	Query                    // a read that takes its turn in the log
)

// String returns the entry in short: 7@3 for index 7 of term 3.
func (e Entry) String() string { return fmt.Sprintf("%d@%d", e.Index, e.Term) }

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

// raftLog is the log in memory: what has been compacted away, in short, and
// the entries after that. Slices of it are handed to messages, so the entries
// that exist are never overwritten in place.
type raftLog struct {
	base       uint64 // index of the last entry that has been compacted away
	baseTerm   uint64
	baseDigest uint64
	entries    []Entry // entries[0].Index == base+1
}

func (l *raftLog) lastIndex() uint64 { return l.base + uint64(len(l.entries)) }

func (l *raftLog) lastTerm() uint64 {
	if len(l.entries) == 0 {
		return l.baseTerm
	}
	return l.entries[len(l.entries)-1].Term
}

// term returns the term of the entry at index, and whether the log knows it.
func (l *raftLog) term(index uint64) (uint64, bool) {
	switch {
	case index == l.base:
		return l.baseTerm, true
	case index < l.base || index > l.lastIndex():
		return 0, false
	default:
		return l.at(index).Term, true
	}
}

// at returns the entry at index, which must be there.
func (l *raftLog) at(index uint64) *Entry { return &l.entries[index-l.base-1] }

// digest returns the digest of the log up to index, and whether it is known.
func (l *raftLog) digest(index uint64) (uint64, bool) {
	switch {
	case index == l.base:
		return l.baseDigest, true
	case index < l.base || index > l.lastIndex():
		return 0, false
	default:
		return l.at(index).digest, true
	}
}

// append puts e, whose index is the next, at the end.
func (l *raftLog) append(e Entry) *Entry {
	before, _ := l.digest(l.lastIndex())
	e.digest = e.chain(before)
	l.entries = append(l.entries, e)
	return &l.entries[len(l.entries)-1]
}

// truncate takes away index and everything after it. What is appended later
// goes to fresh memory, because messages may still hold the old.
func (l *raftLog) truncate(index uint64) {
	keep := index - l.base - 1
	l.entries = l.entries[:keep:keep]
}

// slice returns at most most entries from index on.
func (l *raftLog) slice(from uint64, most int) []Entry {
	if from > l.lastIndex() {
		return nil
	}
	start := int(from - l.base - 1)
	end := min(start+most, len(l.entries))
	return l.entries[start:end:end]
}

// compact forgets the entries up to index.
func (l *raftLog) compact(index uint64) {
	term, _ := l.term(index)
	digest, _ := l.digest(index)
	rest := l.entries[index-l.base:]
	l.entries = append(make([]Entry, 0, cap(l.entries)), rest...) // it will grow as long again
	l.base, l.baseTerm, l.baseDigest = index, term, digest
}

// reset makes the log empty behind a snapshot.
func (l *raftLog) reset(index, term, digest uint64) {
	*l = raftLog{base: index, baseTerm: term, baseDigest: digest}
}

// firstOfTerm returns the first index that the log still holds of the term
// that index has.
func (l *raftLog) firstOfTerm(index uint64) uint64 {
	term, _ := l.term(index)
	for index > l.base+1 {
		if before, _ := l.term(index - 1); before != term {
			break
		}
		index--
	}
	return index
}

// lastOfTerm returns the last index of that term, 0 if there is none.
func (l *raftLog) lastOfTerm(term uint64) uint64 {
	for i := len(l.entries) - 1; i >= 0; i-- {
		switch t := l.entries[i].Term; {
		case t == term:
			return l.entries[i].Index
		case t < term:
			return 0
		}
	}
	if l.baseTerm == term {
		return l.base
	}
	return 0
}
