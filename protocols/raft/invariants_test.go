package raft

import (
	"slices"
	"strings"
	"testing"

	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// observed is an invariants checker and what it has reported.
type observed struct {
	*Invariants
	reports []string
}

func newObserved() *observed {
	o := &observed{}
	o.Invariants = NewInvariants(func(_, message string) { o.reports = append(o.reports, message) })
	return o
}

// logOf returns a log of these terms, and its digest function.
func logOf(terms ...uint64) (*replog.Log, func(uint64) (uint64, bool)) {
	var entries []Entry
	for i, term := range terms {
		entries = append(entries, Entry{Index: uint64(i + 1), Term: term})
	}
	l := replog.Of(entries...)
	return l, l.Digest
}

// digestOf returns the digest of a whole log of these terms.
func digestOf(terms ...uint64) uint64 {
	l, _ := logOf(terms...)
	d, _ := l.Digest(l.LastIndex())
	return d
}

// The five properties of figure 3: each is reported when it is broken, and
// nothing is when it holds.
func TestEachPropertyOfFigure3IsReportedWhenBroken(t *testing.T) {
	lead := func(o *observed, node sim.NodeID, term uint64, log ...uint64) {
		_, digest := logOf(log...)
		o.BecameLeader(node, term, digest)
	}
	commit := func(o *observed, node sim.NodeID, term uint64, log ...uint64) {
		o.Committed(node, term, uint64(len(log)), digestOf(log...))
	}
	apply := func(o *observed, node sim.NodeID, log ...uint64) {
		o.Applied(node, uint64(len(log)), digestOf(log...))
	}
	put := func(o *observed, node sim.NodeID, log ...uint64) {
		l, _ := logOf(log...)
		o.Appended(node, false, l.At(l.LastIndex()))
	}
	for _, test := range []struct {
		name string
		do   func(o *observed)
		want string // what the one report begins with; "" for none
	}{
		{"one leader a term", func(o *observed) { lead(o, 1, 1); lead(o, 2, 2); lead(o, 1, 3) }, ""},
		{"two leaders of a term", func(o *observed) { lead(o, 1, 1); lead(o, 2, 1) }, "election safety"},

		{"a follower truncates", func(o *observed) { o.Truncated(1, false, 3) }, ""},
		{"a leader truncates", func(o *observed) { o.Truncated(1, true, 3) }, "leader append-only"},

		{"the same log", func(o *observed) { put(o, 1, 1, 2); put(o, 2, 1, 2); put(o, 1, 1, 2) }, ""},
		{"logs that part", func(o *observed) { put(o, 1, 1, 2); put(o, 2, 1, 3) }, ""},
		{"an entry of a term behind another log", func(o *observed) { put(o, 1, 1, 3); put(o, 2, 2, 3) }, "log matching"},
		{"the same, third", func(o *observed) { put(o, 1, 1, 2, 3); put(o, 1, 1, 1, 2); put(o, 2, 2, 2, 3) }, "log matching"},

		{"a leader that has what is committed", func(o *observed) { commit(o, 1, 2, 1, 2); lead(o, 2, 3, 1, 2, 2) }, ""},
		{"a leader whose log is shorter", func(o *observed) { commit(o, 1, 2, 1, 2); lead(o, 2, 3, 1) }, "leader completeness"},
		{"a leader whose log is another", func(o *observed) { commit(o, 1, 2, 1, 2); lead(o, 2, 3, 1, 1, 1) }, "leader completeness"},
		{"what only a later term commits", func(o *observed) { commit(o, 1, 5, 1, 2); lead(o, 2, 3, 1) }, ""},
		{"what an earlier term commits, and more", func(o *observed) {
			commit(o, 1, 2, 1, 2)
			commit(o, 3, 4, 1, 2, 4)
			lead(o, 2, 3, 1)
		}, "leader completeness"},

		{"the same applied", func(o *observed) { apply(o, 1, 1, 2); apply(o, 2, 1, 2); apply(o, 2, 1, 2, 2) }, ""},
		{"another entry applied", func(o *observed) { apply(o, 1, 1, 2); apply(o, 2, 1, 3) }, "state machine safety"},
		{"another log applied", func(o *observed) { apply(o, 1, 1, 2); apply(o, 2, 2, 2) }, "state machine safety"},
		{"the same committed", func(o *observed) { commit(o, 1, 2, 1, 2); commit(o, 2, 3, 1, 2) }, ""},
		{"another entry committed", func(o *observed) { commit(o, 1, 2, 1, 2); commit(o, 2, 3, 1, 3) }, "state machine safety"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newObserved()
			test.do(o)
			switch {
			case test.want == "" && len(o.reports) > 0:
				t.Errorf("reported: %v", o.reports)
			case test.want != "" && (len(o.reports) != 1 || !strings.HasPrefix(o.reports[0], test.want)):
				t.Errorf("reported %q, want one of %q", o.reports, test.want)
			}
		})
	}
}

// Memory is bounded, so what lags far behind goes unchecked. It must not be
// taken for something else.
func TestALongRunIsNotReportedForWhatHasBeenForgotten(t *testing.T) {
	o := newObserved()
	l, digest := logOf(slices.Repeat([]uint64{1}, 3*window)...)
	o.BecameLeader(1, 1, digest)
	for index := uint64(1); index <= 3*window; index++ {
		e := l.At(index)
		o.Appended(1, true, e)
		o.Committed(1, 1, index, e.Digest())
		o.Applied(1, index, e.Digest())
	}
	for _, index := range []uint64{1, window, 2 * window, 3 * window} { // another server comes after
		o.Appended(2, false, l.At(index))
		o.Applied(2, index, l.At(index).Digest())
	}
	o.BecameLeader(2, 2, digest)
	expect(t, "reports", o.reports, nil)
	if held := len(o.committed.slots) + len(o.applied.slots) + len(o.digests.slots); held > 3*window {
		t.Errorf("%d slots held", held)
	}
	o.Applied(2, 2*window+1, 7)
	o.Applied(2, 3*window, 7)
	expect(t, "reports of what is still remembered", len(o.reports), 2)
}

func TestTheTermsRememberedAreBounded(t *testing.T) {
	o := newObserved()
	_, digest := logOf()
	for term := uint64(1); term < 3*window; term++ {
		o.BecameLeader(1, term, digest)
	}
	if len(o.leaders) > window+1 {
		t.Errorf("%d leaders remembered", len(o.leaders))
	}
}
