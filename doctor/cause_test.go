package doctor

import (
	"testing"

	"seedbed.example/sim"
)

// sampled makes a sample of runs whose hashes are letters.
func sampled(c Conditions, letters string) Sample {
	s := Sample{Conditions: c}
	for _, letter := range letters {
		s.Hashes = append(s.Hashes, sim.Hash(letter))
	}
	return s
}

func TestExperimentsTellTheCause(t *testing.T) {
	free := Conditions{}
	for _, c := range []struct {
		name string
		all  samples
		d    *Difference
		want diagnosis
	}{
		{"all further runs are one",
			samples{sampled(free, "aaaa"), sampled(oneThread, "aaaa"), sampled(manyThreads, "aaaa"), sampled(free, "aaaa")}, nil, diagnosis{cause: Rare}},
		{"each process counts its runs",
			samples{sampled(free, "abcd"), sampled(oneThread, "abcd"), sampled(manyThreads, "abcd"), sampled(stillClock, "abcd"), sampled(free, "abcd"), sampled(oneThread, "abcd"), sampled(seededRand, "abcd"), sampled(seededRand, "abcd")},
			nil, diagnosis{cause: KeptState, sure: true}},
		{"only the first run in this process differs",
			samples{sampled(free, "abbb"), sampled(oneThread, "bbbb"), sampled(manyThreads, "bbbb"), sampled(stillClock, "bbbb")}, nil, diagnosis{cause: KeptState}},
		{"each number of threads has its run",
			samples{sampled(free, "aaaa"), sampled(oneThread, "bbbb"), sampled(manyThreads, "cccc"), sampled(free, "aaaa"), sampled(oneThread, "bbbb")}, nil, diagnosis{cause: ThreadCount, sure: true}},
		{"each process has its run",
			samples{sampled(free, "aaaa"), sampled(oneThread, "bbbb"), sampled(manyThreads, "cccc"), sampled(free, "dddd"), sampled(oneThread, "eeee")}, nil, diagnosis{cause: OwnProcess, sure: true}},
		{"one thread has one run",
			samples{sampled(free, "abca"), sampled(oneThread, "aaaa"), sampled(manyThreads, "dbca"), sampled(stillClock, "abcd"), sampled(free, "aaab"), sampled(oneThread, "aaaa")},
			&Difference{Reordered: true}, diagnosis{cause: Goroutines, sure: true}},
		{"one thread has one run as a rule",
			samples{sampled(free, "abca"), sampled(oneThread, "aaab"), sampled(manyThreads, "dbca"), sampled(stillClock, "abcd"), sampled(free, "aaab"), sampled(oneThread, "aaaa")},
			&Difference{Reordered: true}, diagnosis{cause: Goroutines}},
		{"a clock that stands still makes one run",
			samples{sampled(free, "abcd"), sampled(oneThread, "efgh"), sampled(manyThreads, "ijkl"), sampled(stillClock, "zzzz"), sampled(free, "mnop"), sampled(oneThread, "qrst")},
			&Difference{Reordered: true}, diagnosis{cause: WallClock, sure: true}},
		{"seeded processes go the same way",
			samples{sampled(free, "abcd"), sampled(oneThread, "efgh"), sampled(manyThreads, "ijkl"), sampled(stillClock, "zyxw"), sampled(free, "mnop"), sampled(oneThread, "qrst"), sampled(seededRand, "1234"), sampled(seededRand, "1234")},
			&Difference{Reordered: true}, diagnosis{cause: GlobalRand, sure: true}},
		{"nothing helps, and the order differs",
			samples{sampled(free, "abab"), sampled(oneThread, "bbaa"), sampled(manyThreads, "abba"), sampled(stillClock, "baba"), sampled(free, "aabb"), sampled(oneThread, "baab"), sampled(seededRand, "aabb"), sampled(seededRand, "baba")},
			&Difference{Reordered: true}, diagnosis{cause: Order}},
		{"nothing helps, and values differ",
			samples{sampled(free, "abab"), sampled(oneThread, "bbaa"), sampled(manyThreads, "abba"), sampled(stillClock, "baba")}, &Difference{}, diagnosis{cause: Randomness}},
		{"addresses differ, although processes count alike",
			samples{sampled(free, "abcd"), sampled(oneThread, "abcd"), sampled(manyThreads, "abcd"), sampled(free, "abcd")}, &Difference{Addresses: true}, diagnosis{cause: Address}},
		{"no experiment was possible", nil, nil, diagnosis{cause: Randomness}},
	} {
		got := diagnose(c.all, c.d)
		if got.cause != c.want.cause || got.sure != c.want.sure || got.why == "" {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestEachCauseHasItsAdvice(t *testing.T) {
	for _, c := range []Cause{KeptState, OwnProcess, ThreadCount, Goroutines, WallClock, GlobalRand, Order, Address, Randomness, Recording, Rare} {
		if advice[c] == "" {
			t.Errorf("none for %q", c)
		}
	}
}
