package mistake_test

import (
	"fmt"

	"seedbed.example/mistake"
)

// Rules are the decisions of a lock server.
type Rules struct {
	// MayLock reports whether a lock that is held or not may be given.
	MayLock func(held bool) bool
}

// Correct returns the rules as they should be.
func Correct() *Rules { return &Rules{MayLock: func(held bool) bool { return !held }} }

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "lock.always",
				Summary: "a lock is given again while it is held",
				SeenBy:  "invariants",
			},
			Plant: func(r *Rules) { r.MayLock = func(bool) bool { return true } },
		},
	}
}

func Example() {
	for _, id := range []string{"", "lock.always", "lock.no"} {
		rules := Correct()
		planted := Mistakes().Plant(id, rules)
		fmt.Printf("%q: planted %v, a lock that is held may be given: %v\n", id, planted, rules.MayLock(true))
	}
	fmt.Println(Mistakes().Known()[0].Summary)
	// Output:
	// "": planted false, a lock that is held may be given: false
	// "lock.always": planted true, a lock that is held may be given: true
	// "lock.no": planted false, a lock that is held may be given: false
	// a lock is given again while it is held
}
