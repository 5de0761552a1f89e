package doctor

import (
	"context"
	"os/exec"

	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// An Examination says which runs are to be looked at.
type Examination struct {
	Scenario *experiment.Scenario
	Config   experiment.Config // of every run, but for its seed
	From     uint64            // the first seed
	Seeds    uint64            // how many

	// Elsewhere returns the command that makes a batch in a process of its own
	// and prints a [Line] for each run: this program, as a rule. If it is nil,
	// there is this process only, and less can be found and told apart.
	Elsewhere func(ctx context.Context, b Batch) *exec.Cmd
	// Still runs f, in this process, with a wall clock that stands still, as
	// synctest.Test does. It is used if there is no Elsewhere, and may be nil.
	Still func(f func())
	// Progress is told, if it is not nil, how many runs are made of how many.
	Progress func(done, all uint64)
	// Seen is told, if it is not nil, the hash of the first run of each seed.
	Seen func(Line)
}

// threads are the numbers of threads on which other processes make all runs.
var threads = []int{1, 2, 8}

// Run looks at all seeds until one takes two courses or ctx is over. An error
// means that runs were not possible as asked.
func (e Examination) Run(ctx context.Context) (*Report, error) {
	report := &Report{Processes: []Conditions{}, Mistake: e.Config.Mistake, From: e.From, Wanted: e.Seeds, Scenario: e.Scenario.ID}
	e.Config.Record = false
	first, err := e.here(ctx, report)
	if err == nil && report.Finding == nil && e.Elsewhere != nil {
		err = e.there(ctx, report, first)
	}
	if ctx.Err() != nil && report.Finding == nil {
		report.Interrupted, err = true, nil
	}
	return report, err
}

// here runs each seed three times in this process. It returns the hash of each
// seed's first run.
func (e Examination) here(ctx context.Context, report *Report) (first []sim.Hash, err error) {
	for ; report.Seeds < e.Seeds && ctx.Err() == nil; report.Seeds++ {
		config := e.Config
		config.Seed = e.From + report.Seeds
		a, err := record(e.Scenario, config)
		if err != nil {
			return nil, err
		}
		b, err := record(e.Scenario, config)
		if err != nil {
			return nil, err
		}
		plain, err := e.Scenario.Run(config)
		if err != nil {
			return nil, err
		}
		if e.Seen != nil {
			e.Seen(Line{Seed: config.Seed, Hash: a.hash})
		}
		if a.hash != b.hash || plain.Hash != a.course {
			report.Finding, err = e.examine(ctx, config, "in this process", plain.Hash, a, b)
			return nil, err
		}
		first = append(first, a.hash)
		e.progress(report.Seeds + 1)
	}
	return first, nil
}

// there runs each seed in other processes and compares with what came of it
// here.
func (e Examination) there(ctx context.Context, report *Report, first []sim.Hash) error {
	for i, n := range threads {
		c := Conditions{Threads: n}
		var odd *uint64
		done := uint64(0)
		err := e.elsewhere(ctx, c, Batch{From: e.From, Seeds: e.Seeds, Times: 1}, func(l Line) {
			if l.Seed-e.From < e.Seeds && l.Hash != first[l.Seed-e.From] && odd == nil {
				odd = &l.Seed
			}
			done++
			e.progress(uint64(i+1)*e.Seeds + done)
		})
		switch {
		case err != nil:
			return err
		case odd != nil:
			config := e.Config
			config.Seed = *odd
			report.Finding, err = e.examine(ctx, config, "in a process of its own "+c.String(), 0, nil, nil)
			return err
		case done == e.Seeds:
			report.Processes = append(report.Processes, c)
		}
	}
	return nil
}

func (e Examination) progress(done uint64) {
	if e.Progress == nil {
		return
	}
	all := e.Seeds
	if e.Elsewhere != nil {
		all *= uint64(1 + len(threads))
	}
	e.Progress(done, all)
}

// pairs is how often two recordings are made until they differ.
const pairs = 10

// examine makes a finding of a seed that takes more than one course: seen where
// it says, by the course of a run that was not recorded and by two recordings, if
// there are any.
func (e Examination) examine(ctx context.Context, config experiment.Config, where string, plain sim.Hash, a, b *recording) (*Finding, error) {
	f := &Finding{Seed: config.Seed, Where: where}
	var early []sim.Hash // of the recordings that were made before any experiment
	if a != nil {
		early = []sim.Hash{a.hash, b.hash}
	}
	for range pairs {
		if a != nil && a.hash != b.hash {
			break
		}
		var err error
		if a, err = record(e.Scenario, config); err != nil {
			return nil, err
		}
		if b, err = record(e.Scenario, config); err != nil {
			return nil, err
		}
	}
	f.Difference = difference(a, b)
	f.Samples = e.observe(ctx, config.Seed)
	if e.Elsewhere == nil && len(f.Samples) > 0 {
		f.Samples[0].Hashes = append(early, f.Samples[0].Hashes...)
	}
	found := diagnose(f.Samples, f.Difference)
	if plain != 0 && f.Difference == nil && found.cause == Rare && e.onlyUnrecorded(config, plain) {
		found = diagnosis{Recording, true, "All runs that are recorded are one, all that are not are another."}
	}
	f.Cause, f.Sure, f.Why = found.cause, found.sure, found.why
	return f, nil
}

// onlyUnrecorded reports whether runs that are not recorded all take the course
// that one of them took.
func (e Examination) onlyUnrecorded(config experiment.Config, course sim.Hash) bool {
	for range sampleRuns {
		result, err := e.Scenario.Run(config)
		if err != nil || result.Hash != course {
			return false
		}
	}
	return true
}
