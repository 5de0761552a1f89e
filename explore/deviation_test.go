package explore

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
)

// decision is a choice that was asked, and answered 0.
func decision(domain, subject string, index, n uint64) choice.Decision {
	return choice.Decision{Override: choice.Override{Key: choice.Key{Domain: domain, Subject: subject, Index: index}}, N: n}
}

func TestDeviationsComeInTheOrderOfChoices(t *testing.T) {
	asked := []choice.Decision{
		decision("rand", "node 1 jitter", 0, 100),
		decision("network loss", "1->2 Vote", 0, 1000),
		decision("network latency", "1->2 Vote", 0, 1000),
		decision("network loss", "1->3 Vote", 0, 1000),
		decision("network loss", "4->1 Ask", 0, 1000), // from a client
		decision("network loss", "1->4 Reply", 0, 1000),
		decision("disk crash", "node 1 log", 0, 3),
		decision("disk crash", "node 1 log", 1, 1),
		decision("network loss", "1->2 Vote", 1, 1000),
		decision("core", "nodes", 0, 3),
		decision("network loss", "2->1 Vote", 0, 2),
	}
	var got []string
	last := place(-1)
	for at, d := range deviations(asked, []string{"network loss", "disk crash", CrashDomain}, 3) {
		if at < last {
			t.Errorf("place %d comes after %d", at, last)
		}
		last = at
		if d.crash != nil {
			got = append(got, d.crash.String())
		} else {
			got = append(got, fmt.Sprintf("%v = %d", d.answer.Key, d.answer.Value))
		}
	}
	want := []string{
		"once node 1 has sent 1 Vote, node 1 goes down for 100ms",
		"network loss, 1->2 Vote, #0 = 999",
		"once node 1 has sent 2 Vote, node 1 goes down for 100ms",
		"network loss, 1->3 Vote, #0 = 999",
		"once node 1 has sent 1 Reply, node 1 goes down for 100ms",
		"disk crash, node 1 log, #0 = 1",
		"disk crash, node 1 log, #0 = 2",
		"once node 1 has sent 3 Vote, node 1 goes down for 100ms",
		"network loss, 1->2 Vote, #1 = 999",
		"network loss, 2->1 Vote, #0 = 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
