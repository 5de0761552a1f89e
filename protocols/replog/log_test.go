package replog

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// logModel is a log that is a plain slice of all that it ever held; what has
// been compacted away is still there.
type logModel struct {
	all  []Entry // all[0] stands for index 0
	base int
}

func (m *logModel) position(index int) Position { return Position{m.all[index].Term, uint64(index)} }

func (m *logModel) last() int { return len(m.all) - 1 }

// check compares every answer of the log with the model's.
func (m *logModel) check(t *rapid.T, l *Log) {
	if base, last := m.position(m.base), m.position(m.last()); l.Base() != base || l.Last() != last {
		t.Fatalf("log behind %v up to %v, want behind %v up to %v", l.Base(), l.Last(), base, last)
	}
	for index := range m.last() + 3 {
		term, ok := l.Term(uint64(index))
		known := index >= m.base && index <= m.last()
		if ok != known || known && term != m.all[index].Term {
			t.Fatalf("term of %d is %d, %v; want it %v", index, term, ok, known)
		}
		if _, ok := l.Digest(uint64(index)); ok != known {
			t.Fatalf("digest of %d: %v, want it %v", index, ok, known)
		}
		if p := (Position{m.all[min(index, m.last())].Term, uint64(index)}); l.Has(p) != known || l.Has(Position{p.Term + 1, p.Index}) {
			t.Fatalf("the log has %v, or one of the next term: want it %v", p, known)
		}
		if known && l.FirstOfTerm(uint64(index)) != m.first(index) {
			t.Fatalf("first index of the term of %d is %d, want %d", index, l.FirstOfTerm(uint64(index)), m.first(index))
		}
	}
	for term := range uint64(12) {
		if got, want := l.LastOfTerm(term), m.lastOf(term); term > 0 && got != want {
			t.Fatalf("last index of term %d is %d, want %d", term, got, want)
		}
		for index := range m.last() + 2 {
			end, known := l.EndOf(Position{term, uint64(index)})
			if want, ok := m.endOf(term, index); end != want || known != ok {
				t.Fatalf("cut to %d@%d the log ends at %v, %v: want %v, %v", index, term, end, known, want, ok)
			}
		}
	}
}

// first returns the first known index behind the base of the term of index.
func (m *logModel) first(index int) uint64 {
	for index > m.base+1 && m.all[index-1].Term == m.all[index].Term {
		index--
	}
	return uint64(index)
}

func (m *logModel) lastOf(term uint64) uint64 {
	for index := m.last(); index >= m.base; index-- {
		if m.all[index].Term == term {
			return uint64(index)
		}
	}
	return 0
}

// endOf returns the last position of no later term and no greater index, if that
// is not before the base.
func (m *logModel) endOf(term uint64, most int) (Position, bool) {
	for index := min(most, m.last()); index >= m.base; index-- {
		if m.all[index].Term <= term {
			return m.position(index), true
		}
	}
	return m.position(m.base), false
}

// held is entries that a message holds, and what they were when it was sent.
type held struct{ slice, was []Entry }

func TestALogIsASliceThatForgetsItsBeginning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Log
		m := &logModel{all: make([]Entry, 1)}
		var sent []held
		between := func(least, most int, name string) int { return rapid.IntRange(least, most).Draw(t, name) }
		for range between(1, 60, "steps") {
			switch between(0, 7, "step") {
			case 0, 1, 2, 3:
				e := Entry{Index: uint64(m.last() + 1), Term: m.all[m.last()].Term + uint64(between(0, 1, "term"))}
				m.all = append(m.all, e)
				l.append(e)
			case 4:
				index := between(m.base, m.last(), "truncated")
				m.all = m.all[:index+1]
				l.truncate(uint64(index))
			case 5:
				m.base = between(m.base, m.last(), "compacted")
				digest, _ := l.Digest(uint64(m.base))
				l.beginBehind(m.position(m.base), digest)
			case 6:
				behind, most := between(m.base, m.last()+1, "behind"), between(0, 5, "most")
				got := l.Behind(uint64(behind), most)
				want := m.all[min(behind+1, len(m.all)):min(behind+1+most, len(m.all))]
				if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Entry{}), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("slice (-want +got):\n%s", diff)
				}
				sent = append(sent, held{got, slices.Clone(got)})
				_ = append(got, Entry{Term: 99}) // whoever does so must not reach the log
			case 7:
				index, term := m.last()+between(0, 3, "beyond"), m.all[m.last()].Term+1
				l.beginBehind(Position{term, uint64(index)}, 0)
				m.all, m.base = make([]Entry, index+1), index
				m.all[index].Term = term
			}
			m.check(t, &l)
		}
		for _, s := range sent {
			if diff := cmp.Diff(s.was, s.slice, cmp.AllowUnexported(Entry{})); diff != "" {
				t.Fatalf("what a message holds has changed (-was +is):\n%s", diff)
			}
		}
	})
}

func TestEntriesThatDifferInAnythingHaveOtherDigests(t *testing.T) {
	seen := make(map[uint64]Entry)
	for _, e := range []Entry{
		{}, {Term: 1}, {Kind: 1}, {Kind: 2}, {Session: 1}, {Session: 2, Sequence: 256}, {Session: 3}, {Sequence: 1}, {Sequence: 256},
		{Command: []byte{0}}, {Command: []byte("12345678")}, {Command: []byte("12345678\x00")}, {Command: []byte("123456789")},
	} {
		if other, ok := seen[e.chain(7)]; ok {
			t.Errorf("%+v and %+v have the same digest", e, other)
		}
		seen[e.chain(7)] = e
	}
}

func TestDigestsAreEqualWhereLogsAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringN(0, 20, -1), 1, 10)
		one, other := words.Draw(t, "one"), words.Draw(t, "other")
		same := rapid.IntRange(0, min(len(one), len(other))).Draw(t, "same")
		copy(other, one[:same])
		digests := func(words []string) (all []uint64) {
			var l Log
			for i, word := range words {
				all = append(all, l.append(Entry{Index: uint64(i + 1), Term: 1, Command: []byte(word)}).digest)
			}
			return all
		}
		d, e := digests(one), digests(other)
		for i := range min(len(d), len(e)) {
			if equal := slices.Equal(one[:i+1], other[:i+1]); equal != (d[i] == e[i]) {
				t.Fatalf("equal up to %d: %v, but digests %x and %x", i+1, equal, d[i], e[i])
			}
		}
	})
}

// The room that a burst took is given back.
func TestALogKeepsNoRoomThatItDoesNotUse(t *testing.T) {
	l := &Log{}
	for range 10_000 {
		l.append(Entry{Index: l.LastIndex() + 1, Term: 1})
	}
	for range 2 {
		l.beginBehind(l.Last(), 0)
		l.append(Entry{Index: l.LastIndex() + 1, Term: 1})
	}
	l.beginBehind(l.Last(), 0)
	if room := cap(l.entries); room > 10 {
		t.Errorf("an empty log has room for %d entries", room)
	}
}
