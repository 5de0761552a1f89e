package experiment

import (
	"fmt"
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
	Size     bool                  `json:"-"`                  // less of it makes a smaller run
}

// A Range is what a number may be, both ends included.
type Range[T any] struct {
	Least T `json:"least"`
	Most  T `json:"most"`
}

// Range tells what the parameter may be.
func (p Parameter) Range() string {
	switch {
	case p.Whole != nil:
		return fmt.Sprintf("%d to %d", p.Whole.Least, p.Whole.Most)
	case p.Duration != nil:
		return fmt.Sprintf("%v to %v", p.Duration.Least, p.Duration.Most)
	default:
		return strings.Join(p.OneOf, ", ")
	}
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

// Whole returns a parameter that is a whole number.
func (v Values) Whole(name string) int {
	n, err := strconv.Atoi(v[name])
	if err != nil {
		panic(fmt.Sprintf("experiment: parameter %s was not checked: %v", name, err))
	}
	return n
}

// Duration returns a parameter that is a length of time.
func (v Values) Duration(name string) time.Duration {
	d, err := time.ParseDuration(v[name])
	if err != nil {
		panic(fmt.Sprintf("experiment: parameter %s was not checked: %v", name, err))
	}
	return d
}

// Whole is a parameter that is a whole number.
func Whole(id, summary string, usual, least, most int) Parameter {
	return Parameter{ID: id, Summary: summary, Default: strconv.Itoa(usual), Whole: &Range[int]{least, most}}
}

// Size is a whole number of things that a run is made of, or that must happen in
// it before something else does: the fewer, the smaller is the run.
func Size(id, summary string, usual, least, most int) Parameter {
	p := Whole(id, summary, usual, least, most)
	p.Size = true
	return p
}

// Length is a parameter that is a length of virtual time.
func Length(id, summary string, usual, least, most time.Duration) Parameter {
	return Parameter{ID: id, Summary: summary, Default: usual.String(), Duration: &Range[time.Duration]{least, most}}
}

// OneOf is a parameter that is one of some words, the first of them as a rule.
func OneOf(id, summary string, words ...string) Parameter {
	return Parameter{ID: id, Summary: summary, Default: words[0], OneOf: words}
}

// Nodes is the parameter that every named scenario has: how many servers there
// are.
func Nodes(usual, least, most int) Parameter { return Size("nodes", "servers", usual, least, most) }

// Faults is the other parameter that every named scenario has: the profile that
// plans are drawn by.
func Faults(usual string) Parameter {
	return Parameter{ID: "faults", Summary: "profile that plans are drawn by", Default: usual, OneOf: profileIDs()}
}
