package choice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Key names one choice in text: what a repro file holds and a person reads.
type Key struct {
	Domain  string `json:"domain"`
	Subject string `json:"subject"`
	Index   uint64 `json:"index"`
}

// String returns the key as it is spoken of: "network loss, 1->3, #17".
func (k Key) String() string { return fmt.Sprintf("%s, %s, #%d", k.Domain, k.Subject, k.Index) }

// An Override is a recorded answer to one choice.
type Override struct {
	Key
	Value uint64 `json:"value"`
}

// Overridden answers from a list of overrides, and where the list is silent,
// from the source below: a repro file is a seed and a short list of overrides.
type Overridden struct {
	base   Source
	values map[hashedKey]uint64
}

type hashedKey struct{ topic, index uint64 }

// OverrideWith returns a source that answers overrides over base. A later override
// of the same key wins. A value beyond what the question allows is answered as
// the greatest that it does allow.
func OverrideWith(base Source, overrides []Override) *Overridden {
	values := make(map[hashedKey]uint64, len(overrides))
	for _, o := range overrides {
		values[hashedKey{hashNames(o.Domain, o.Subject), o.Index}] = o.Value
	}
	return &Overridden{base: base, values: values}
}

// Choose implements [Source].
func (o *Overridden) Choose(topic *Topic, index, n uint64) uint64 {
	if value, ok := o.values[hashedKey{topic.hash, index}]; ok {
		return min(value, max(n, 1)-1)
	}
	return o.base.Choose(topic, index, n)
}

// A Decision is one choice as it was asked and answered.
type Decision struct {
	Override
	N uint64 `json:"n"` // the answer was one of [0, N)
}

// A Recorder passes every choice on to the source below and keeps it.
type Recorder struct {
	base      Source
	decisions []Decision
}

// Over returns the recorder with base below it.
func (r *Recorder) Over(base Source) *Recorder {
	r.base = base
	return r
}

// Record returns a recorder over base.
func Record(base Source) *Recorder { return new(Recorder).Over(base) }

// Choose implements [Source].
func (r *Recorder) Choose(topic *Topic, index, n uint64) uint64 {
	value := r.base.Choose(topic, index, n)
	key := Key{Domain: topic.Domain, Subject: topic.Subject, Index: index}
	r.decisions = append(r.decisions, Decision{Override: Override{Key: key, Value: value}, N: n})
	return value
}

// Decisions returns what was asked so far, in the order it was asked.
func (r *Recorder) Decisions() []Decision { return r.decisions }

// Overrides returns every answer so far that was not benign, ordered by key:
// replayed over [Zero] they give the same run.
func (r *Recorder) Overrides() []Override {
	var overrides []Override
	for _, d := range r.decisions {
		if d.Value != 0 {
			overrides = append(overrides, d.Override)
		}
	}
	slices.SortStableFunc(overrides, func(a, b Override) int {
		return cmp.Or(strings.Compare(a.Domain, b.Domain), strings.Compare(a.Subject, b.Subject), cmp.Compare(a.Index, b.Index))
	})
	return overrides
}
