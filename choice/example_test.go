package choice_test

import (
	"fmt"

	"seedbed.example/choice"
)

// One seed answers every question, and the answer to one question does not
// depend on which others were asked.
func Example() {
	seed := choice.Seed(42)
	loss := choice.NewStream(seed, "network loss", "1->3 AppendEntries")
	for i := range 5 {
		fmt.Println("message", i, "lost:", loss.Strikes(20*choice.Percent))
	}
	// Output:
	// message 0 lost: false
	// message 1 lost: false
	// message 2 lost: false
	// message 3 lost: false
	// message 4 lost: false
}

// A repro is a seed and a few overrides: here, the third message is lost.
func ExampleOverrideWith() {
	source := choice.OverrideWith(choice.Zero{}, []choice.Override{
		{Key: choice.Key{Domain: "network loss", Subject: "1->2 Vote", Index: 2}, Value: 999_999},
	})
	loss := choice.NewStream(source, "network loss", "1->2 Vote")
	for i := range 4 {
		fmt.Println("message", i, "lost:", loss.Strikes(choice.Percent))
	}
	// Output:
	// message 0 lost: false
	// message 1 lost: false
	// message 2 lost: true
	// message 3 lost: false
}
