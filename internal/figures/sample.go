package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
)

// A sample is what several hunts for one mistake came to.
type sample struct {
	hunts   int
	missed  int      // hunts that did not find it
	most    uint64   // runs after which they gave up
	runs    []uint64 // of those that found it, in ascending order
	seconds []float64
	seen    map[string]int // by which checker

	twinRuns     uint64
	twinFailures int
}

// search hunts for a mistake, as hunt says, from seeds that lie apart, and for
// its correct twin in as many runs.
func search(ctx context.Context, hunt explore.Hunt, m mistake.Mistake, starts int) (*sample, error) {
	s := &sample{hunts: starts, most: hunt.Seeds, seen: make(map[string]int)}
	for start := range uint64(starts) {
		hunt.From, hunt.Config = start*apart, experiment.Config{Mistake: m.ID}
		report, err := hunt.Run(ctx)
		if err != nil {
			return nil, err
		}
		if len(report.Failures) > 0 {
			s.runs = append(s.runs, report.Runs)
			s.seconds = append(s.seconds, report.Wall().Seconds())
			s.seen[report.Failures[0].Violations[0].Checker]++
		} else {
			s.missed++
		}
		other := hunt
		other.Config, other.Seeds, other.KeepGoing = twin(m), report.Runs, true
		correct, err := other.Run(ctx)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.twinRuns += correct.Runs
		s.twinFailures += len(correct.Failures) + len(correct.Unknown)
	}
	slices.Sort(s.runs)
	slices.Sort(s.seconds)
	return s, nil
}

// at returns the place of a quartile, 0 to 4, among all hunts, and whether the
// hunt there found the mistake.
func (s *sample) at(quartile int) (i int, found bool) {
	i = min(s.hunts*quartile/4, s.hunts-1)
	return i, i < len(s.runs)
}

// runsAt returns a quartile of the runs to the first failure; where the mistake
// was not found, more than the most.
func (s *sample) runsAt(quartile int) string {
	if i, found := s.at(quartile); found {
		return count(s.runs[i])
	}
	return "> " + count(s.most)
}

// secondsAt returns a quartile of the real time to the first failure.
func (s *sample) secondsAt(quartile int) string {
	if i, found := s.at(quartile); found {
		return fmt.Sprintf("%.2f", s.seconds[i])
	}
	return "-"
}

// twin tells how often the correct twin failed.
func (s *sample) twin() string { return fmt.Sprintf("%d of %s", s.twinFailures, count(s.twinRuns)) }

func count(n uint64) string { return humanize.Comma(int64(n)) }
