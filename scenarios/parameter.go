package scenarios

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Parameter is something about a scenario that can be set.
type Parameter struct {
	ID      string `json:"id"`
	Summary string `json:"summary"`
	Default string `json:"default"`
	// Exactly one of these says what it may be.
	Whole    *Range[int]           `json:"whole,omitempty"`    // a whole number
	Duration *Range[time.Duration] `json:"duration,omitempty"` // a length of virtual time
	OneOf    []string              `json:"oneOf,omitempty"`    // one of these words
}

// A Range is what a number may be, both ends included.
type Range[T any] struct {
	Least T `json:"least"`
	Most  T `json:"most"`
}

// check says why value cannot be.
func (p Parameter) check(value string) error {
	switch {
	case p.Whole != nil:
		n, err := strconv.Atoi(value)
		if err != nil || n < p.Whole.Least || n > p.Whole.Most {
			return fmt.Errorf("%q: want a whole number from %d to %d", value, p.Whole.Least, p.Whole.Most)
		}
	case p.Duration != nil:
		d, err := time.ParseDuration(value)
		if err != nil || d < p.Duration.Least || d > p.Duration.Most {
			return fmt.Errorf("%q: want a duration from %v to %v", value, p.Duration.Least, p.Duration.Most)
		}
	default:
		if !slices.Contains(p.OneOf, value) {
			return fmt.Errorf("%q: want one of %s", value, strings.Join(p.OneOf, ", "))
		}
	}
	return nil
}

// Values is every parameter of a run by name, checked.
type Values map[string]string

func (v Values) whole(name string) int {
	n, err := strconv.Atoi(v[name])
	if err != nil {
		panic(fmt.Sprintf("scenarios: parameter %s was not checked: %v", name, err))
	}
	return n
}

func (v Values) duration(name string) time.Duration {
	d, err := time.ParseDuration(v[name])
	if err != nil {
		panic(fmt.Sprintf("scenarios: parameter %s was not checked: %v", name, err))
	}
	return d
}

func keys(m Values) iter.Seq[string] { return maps.Keys(m) }
