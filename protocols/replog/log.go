package replog

import "fmt"

// A Log is the log in memory: where it begins, which is behind what was
// compacted away, and the entries after that. Slices of it are handed to
// messages, so the entries that exist are never overwritten in place.
type Log struct {
	base       Position // of the last entry that has been compacted away
	baseDigest uint64
	entries    []Entry // entries[0].Index == base.Index+1
}

// Of returns a log of these entries, which follow each other from index 1 on.
func Of(entries ...Entry) *Log {
	l := &Log{}
	for _, e := range entries {
		l.append(e)
	}
	return l
}

// Base returns the position behind which the log begins: what comes up to there
// is in the snapshot.
func (l *Log) Base() Position { return l.base }

// Last returns where the log ends.
func (l *Log) Last() Position {
	if len(l.entries) == 0 {
		return l.base
	}
	return l.entries[len(l.entries)-1].Position()
}

// String tells which entries the log holds: 5..7@3 from index 5 to index 7, which
// is of term 3.
func (l *Log) String() string {
	switch last := l.Last(); {
	case last == Position{}:
		return "empty"
	case last == l.base:
		return fmt.Sprintf("empty behind %v", last)
	default:
		return fmt.Sprintf("%d..%v", l.base.Index+1, last)
	}
}

// LastIndex returns the index at which the log ends.
func (l *Log) LastIndex() uint64 { return l.base.Index + uint64(len(l.entries)) }

// At returns the entry at index, which must be there.
func (l *Log) At(index uint64) *Entry { return &l.entries[index-l.base.Index-1] }

// Term returns the term of the entry at index, and whether the log knows it.
func (l *Log) Term(index uint64) (uint64, bool) {
	switch {
	case index == l.base.Index:
		return l.base.Term, true
	case index < l.base.Index || index > l.LastIndex():
		return 0, false
	default:
		return l.At(index).Term, true
	}
}

// Digest returns the digest of the log up to index, and whether it is known.
func (l *Log) Digest(index uint64) (uint64, bool) {
	switch {
	case index == l.base.Index:
		return l.baseDigest, true
	case index < l.base.Index || index > l.LastIndex():
		return 0, false
	default:
		return l.At(index).digest, true
	}
}

// Has reports whether the log has an entry at p, or begins behind it: it is then
// the same up to there as any log that does.
func (l *Log) Has(p Position) bool {
	term, known := l.Term(p.Index)
	return known && term == p.Term
}

// Entries returns all entries that the log holds. The caller must not change them.
func (l *Log) Entries() []Entry { return l.entries[:len(l.entries):len(l.entries)] }

// Behind returns the entries from behind index on, at most so many. The caller
// must not change them.
func (l *Log) Behind(index uint64, most int) []Entry {
	if index >= l.LastIndex() {
		return nil
	}
	start := int(index - l.base.Index)
	end := min(start+most, len(l.entries))
	return l.entries[start:end:end]
}

// EndOf returns where the log ends if it is cut to the last entry that is of no
// later term than p, and has no greater index: up to there at most can it be the
// same as a log that ends at p. If it does not reach back so far, it returns where
// it begins, and false.
func (l *Log) EndOf(p Position) (end Position, known bool) {
	for index := min(p.Index, l.LastIndex()); ; index-- {
		term, known := l.Term(index)
		if !known {
			return l.base, false
		}
		if term <= p.Term {
			return Position{term, index}, true
		}
	}
}

// FirstOfTerm returns the first index that the log still holds of the term that
// index has.
func (l *Log) FirstOfTerm(index uint64) uint64 {
	term, _ := l.Term(index)
	for index > l.base.Index+1 {
		if before, _ := l.Term(index - 1); before != term {
			break
		}
		index--
	}
	return index
}

// LastOfTerm returns the last index of that term, 0 if there is none.
func (l *Log) LastOfTerm(term uint64) uint64 {
	if end, _ := l.EndOf(Position{term, l.LastIndex()}); end.Term == term {
		return end.Index
	}
	return 0
}

// append puts e, whose index is the next, at the end.
func (l *Log) append(e Entry) *Entry {
	before, _ := l.Digest(l.LastIndex())
	e.digest = e.chain(before)
	l.entries = append(l.entries, e)
	return &l.entries[len(l.entries)-1]
}

// truncate takes away everything after index. What is appended later goes to
// fresh memory, because messages may still hold the old.
func (l *Log) truncate(index uint64) {
	keep := index - l.base.Index
	l.entries = l.entries[:keep:keep]
}

// beginBehind forgets what comes up to p; what follows it too, unless the log
// has an entry there.
func (l *Log) beginBehind(p Position, digest uint64) {
	var rest []Entry
	if l.Has(p) {
		rest = l.entries[p.Index-l.base.Index:]
	}
	entries := append(make([]Entry, 0, len(l.entries)), rest...) // it will grow as long again
	*l = Log{base: p, baseDigest: digest, entries: entries}
}
