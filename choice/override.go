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
	base      Source
	overrides []Override
	answers   map[hashedKey]*answer
}

// An answer is a recorded one, and whether it has been asked for.
type answer struct {
	value uint64
	asked bool
}

type hashedKey struct{ topic, index uint64 }

// OverrideWith returns a source that answers overrides over base. A later override
// of the same key wins. A value beyond what the question allows is answered as
// the greatest that it does allow.
func OverrideWith(base Source, overrides []Override) *Overridden {
	answers := make(map[hashedKey]*answer, len(overrides))
	for _, o := range overrides {
		answers[hashed(o.Key)] = &answer{value: o.Value}
	}
	return &Overridden{base, overrides, answers}
}

func hashed(k Key) hashedKey { return hashedKey{hashNames(k.Domain, k.Subject), k.Index} }

// Choose implements [Source].
func (o *Overridden) Choose(topic *Topic, index, n uint64) uint64 {
	if a := o.answers[hashedKey{topic.hash, index}]; a != nil {
		a.asked = true
		return min(a.value, max(n, 1)-1)
	}
	return o.base.Choose(topic, index, n)
}

// Unasked returns the overrides that nobody has asked for: a run that leaves
// some has taken another course than the one they were recorded in.
func (o *Overridden) Unasked() []Override {
	var unasked []Override
	for _, override := range o.overrides {
		if !o.answers[hashed(override.Key)].asked {
			unasked = append(unasked, override)
		}
	}
	return unasked
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
