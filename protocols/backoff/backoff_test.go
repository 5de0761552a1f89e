package backoff_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/protocols/backoff"
)

// greatest answers every choice with the greatest that it allows.
type greatest struct{}

func (greatest) Choose(_ *choice.Topic, _, n uint64) uint64 { return max(n, 1) - 1 }

func waits(source choice.Source, least, most time.Duration, n int) []time.Duration {
	b := backoff.New(choice.NewStream(source, "rand", "retry"), least, most)
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = b.Next()
	}
	return all
}

func TestWaitsAreBetweenTheLeastAndOneThatDoubles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := time.Duration(rapid.Int64Range(1, math.MaxInt64).Draw(t, "least"))
		most := time.Duration(rapid.Int64Range(int64(least), math.MaxInt64).Draw(t, "most"))
		calm, drawn, longest := waits(choice.Zero{}, least, most, 70), waits(choice.Seed(rapid.Uint64().Draw(t, "seed")), least, most, 70), waits(greatest{}, least, most, 70)
		ceiling := least
		for i := range 70 {
			if ceiling > most/2 {
				ceiling = most
			} else {
				ceiling *= 2
			}
			if calm[i] != least || longest[i] != ceiling || drawn[i] < least || drawn[i] > ceiling {
				t.Fatalf("wait %d: %v, %v, %v, not from %v to %v", i+1, calm[i], drawn[i], longest[i], least, ceiling)
			}
		}
	})
}

func TestAResetBeginsAnew(t *testing.T) {
	b := backoff.New(choice.NewStream(greatest{}, "rand", "retry"), time.Millisecond, time.Second)
	first := b.Next()
	if second := b.Next(); second != 2*first {
		t.Errorf("%v after %v", second, first)
	}
	b.Reset()
	if again := b.Next(); again != first {
		t.Errorf("%v after a reset, at first %v", again, first)
	}
}

// Nodes that failed together do not come again together.
func TestTwoNodesWaitDifferently(t *testing.T) {
	for seed := range choice.Seed(100) {
		one := backoff.New(choice.NewStream(seed, "rand", "node 1 retry"), time.Millisecond, time.Second)
		other := backoff.New(choice.NewStream(seed, "rand", "node 2 retry"), time.Millisecond, time.Second)
		if slices.Equal([]time.Duration{one.Next(), one.Next()}, []time.Duration{other.Next(), other.Next()}) {
			t.Errorf("seed %d: the same waits", seed)
		}
	}
}

// A wait of no time would let the calmest run ask for ever at one instant.
func TestWaitsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, bad := range [][2]time.Duration{{0, time.Second}, {-1, time.Second}, {2, 1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("waits from %v to %v", bad[0], bad[1])
				}
			}()
			waits(choice.Zero{}, bad[0], bad[1], 0)
		}()
	}
}
