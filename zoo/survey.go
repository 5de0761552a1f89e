package zoo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
)

// A Survey says how mistakes are hunted: each several times from seeds that lie
// apart, and its correct twin over the same seeds.
type Survey struct {
	Starts  int           // hunts for each mistake
	Limit   time.Duration // real time for the hunts for one mistake; 0 is none. Hunts that it cuts off have found nothing
	Twin    uint64        // runs that a correct twin makes at the least, beside those that the hunts took
	Shrinks int           // failing runs of each mistake that are shrunk

	Strategy string // which runs to make, by one of [explore.Strategies]; "" is the default
	Most     uint64 // runs after which a hunt gives up, at most [Apart]; 0 is that
	Workers  int    // runs at a time; 0 is one for each core

	// Progress is told, if it is not nil, after every run: what is done, and how
	// far it is.
	Progress func(doing string, r *explore.Report)
}

// Apart is how far apart the first seeds of the hunts for one mistake lie.
const Apart = 1_000_000

// Find hunts for one mistake of a scenario. When ctx ends it returns what it
// came to until then, and ctx's error.
func (s Survey) Find(ctx context.Context, scenario *experiment.Scenario, m mistake.Mistake) (*Finding, error) {
	f := &Finding{Mistake: m, Scenario: scenario.ID, Runs: []uint64{}, Seconds: []float64{}, Seen: make(map[string]int)}
	failing, err := s.hunts(ctx, scenario, f)
	if err == nil {
		err = s.twin(ctx, scenario, f)
	}
	if err == nil {
		err = s.shrinks(ctx, scenario, f, failing)
	}
	return f, errors.Join(err, ctx.Err())
}

func (s Survey) most() uint64 {
	if s.Most == 0 {
		return Apart
	}
	return min(s.Most, Apart)
}

func (s Survey) hunt(scenario *experiment.Scenario, config experiment.Config, from, runs uint64, doing string) explore.Hunt {
	h := explore.Hunt{Scenario: scenario, Config: config, From: from, Seeds: runs, Strategy: s.Strategy, Workers: s.Workers}
	if s.Progress != nil {
		h.Progress = func(r *explore.Report) { s.Progress(doing, r) }
	}
	return h
}

// hunts hunts from one start after another, and returns the runs that failed.
func (s Survey) hunts(ctx context.Context, scenario *experiment.Scenario, f *Finding) (failing []experiment.Config, err error) {
	limited := ctx
	if s.Limit > 0 {
		var stop context.CancelFunc
		limited, stop = context.WithTimeout(ctx, s.Limit)
		defer stop()
	}
	for start := range uint64(s.Starts) {
		hunt := s.hunt(scenario, experiment.Config{Mistake: f.ID}, start*Apart, s.most(), "hunting "+f.ID)
		report, err := hunt.Run(limited)
		if err != nil {
			return nil, err
		}
		f.take(report)
		if len(report.Failures) > 0 {
			failing = append(failing, report.Failures[0].Config)
		}
		if limited.Err() != nil {
			break
		}
	}
	f.settle()
	return failing, nil
}

// twin runs what the mistake was planted in without it, with the same
// parameters, over the seeds of each hunt and then over more.
func (s Survey) twin(ctx context.Context, scenario *experiment.Scenario, f *Finding) error {
	config := experiment.Config{Parameters: make(map[string]string)}
	for _, need := range f.Needs {
		config.Parameters[need.Parameter] = need.Value
	}
	for start := uint64(0); start < uint64(len(f.took)) || f.TwinRuns < s.Twin; start++ {
		runs := s.Twin - min(f.TwinRuns, s.Twin)
		if start < uint64(len(f.took)) {
			runs = f.took[start]
		}
		if runs == 0 {
			continue // a hunt that the limit cut off at once
		}
		hunt := s.hunt(scenario, config, start*Apart, min(runs, Apart), "the correct twin of "+f.ID)
		hunt.KeepGoing = true
		report, err := hunt.Run(ctx)
		if err != nil {
			return err
		}
		f.TwinRuns += report.Runs
		f.TwinFailures += len(report.Failures)
		f.TwinUnknown += len(report.Unknown)
		if ctx.Err() != nil {
			break // a twin that has failed by then is told of
		}
	}
	return nil
}

// shrinks shrinks the first of the failing runs, and keeps the sizes.
func (s Survey) shrinks(ctx context.Context, scenario *experiment.Scenario, f *Finding, failing []experiment.Config) error {
	for _, config := range failing[:min(s.Shrinks, len(failing))] {
		shrunk, err := explore.Shrink{Scenario: scenario, Workers: s.Workers}.Run(ctx, config)
		if err != nil || ctx.Err() != nil {
			return err
		}
		f.Shrunk = append(f.Shrunk, shrunk.After)
	}
	slices.SortFunc(f.Shrunk, func(a, b explore.Size) int {
		if a.Faults != b.Faults {
			return a.Faults - b.Faults
		}
		return a.Operations - b.Operations
	})
	return nil
}

// A Finding is what the hunts for one mistake came to.
type Finding struct {
	mistake.Mistake
	Scenario string         `json:"scenario"`
	Hunts    int            `json:"hunts"`
	GaveUp   uint64         `json:"gaveUp,omitempty"` // the fewest runs after which a hunt ended that did not find it
	Runs     []uint64       `json:"runs"`             // of the hunts that found it, in ascending order
	Seconds  []float64      `json:"seconds"`          // of those, in ascending order
	Seen     map[string]int `json:"seen"`             // how many hunts found it by which checker
	Shrunk   []explore.Size `json:"shrunk,omitempty"` // failing runs when nothing more could go, smallest first

	TwinRuns     uint64 `json:"twinRuns"`
	TwinFailures int    `json:"twinFailures"`
	TwinUnknown  int    `json:"twinUnknown"`

	took []uint64 // runs of every hunt
}

// take takes in what one hunt has come to.
func (f *Finding) take(r *explore.Report) {
	f.Hunts++
	f.took = append(f.took, r.Runs)
	if len(r.Failures) == 0 {
		if f.GaveUp == 0 || r.Runs < f.GaveUp {
			f.GaveUp = r.Runs
		}
		return
	}
	f.Runs = append(f.Runs, r.Runs)
	f.Seconds = append(f.Seconds, r.Wall().Seconds())
	f.Seen[r.Failures[0].Violations[0].Checker]++
}

func (f *Finding) settle() {
	slices.Sort(f.Runs)
	slices.Sort(f.Seconds)
}

// Open reports whether no hunt has found the mistake.
func (f *Finding) Open() bool { return len(f.Runs) == 0 }

// Tried is how many runs the hunts made in all.
func (f *Finding) Tried() uint64 {
	all := uint64(0)
	for _, runs := range f.took {
		all += runs
	}
	return all
}

// Quartile returns the runs and the seconds to the first failure at a quartile
// from 0 to 4. Hunts that found nothing count as longer than all that did: at
// one of them, found is false.
func (f *Finding) Quartile(quartile int) (runs uint64, seconds float64, found bool) {
	i := min(f.Hunts*quartile/4, f.Hunts-1)
	if i < 0 || i >= len(f.Runs) {
		return 0, 0, false
	}
	return f.Runs[i], f.Seconds[i], true
}

// SeenBy lists the checkers that saw the mistake, the most frequent one first.
func (f *Finding) SeenBy() []string {
	return slices.SortedFunc(maps.Keys(f.Seen), func(a, b string) int {
		if f.Seen[a] != f.Seen[b] {
			return f.Seen[b] - f.Seen[a]
		}
		return strings.Compare(a, b)
	})
}

// Verdict is what the finding says of the tool: violated if a correct twin
// failed, and unknown if the mistake was not found or a run had no verdict.
func (f *Finding) Verdict() checkers.Verdict {
	switch {
	case f.TwinFailures > 0:
		return checkers.Violated
	case f.Open() || f.TwinUnknown > 0:
		return checkers.Unknown
	default:
		return checkers.Holds
	}
}
