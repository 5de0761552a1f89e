package stories

import (
	"strconv"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/mistake"
)

// Whole is what numbers of a story are read as.
type Whole interface{ ~int | ~int64 | ~uint64 }

// Words returns a command's arguments that have no name.
func Words(d *datadriven.TestData) (words []string) {
	for _, arg := range d.CmdArgs {
		if len(arg.Vals) == 0 {
			words = append(words, arg.Key)
		}
	}
	return words
}

// Named returns the numbers that the argument of a name has, none if there is no
// such argument.
func Named[T Whole](t *testing.T, d *datadriven.TestData, name string) []T {
	t.Helper()
	arg, _ := d.Arg(name)
	return Numbers[T](t, arg.Vals)
}

// Numbers reads whole numbers.
func Numbers[T Whole](t *testing.T, texts []string) (all []T) {
	t.Helper()
	for _, text := range texts {
		all = append(all, Number[T](t, text))
	}
	return all
}

// Number reads a whole number.
func Number[T Whole](t *testing.T, text string) T {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return T(n)
}

// Duration reads a duration.
func Duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Plant plants in rules the mistake that the argument of that name tells, if there
// is one, and returns them.
func Plant[Rules any](t *testing.T, d *datadriven.TestData, mistakes mistake.List[Rules], rules *Rules) *Rules {
	t.Helper()
	var id string
	if d.MaybeScanArgs(t, "mistake", &id) && !mistakes.Plant(id, rules) {
		d.Fatalf(t, "no such mistake: %s", id)
	}
	return rules
}
