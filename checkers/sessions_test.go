package checkers

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/history"
)

// breaks reports whether a read breaks a guarantee, by its definition.
func (n naiveVersions) breaks(g Guarantee, read *history.Operation) bool {
	seen, ok := n.writer(read)
	if !ok {
		return false
	}
	// newer reports whether what a client knew of the key at some moment is newer
	// than what was seen.
	newer := func(client int, moment uint64) bool {
		for i := range n.all {
			op := &n.all[i]
			if op.Client != client || input(op).Key != input(read).Key || op.Outcome != history.OK || op.Returned > moment {
				continue
			}
			known := op
			if input(op).F == history.Read {
				known, _ = n.writer(op)
			}
			wrote := g == ReadYourWrites || g == MonotonicWrites
			if wrote == (input(op).F == history.Write) && n.alwaysBefore(seen, known) {
				return true
			}
		}
		return false
	}
	if g == ReadYourWrites || g == MonotonicReads {
		return newer(read.Client, read.Invoked)
	}
	for i := range n.all {
		if heard, ok := n.writer(&n.all[i]); ok && heard != nil && n.all[i].Client == read.Client && n.all[i].Returned < read.Invoked &&
			heard.Client != read.Client && newer(heard.Client, heard.Invoked) {
			return true
		}
	}
	return false
}

// By the definitions: of each read and guarantee the checker says what all pairs
// of operations and all orders of writes say.
func TestSessionsAreWhatAllOrdersOfWritesSay(t *testing.T) {
	for g, roles := range map[Guarantee][]role{ReadYourWrites: equals, MonotonicReads: equals, MonotonicWrites: hearsay, WritesFollowReads: hearsay} {
		t.Run(string(g), func(t *testing.T) {
			compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
				h := drawRegisters(t, 18*len(roles)-22, roles)
				var broken, told []string
				n := newNaive(h.Operations())
				for i := range n.all {
					if n.breaks(g, &n.all[i]) {
						broken = append(broken, describe(&n.all[i]))
					}
				}
				found = Sessions(h, g)
				for _, v := range found {
					told = append(told, describe(&v.Offence.Culprit))
					if v.Kind != string(g) {
						t.Fatalf("asked for %s, told of %s", g, v.Kind)
					}
				}
				if !slices.Equal(broken, told) {
					t.Fatalf("told of %v, want %v\n%s", told, broken, show(h))
				}
				return broken == nil, found
			})
		})
	}
}

// What convicts a read convicts it alone.
func TestASessionOffenceConvictsByItself(t *testing.T) {
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		for _, v := range Sessions(drawRegisters(t, 30, hearsay), Guarantees()...) {
			told++
			n := newNaive(v.Offence.Window)
			last := slices.IndexFunc(n.all, func(op history.Operation) bool { return op.Invoked == v.Offence.Culprit.Invoked })
			if last < 0 || !n.breaks(Guarantee(v.Kind), &n.all[last]) {
				t.Fatalf("%v", v.Offence)
			}
		}
	})
	if told < 50 {
		t.Errorf("only %d offences were told", told)
	}
}

// Who asks for one guarantee is told of no other.
func TestOnlyWhatIsPromisedIsWatched(t *testing.T) {
	h := script(t, "1 write x a\n1 ok\n1 read x\n1 ok nothing")
	for _, g := range Guarantees() {
		if found := Sessions(h, g); (len(found) > 0) != (g == ReadYourWrites) {
			t.Errorf("%s: %v", g, found)
		}
	}
	if found := Sessions(h); found != nil {
		t.Errorf("nothing is promised, and it is broken: %v", found)
	}
	if len(Sessions(h, Guarantees()...)) != 1 {
		t.Error("of all guarantees there is more than one broken")
	}
}
