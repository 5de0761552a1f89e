package primarybackup

import "seedbed.example/history"

// An Entry is one entry of the log: an update of a client or, with no session,
// the beginning of a view.
type Entry struct {
	Position
	Session  uint64
	Sequence uint64
	Input    history.Input

	digest uint64 // of this entry and all before it
}

// chain returns the digest of a log that goes on by a record behind one whose
// digest is before (FNV-1a).
func chain(before uint64, record []byte) uint64 {
	h := before ^ 14695981039346656037
	for _, b := range record {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

// replicaLog is the log in memory: what the state was saved for, in short, and
// the entries after that. Slices of it are handed to messages, so the entries
// that exist are never overwritten in place.
type replicaLog struct {
	base       Position // of the last entry that is in the saved state
	baseDigest uint64
	entries    []Entry // entries[0].Index == base.Index+1
}

func (l *replicaLog) last() Position {
	if len(l.entries) == 0 {
		return l.base
	}
	return l.entries[len(l.entries)-1].Position
}

// at returns the entry at index, which must be there.
func (l *replicaLog) at(index uint64) *Entry { return &l.entries[index-l.base.Index-1] }

// position returns the position at index, and whether the log knows it.
func (l *replicaLog) position(index uint64) (Position, bool) {
	switch {
	case index == l.base.Index:
		return l.base, true
	case index < l.base.Index || index > l.last().Index:
		return Position{}, false
	default:
		return l.at(index).Position, true
	}
}

// has reports whether there is an entry at p: the logs of two replicas that
// have one there are the same up to it.
func (l *replicaLog) has(p Position) bool {
	known, ok := l.position(p.Index)
	return ok && known == p
}

// digest returns the digest of the log up to index, and whether it is known.
func (l *replicaLog) digest(index uint64) (uint64, bool) {
	switch {
	case index == l.base.Index:
		return l.baseDigest, true
	case index < l.base.Index || index > l.last().Index:
		return 0, false
	default:
		return l.at(index).digest, true
	}
}

// endOf returns where the log ends if it is cut to the last entry that is of no
// later epoch than p, and has no greater index: two logs can agree up to there at
// most. If it does not reach back so far, that is where it begins.
func (l *replicaLog) endOf(p Position) (end Position, known bool) {
	for index := min(p.Index, l.last().Index); ; index-- {
		if end, known = l.position(index); !known {
			return l.base, false
		}
		if end.Epoch <= p.Epoch {
			return end, true
		}
	}
}

func (l *replicaLog) append(e Entry) { l.entries = append(l.entries, e) }

// truncate takes away everything after index. What is appended later goes to
// fresh memory, because messages may still hold the old.
func (l *replicaLog) truncate(index uint64) {
	keep := index - l.base.Index
	l.entries = l.entries[:keep:keep]
}

// behind returns at most most entries from behind index.
func (l *replicaLog) behind(index uint64, most int) []Entry {
	if index >= l.last().Index {
		return nil
	}
	start := int(index - l.base.Index)
	end := min(start+most, len(l.entries))
	return l.entries[start:end:end]
}

// compact forgets the entries up to index.
func (l *replicaLog) compact(index uint64) {
	base, _ := l.position(index)
	digest, _ := l.digest(index)
	rest := l.entries[index-l.base.Index:]
	*l = replicaLog{base: base, baseDigest: digest, entries: append([]Entry(nil), rest...)}
}
