package quorum

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Timestamps are ordered by number, then by writer, then by its life.
func TestOfTwoTimestampsOneIsLater(t *testing.T) {
	inOrder := []Timestamp{{}, {1, Writer{4, 1}}, {1, Writer{4, 2}}, {1, Writer{5, 1}}, {2, Writer{3, 1}}, {10, Writer{1, 1}}}
	for i, a := range inOrder {
		for j, b := range inOrder {
			if later := Correct().Later(a, b); later != (i > j) {
				t.Errorf("%v is later than %v: %v", a, b, later)
			}
		}
	}
}

// What is held is met by every query: by any r replicas, if so many of n hold it
// and the rest do not.
func TestWhatIsHeldIsFoundByEveryQuery(t *testing.T) {
	for n := 1; n <= 7; n++ {
		for r := 1; r <= n; r++ {
			for w := n - r + 1; w <= n; w++ { // quorums that meet
				for holders := range n + 1 {
					for readers := holders; readers <= n; readers++ {
						if Correct().Held(holders, readers, w) && r <= n-holders {
							t.Errorf("%d of %d hold it, and %d others are a read quorum; w is %d", holders, n, r, w)
						}
					}
				}
			}
		}
	}
}

func TestQuorumsMeetUnlessTheyAreSetNotTo(t *testing.T) {
	for n := 1; n <= 9; n++ {
		o := Options{Replicas: newIDs(n)}
		if !o.Meet() || o.Core() != n/2+1 {
			t.Errorf("by default %d replicas meet: %v, and %d are needed", n, o.Meet(), o.Core())
		}
		for r := 1; r <= n; r++ {
			for w := 1; w <= n; w++ {
				o.R, o.W = r, w
				if o.Meet() != (r+w > n) || o.Core() != max(r, w) {
					t.Errorf("r = %d and w = %d of %d meet: %v, and %d are needed", r, w, n, o.Meet(), o.Core())
				}
			}
		}
	}
	if o := (Options{Replicas: newIDs(3), R: 9, W: 9}).withDefaults(); o.R != 3 || o.W != 3 {
		t.Errorf("quorums of %d and %d of 3 replicas", o.R, o.W)
	}
}

// Each property is found broken where it is, and nowhere else.
func TestInvariantsFindWhatIsBroken(t *testing.T) {
	one, two := Timestamp{1, Writer{4, 1}}, Timestamp{2, Writer{4, 1}}
	for _, test := range []struct {
		name string
		do   func(v *Invariants)
		want []string
	}{
		{"the same version at two replicas", func(v *Invariants) {
			v.Taken(1, "x", Version{one, "a"})
			v.Taken(2, "x", Version{one, "a"})
			v.Taken(2, "y", Version{one, "b"})
		}, nil},
		{"a timestamp with two values", func(v *Invariants) {
			v.Taken(1, "x", Version{one, "a"})
			v.Taken(2, "x", Version{one, "b"})
		}, []string{"unique timestamps"}},
		{"a query that finds what was completed, and one that finds more", func(v *Invariants) {
			v.Completed("x", one)
			v.Began(1, Round{1, 1}, "x")
			v.Began(2, Round{1, 1}, "x")
			v.Found(1, Round{1, 1}, "x", one)
			v.Found(2, Round{1, 1}, "x", two)
		}, nil},
		{"a query that began before, or of another key", func(v *Invariants) {
			v.Began(1, Round{1, 1}, "x")
			v.Completed("x", one)
			v.Began(1, Round{1, 2}, "y")
			v.Found(1, Round{1, 1}, "x", Timestamp{})
			v.Found(1, Round{1, 2}, "y", Timestamp{})
		}, nil},
		{"a query that misses the later of two", func(v *Invariants) {
			v.Completed("x", two)
			v.Completed("x", one)
			v.Began(1, Round{1, 1}, "x")
			v.Found(1, Round{1, 1}, "x", one)
		}, []string{"quorums meet"}},
	} {
		var found []string
		test.do(NewInvariants(func(_, property, _ string) { found = append(found, property) }))
		if diff := cmp.Diff(test.want, slices.Clip(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
