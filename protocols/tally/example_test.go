package tally_test

import (
	"fmt"

	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// A proposer among five acceptors hears from some of them, from one twice.
func Example() {
	var promised tally.Set
	for _, from := range []sim.NodeID{4, 1, 4, 5} {
		if promised.Add(from) && promised.Len() == tally.Majority(5) {
			fmt.Println("a majority has promised:", promised.Members())
		}
	}
	fmt.Println("reads of 2 see writes of 4:", tally.Overlap(2, 4, 5))
	fmt.Println("reads of 2 see writes of 3:", tally.Overlap(2, 3, 5))
	// Output:
	// a majority has promised: [1 4 5]
	// reads of 2 see writes of 4: true
	// reads of 2 see writes of 3: false
}
