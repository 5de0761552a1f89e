package checkers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// checkSaid checks what a checker found: each violation as its kind and its
// message.
func checkSaid(t *testing.T, checker string, found []Violation, want []string) {
	t.Helper()
	var said []string
	for _, v := range found {
		if v.Checker != checker {
			t.Errorf("%q is said by %q", v.Message, v.Checker)
		}
		said = append(said, v.Kind+": "+v.Message)
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// compareVerdicts draws cases and compares what a checker found with whether all
// is well by the definition. Either has to be so in one case of ten at least, or
// the cases would tell nothing.
func compareVerdicts(t *testing.T, draw func(t *rapid.T) (want bool, found []Violation)) {
	count := make(map[bool]int)
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			want, found := draw(t)
			count[want]++
			if want != (len(found) == 0) {
				t.Fatalf("by the definition all is well: %v; found %v", want, found)
			}
		}
	})
	t.Logf("%d cases hold, %d do not", count[true], count[false])
	if least := (count[true] + count[false]) / 10; count[true] < least || count[false] < least {
		t.Errorf("%d cases hold and %d do not: they are too much alike to tell anything", count[true], count[false])
	}
}
