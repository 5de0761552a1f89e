package explore

import (
	"context"
	"errors"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// A Report is what a hunt has found.
type Report struct {
	Scenario string
	Mistake  string // planted, "" for none
	From     uint64
	Wanted   uint64 // how many runs were asked for; 0 is without end
	Strategy string // that chose the runs, "" for one seed after another

	Earlier  uint64 // runs of earlier sittings, where a session was taken up again
	Runs     uint64
	Failures []Failure // in the order of runs
	Figures  []Figure  // how the search stood at the end
	Unknown  []uint64  // seeds whose verdict is unknown
	// Digest tells two hunts of the same seeds apart unless every run had the
	// same trace hash. It does not depend on the order of runs.
	Digest      sim.Hash
	Counts      sim.Counts
	Operations  uint64
	Simulated   time.Duration
	Situations  []sim.Situation // what nodes noted with Sometimes, over all runs, by name
	Struck      map[string]int  // how often each kind of fault that could be drawn struck, over all runs
	Interrupted bool            // it ended before it was done, and without a failure
	Stuck       bool            // the last failure is a run that did not end

	began, ended time.Time
	situations   map[string]*sim.Situation
}

// toldFailures is how many failures of a hunt keep their messages. Of the
// others it is known which checker saw them.
const toldFailures = 100

// A Failure is a run that broke a promise.
type Failure struct {
	Seed       uint64
	Config     experiment.Config // with which it comes again
	AfterRuns  uint64            // how many runs it took, itself included
	Violations []checkers.Violation
	Hash       sim.Hash
}

func newReport(h Hunt) *Report {
	return &Report{
		Scenario: h.Scenario.ID, Mistake: h.Config.Mistake, From: h.From, Wanted: h.Seeds, Strategy: h.Strategy,
		Struck: make(map[string]int), began: time.Now(), situations: make(map[string]*sim.Situation),
	}
}

// add takes one outcome in.
func (r *Report) add(o outcome) {
	r.Runs++
	high, low := bits.Mul64(uint64(o.hash)^0x9e3779b97f4a7c15, o.number^0xe7037ed1a0b428db)
	r.Digest ^= sim.Hash(high ^ low)
	r.Counts.Events += o.counts.Events
	r.Counts.Messages += o.counts.Messages
	r.Counts.Dropped += o.counts.Dropped
	r.Operations += uint64(o.operations)
	r.Simulated += o.simulated
	for kind, times := range o.struck {
		r.Struck[kind] += times
	}
	for _, s := range o.situations {
		all := r.situations[s.Name]
		if all == nil {
			all = &sim.Situation{Name: s.Name}
			r.situations[s.Name] = all
		}
		all.Asked += s.Asked
		all.Held += s.Held
	}
	switch o.verdict {
	case checkers.Violated:
		if len(r.Failures) >= toldFailures {
			for i := range o.violations {
				o.violations[i].Message = ""
			}
		}
		r.Failures = append(r.Failures, Failure{Seed: o.config.Seed, Config: o.again(), AfterRuns: r.Runs, Violations: o.violations, Hash: o.hash})
	case checkers.Unknown:
		r.Unknown = append(r.Unknown, o.config.Seed)
	}
}

// finish closes the report. A hunt whose time was limited is done when that is
// over; one that was called off is not.
func (r *Report) finish(ctx context.Context) {
	r.ended = time.Now()
	r.Interrupted = len(r.Failures) == 0 && errors.Is(ctx.Err(), context.Canceled) && (r.Wanted == 0 || r.Runs < r.Wanted)
	for _, name := range slices.SortedFunc(maps.Keys(r.situations), strings.Compare) {
		r.Situations = append(r.Situations, *r.situations[name])
	}
}

// Verdict is what the hunt as a whole came to: violated if any run was, and
// unknown if any run was, if it was called off, or if it made none.
func (r *Report) Verdict() checkers.Verdict {
	switch {
	case len(r.Failures) > 0:
		return checkers.Violated
	case len(r.Unknown) > 0 || r.Interrupted || r.Runs+r.Earlier == 0:
		return checkers.Unknown
	default:
		return checkers.Holds
	}
}

// Wall returns how much real time the hunt has taken so far.
func (r *Report) Wall() time.Duration {
	if r.ended.IsZero() {
		return time.Since(r.began)
	}
	return r.ended.Sub(r.began)
}

// RunsPerSecond returns the rate of the hunt in real time.
func (r *Report) RunsPerSecond() float64 {
	if wall := r.Wall().Seconds(); wall > 0 {
		return float64(r.Runs) / wall
	}
	return 0
}

// Silent returns the situations that were asked about and never came up: what
// the hunt has not tested although it may seem so.
func (r *Report) Silent() []string {
	var names []string
	for _, s := range r.Situations {
		if s.Held == 0 {
			names = append(names, s.Name)
		}
	}
	return names
}

// Unstruck returns the kinds of fault that plans might have held and that never
// struck: what the hunt has not tested although its profile seems to say so.
func (r *Report) Unstruck() []string {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(r.Struck)) {
		if r.Struck[kind] == 0 {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
