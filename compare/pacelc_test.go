package compare

import (
	"testing"
	"time"
)

// Between the regions a message takes 35 ms at the least, so that one that asks
// another region and waits for its answer takes 70.
const abroad = 70 * time.Millisecond

// Else latency, or consistency: what reads within a region, in all of them, reads
// something stale; and what is never stale waits for another region somewhere.
func TestFreshReadsCostARoundTrip(t *testing.T) {
	fast, fresh := 0, 0
	for _, d := range Designs() {
		for seed := range uint64(3) {
			row := PACELC(d, seed)
			slowest := time.Duration(0)
			for i, region := range row.Reads {
				if region.Count < 30 || row.Writes[i].Count < 30 {
					t.Fatalf("%s, seed %d: hardly anything was answered from %s: %+v", d.ID, seed, Regions[i], row)
				}
				slowest = max(slowest, region.Median)
			}
			if (row.Else == "EC") != (row.Linearizable == "holds") {
				t.Errorf("%s, seed %d: %s, and is it linearizable? That %s", d.ID, seed, row.Else, row.Linearizable)
			}
			if slowest < abroad {
				fast++
				if row.Staleness.Stale == 0 {
					t.Errorf("%s, seed %d: reads take %v at the most, and none is stale", d.ID, seed, slowest)
				}
			}
			if row.Staleness.Stale == 0 {
				fresh++
			} else if d.Linearizable {
				t.Errorf("%s, seed %d: linearizable, and %d reads are stale", d.ID, seed, row.Staleness.Stale)
			}
		}
	}
	if fast == 0 || fresh == 0 {
		t.Errorf("%d runs were fast and %d fresh: the comparison shows one side only", fast, fresh)
	}
}

// A leader's lease makes reads beside it local, and reads elsewhere no slower
// than reads by index.
func TestALeaseReadsAtHome(t *testing.T) {
	rows := make(map[string]PACELCRow)
	for _, d := range raftDesigns() {
		rows[d.ID] = PACELC(d, 1)
	}
	lease, index := rows["raft/lease"], rows["raft/index"]
	if lease.Reads[0].Median > 5*time.Millisecond || index.Reads[0].Median < abroad {
		t.Errorf("beside the leader, by lease %v, by index %v", lease.Reads[0].Median, index.Reads[0].Median)
	}
	for i := range Regions {
		if lease.Reads[i].Median > index.Reads[i].Median {
			t.Errorf("from %s, by lease %v, by index %v", Regions[i], lease.Reads[i].Median, index.Reads[i].Median)
		}
	}
}
