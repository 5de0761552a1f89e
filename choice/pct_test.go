package choice

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// delayTopics are flows of messages whose lateness is asked.
func delayTopics(flows int) []Topic {
	topics := make([]Topic, flows)
	for i := range topics {
		topics[i] = NewTopic("network delay", fmt.Sprintf("1->%d AppendEntries", i))
	}
	return topics
}

func TestPCTAnswersAKeyAlikeWhateverElseIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		changes, steps := rapid.Uint64Range(0, 20).Draw(t, "changes"), rapid.Uint64Range(1, 200).Draw(t, "steps")
		topics := append(delayTopics(3), NewTopic("rand", "node 1 election timeout"), NewTopic("network loss", "1->2 Vote"))
		type key struct{ topic, index uint64 }
		keys := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) key {
			return key{rapid.Uint64Range(0, uint64(len(topics)-1)).Draw(t, "topic"), rapid.Uint64Range(0, 100).Draw(t, "index")}
		}), 1, 30).Draw(t, "keys")
		n := rapid.Uint64Range(1, 1<<40).Draw(t, "n")
		together := NewPCT(seed, changes, steps)
		for _, k := range keys {
			got := together.Choose(&topics[k.topic], k.index, n)
			alone := NewPCT(seed, changes, steps).Choose(&topics[k.topic], k.index, n)
			if got != alone || got >= n {
				t.Fatalf("%s, #%d: answered %d of [0, %d) among others, and %d alone", topics[k.topic].Subject, k.index, got, n, alone)
			}
		}
	})
}

func TestAFlowKeepsItsPriorityUntilItFallsForGood(t *testing.T) {
	const flows, steps, n, changes = 100, 100, uint64(Always), 5
	fallen, latest, earliest := 0, 0, 0
	for seed := range uint64(20) {
		source := NewPCT(seed, changes, flows*steps)
		for _, topic := range delayTopics(flows) {
			first := source.Choose(&topic, 0, n)
			last := first
			for step := range uint64(steps) {
				answer := source.Choose(&topic, step, n)
				if answer != last {
					if answer != n-1 {
						t.Fatalf("seed %d, %s: late by %d of %d, and from step %d on by %d", seed, topic.Subject, last, n, step, answer)
					}
					fallen++
				}
				last = answer
			}
			if first >= n/4 {
				latest++
			}
			if first < n/1000 {
				earliest++
			}
		}
	}
	if fallen < 20*changes*7/10 || fallen > 20*changes*13/10 {
		t.Errorf("%d flows fell in 20 runs: want about %d in each", fallen, changes)
	}
	if latest < 20*flows/20 || earliest < 20*flows/4 {
		t.Errorf("of %d flows %d are late by a quarter of all there is or more, and %d by a thousandth or less: want some and many", 20*flows, latest, earliest)
	}
}

func TestPCTLeavesToTheSeedWhatIsNoTime(t *testing.T) {
	source, seed := NewPCT(7, 3, 1000), Seed(7)
	for _, asked := range []struct {
		domain string
		n      uint64
	}{{"network loss", 1_000_000}, {"network latency", 1 << 20}, {"rand", 31}} {
		topic := NewTopic(asked.domain, "client 6 operation")
		for i := range uint64(100) {
			if got, want := source.Choose(&topic, i, asked.n), seed.Choose(&topic, i, asked.n); got != want {
				t.Fatalf("%s #%d: %d, and the seed says %d", asked.domain, i, got, want)
			}
		}
	}
}

// Two servers that time out alike for ever would split every vote.
func TestTimersOfOnePriorityDoNotGoTogether(t *testing.T) {
	source := NewPCT(7, 0, 1000)
	topic := NewTopic("rand", "node 1 election timeout")
	seen := make(map[uint64]bool)
	for i := range uint64(100) {
		seen[source.Choose(&topic, i, 150_000_000)] = true
	}
	if len(seen) < 90 {
		t.Errorf("a timer was set in %d ways in 100 times", len(seen))
	}
}

func TestANameOfPCTThatIsNoneIsRefused(t *testing.T) {
	for _, name := range []string{"pct", "pct ", "pct 3", "pct 3/0", "pct 3/x", "pct -1/5", "pct 3/5 ", "pct  3/5", "pct 03/5", "pct 3/99999999999999999999"} {
		if _, err := ParsePCT(name, 1); err == nil || !strings.Contains(err.Error(), "want pct CHANGES/STEPS") {
			t.Errorf("%q: the error is %v", name, err)
		}
	}
}

func FuzzParsePCT(f *testing.F) {
	f.Add("pct 3/12000")
	f.Add("pct 18446744073709551615/1")
	f.Fuzz(func(t *testing.T, name string) {
		source, err := ParsePCT(name, 1)
		if err != nil {
			return
		}
		if PCTName(source.changes, source.steps) != name {
			t.Errorf("%q is read as %q", name, PCTName(source.changes, source.steps))
		}
		topic := NewTopic("network delay", "1->2 Vote")
		source.Choose(&topic, 10, 100)
	})
}
