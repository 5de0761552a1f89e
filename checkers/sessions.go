package checkers

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"seedbed.example/history"
)

// A Guarantee is what a system may promise to the session of one client,
// wherever its operations are served (Terry, Demers, Petersen, Spreitzer, Theimer
// and Welch, "Session guarantees for weakly consistent replicated data", 1994).
type Guarantee string

// The guarantees of the paper's section 3, as a read can show them broken.
const (
	ReadYourWrites    Guarantee = "read your writes"    // a read sees nothing older than what its session has written
	MonotonicReads    Guarantee = "monotonic reads"     // a read sees nothing older than what its session has read
	MonotonicWrites   Guarantee = "monotonic writes"    // who has read a write sees nothing older than what the writer had written before it
	WritesFollowReads Guarantee = "writes follow reads" // who has read a write sees nothing older than what the writer had read before it
)

// Guarantees returns every guarantee there is.
func Guarantees() []Guarantee {
	return []Guarantee{ReadYourWrites, MonotonicReads, MonotonicWrites, WritesFollowReads}
}

// Sessions finds reads that break a guarantee which is promised. Each client is
// a session. There is one violation at most for each read and guarantee, which
// is its kind.
//
// Operations must be of [history.Input] and [history.Output]. What a read has
// seen is known by its value: values that are written twice to a key tell
// nothing, and neither do keys that are appended to, deleted, or used otherwise
// than as registers. A version is older than another if it had been acknowledged,
// or read by anybody, before the other's write was called; the nothing at the
// beginning is older than all. So nobody is accused wrongly whose system orders
// writes that follow one another in real time as they do. Writes that were not
// acknowledged oblige to nothing until they have been read.
//
// For n operations of c clients it takes time in proportion to n c log n.
func Sessions(h *history.History, promised ...Guarantee) []Violation {
	keys := versionsOf(h)
	s := newSessions(keys)
	var broken []*Offence
	for _, v := range keys {
		for i := range v.operations {
			seen := v.seen(&v.operations[i])
			if seen == nil {
				continue
			}
			for _, g := range promised {
				if o := s.broken(g, v.key, &v.operations[i], seen); o != nil {
					broken = append(broken, o)
				}
			}
		}
	}
	slices.SortStableFunc(broken, func(a, b *Offence) int { return cmp.Compare(a.Culprit.Invoked, b.Culprit.Invoked) })
	var found []Violation
	for _, o := range broken {
		found = append(found, Violation{Checker: "sessions", Kind: o.Kind, Message: o.String(), Offence: o})
	}
	return found
}

// A mark says by what operation a client knew of a version.
type mark struct {
	key     string
	version *version
	by      *history.Operation // a read, or the acknowledged write
}

// marksOf returns by what clients knew of versions, in the order in which they
// came to know.
func marksOf(keys []*versioned) []mark {
	var marks []mark
	for _, v := range keys {
		for i := range v.operations {
			op := &v.operations[i]
			if acknowledged(op) {
				marks = append(marks, mark{v.key, &version{write: op, invoked: op.Invoked}, op})
			} else if seen := v.seen(op); seen != nil && seen != v.nothing {
				marks = append(marks, mark{v.key, seen, op})
			}
		}
	}
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Compare(a.by.Returned, b.by.Returned) })
	return marks
}

// A trail is marks in the order in which they came about, each of a version that
// was written later than all before.
type trail []mark

func (t trail) with(m mark) trail {
	if len(t) > 0 && t[len(t)-1].version.invoked >= m.version.invoked {
		return t
	}
	return append(t, m)
}

// before returns the last mark that had come about before a moment; nil if none
// had.
func (t trail) before(moment uint64) *mark {
	n := sort.Search(len(t), func(i int) bool { return t[i].by.Returned >= moment })
	if n == 0 {
		return nil
	}
	return &t[n-1]
}

type clientKey struct {
	client int
	key    string
}

type readerWriter struct{ reader, writer int }

// sessions is what all clients knew of versions.
type sessions struct {
	writers     []int               // the clients whose writes others have read, in order
	wrote, read map[clientKey]trail // looked up only
	heard       map[readerWriter]trail
}

func newSessions(keys []*versioned) *sessions {
	s := &sessions{wrote: make(map[clientKey]trail), read: make(map[clientKey]trail), heard: make(map[readerWriter]trail)}
	for _, m := range marksOf(keys) {
		at := clientKey{m.by.Client, m.key}
		if !isRead(m.by) {
			s.wrote[at] = s.wrote[at].with(m)
			continue
		}
		s.read[at] = s.read[at].with(m)
		if writer := m.version.write.Client; writer != m.by.Client {
			from := readerWriter{m.by.Client, writer}
			s.heard[from] = s.heard[from].with(m)
			s.writers = append(s.writers, writer)
		}
	}
	slices.Sort(s.writers)
	s.writers = slices.Compact(s.writers)
	return s
}

// broken tells how a read that has seen a version breaks a guarantee; nil if it
// does not.
func (s *sessions) broken(g Guarantee, key string, read *history.Operation, seen *version) *Offence {
	known := s.wrote
	if g == MonotonicReads || g == WritesFollowReads {
		known = s.read
	}
	if g == ReadYourWrites || g == MonotonicReads {
		newer := known[clientKey{read.Client, key}].before(read.Invoked)
		if newer == nil || !seen.older(newer.version) {
			return nil
		}
		return newSessionOffence(g, key, read, seen, newer, nil)
	}
	for _, writer := range s.writers {
		heard := s.heard[readerWriter{read.Client, writer}].before(read.Invoked)
		if heard == nil {
			continue
		}
		newer := known[clientKey{writer, key}].before(heard.version.invoked)
		if newer != nil && seen.older(newer.version) {
			return newSessionOffence(g, key, read, seen, newer, heard)
		}
	}
	return nil
}

// newSessionOffence tells why a read may not see a version: a newer one was known
// to its session or, if heard is not nil, to the one that had written what the
// session has heard of.
func newSessionOffence(g Guarantee, key string, read *history.Operation, old *version, newer, heard *mark) *Offence {
	o := &Offence{Key: key, Culprit: *read, Kind: string(g)}
	deed := "written"
	if isRead(newer.by) {
		deed = "read"
	}
	_, _, saw := seen(read)
	o.Reason = fmt.Sprintf("%s, although it had %s %q before, which is newer", saw, deed, input(newer.version.write).Value)
	convict := []*history.Operation{old.write, old.by, newer.version.write, newer.by, read}
	if heard != nil {
		o.Reason = fmt.Sprintf("%s, although it had read %s: client %d had %s %q before it wrote that, and that is newer",
			saw, named(heard), newer.by.Client, deed, input(newer.version.write).Value)
		convict = append(convict, heard.version.write, heard.by)
	}
	o.Window = window(convict)
	return o
}

// named tells a value that was read, and of which key.
func named(m *mark) string {
	if m.key == "" {
		return fmt.Sprintf("%q", input(m.version.write).Value)
	}
	return fmt.Sprintf("%q of key %q", input(m.version.write).Value, m.key)
}
