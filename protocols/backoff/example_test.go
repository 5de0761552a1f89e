package backoff_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/protocols/backoff"
)

// A node takes its draws from env.Rand("retry"), which the seed decides.
func Example() {
	draws := choice.NewStream(choice.Seed(1), "rand", "retry")
	b := backoff.New(draws, 10*time.Millisecond, 100*time.Millisecond)
	for most := 20; most <= 160; most *= 2 {
		wait := b.Next()
		fmt.Printf("at most %d ms: %v\n", min(most, 100), wait >= 10*time.Millisecond && wait <= time.Duration(most)*time.Millisecond)
	}
	b.Reset()
	fmt.Println("after success, at most 20 ms again:", b.Next() <= 20*time.Millisecond)
	// Output:
	// at most 20 ms: true
	// at most 40 ms: true
	// at most 80 ms: true
	// at most 100 ms: true
	// after success, at most 20 ms again: true
}
