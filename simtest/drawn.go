package simtest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"seedbed.example/choice"
)

// mostDrawn is how many choices of a run are drawn singly. A generator that
// shrinks tries each of them several times, at the cost of a run each.
const mostDrawn = 1000

// bulk is the domains of which a run asks thousands, and of which hardly ever a
// single one matters: how long messages and disks take.
var bulk = []string{"network latency", "network latency of the copy", "disk latency"}

// A drawn source answers choices with what somebody else draws, each when it
// is first asked, and remembers it: so it is pure in the key. What is asked in
// bulk, and whatever comes after the first mostDrawn, is answered by one seed.
type drawn struct {
	rest   choice.Source
	draw   func(topic *choice.Topic, n uint64) uint64 // one of [0, n)
	values map[choice.Key]uint64                      // looked up only, or sorted
}

// drawnOver returns a drawn source whose bulk is decided by a seed, 0 being
// the benign one.
func drawnOver(seed uint64, draw func(topic *choice.Topic, n uint64) uint64) *drawn {
	d := &drawn{rest: choice.Zero{}, draw: draw, values: make(map[choice.Key]uint64)}
	if seed != 0 {
		d.rest = choice.Seed(seed)
	}
	return d
}

// Choose implements [choice.Source].
func (d *drawn) Choose(topic *choice.Topic, index, n uint64) uint64 {
	if n <= 1 {
		return 0
	}
	if slices.Contains(bulk, topic.Domain) {
		return d.rest.Choose(topic, index, n)
	}
	key := choice.Key{Domain: topic.Domain, Subject: topic.Subject, Index: index}
	value, known := d.values[key]
	switch {
	case known:
		return min(value, n-1)
	case len(d.values) >= mostDrawn:
		return d.rest.Choose(topic, index, n)
	}
	value = d.draw(topic, n)
	d.values[key] = value
	return value
}

// overrides returns what was drawn, in the order of keys: over the source of
// the bulk they give the same run.
func (d *drawn) overrides() []choice.Override {
	var all []choice.Override
	for _, key := range slices.SortedFunc(maps.Keys(d.values), byKey) {
		all = append(all, choice.Override{Key: key, Value: d.values[key]})
	}
	return all
}

func byKey(a, b choice.Key) int {
	return cmp.Or(strings.Compare(a.Domain, b.Domain), strings.Compare(a.Subject, b.Subject), cmp.Compare(a.Index, b.Index))
}
