package compare

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The theorem, on what was measured: a design of which clients saw nothing that
// is not linearizable answered writes on one side at most, and one that answered
// on both sides has something to show for it.
func TestNoDesignHasAllThree(t *testing.T) {
	consistent, available := 0, 0
	for _, d := range Designs() {
		for seed := range uint64(5) {
			row := CAP(d, seed)
			if row.Minority.Writes == 0 || row.Minority.Reads == 0 || row.Majority.Writes == 0 || row.Acknowledged == 0 {
				t.Fatalf("%s, seed %d: nothing was asked: %+v", d.ID, seed, row)
			}
			if d.Linearizable != (row.Linearizable == "holds") {
				t.Errorf("%s, seed %d: is it linearizable? It says %v, and that %s", d.ID, seed, d.Linearizable, row.Linearizable)
			}
			if d.Linearizable {
				consistent++
				if min(row.Minority.WritesAnswered, row.Majority.WritesAnswered) > 0 || row.Missing > 0 || row.Staleness.Stale > 0 {
					t.Errorf("%s, seed %d: linearizable, and yet %+v", d.ID, seed, row)
				}
			}
			if row.Partition == "PA" {
				available++
				if row.Missing == 0 && row.Staleness.Stale == 0 && row.Differ == 0 {
					t.Errorf("%s, seed %d: answers on both sides, and pays nothing: %+v", d.ID, seed, row)
				}
			}
		}
	}
	if consistent == 0 || available == 0 {
		t.Errorf("%d runs were consistent and %d available: the comparison shows one side only", consistent, available)
	}
}

// The designs that a majority is enough for go on in the majority.
func TestTheMajorityGoesOn(t *testing.T) {
	for _, d := range Designs() {
		if row := CAP(d, 3); d.Majority && (row.Majority.WritesAnswered < row.Majority.Writes*9/10 || row.Majority.ReadsAnswered < row.Majority.Reads*9/10) {
			t.Errorf("%s: %+v", d.ID, row.Majority)
		}
	}
}

func TestTheSameSeedGivesTheSameRow(t *testing.T) {
	for _, d := range Designs() {
		if diff := cmp.Diff(CAP(d, 7), CAP(d, 7)); diff != "" {
			t.Errorf("CAP of %s:\n%s", d.ID, diff)
		}
		if diff := cmp.Diff(PACELC(d, 7), PACELC(d, 7)); diff != "" {
			t.Errorf("PACELC of %s:\n%s", d.ID, diff)
		}
	}
}
