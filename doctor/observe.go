package doctor

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// What experiments hold fixed.
var (
	oneThread   = Conditions{Threads: 1}
	manyThreads = Conditions{Threads: 8}
	stillClock  = Conditions{Still: true}
	seededRand  = Conditions{SeededRand: true}
)

// sampleRuns is how many runs a sample has: what has two courses, each as
// likely, then shows only one of them once in two thousand times.
const sampleRuns = 12

// experiments are what a diagnosis tries, each in a process of its own; the
// second half compares processes.
var experiments = []Conditions{
	{}, oneThread, manyThreads, stillClock,
	{}, oneThread, seededRand, seededRand,
}

// A Batch is what another process is to run: each seed so many times, one after
// the other, and then the next seed.
type Batch struct {
	From, Seeds uint64
	Times       int
	Still       bool // with a wall clock that stands still; see [StandStill]
}

// Make makes the runs, and hands each to take.
func (b Batch) Make(s *experiment.Scenario, config experiment.Config, take func(Line)) error {
	for seed := range b.Seeds {
		config.Seed = b.From + seed
		for range b.Times {
			hash, err := Hash(s, config)
			if err != nil {
				return err
			}
			take(Line{Seed: config.Seed, Hash: hash})
		}
	}
	return nil
}

// elsewhere lets another process run a batch.
func (e Examination) elsewhere(ctx context.Context, c Conditions, b Batch, take func(Line)) error {
	b.Still = c.Still
	command := e.Elsewhere(ctx, b)
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = c.environment(command.Env)
	return e.follow(command, take)
}

// follow runs a command and takes its lines as they come.
func (e Examination) follow(command *exec.Cmd, take func(Line)) error {
	var complaint strings.Builder
	command.Stderr = &complaint
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	wrong := ReadLines(out, take)
	if err := command.Wait(); err != nil {
		return fmt.Errorf("a process of its own for runs: %w\n%s", err, complaint.String())
	}
	return wrong
}

// observe makes the experiments with one seed. One that fails is left out.
func (e Examination) observe(ctx context.Context, seed uint64) samples {
	var all samples
	for i, c := range experiments {
		if ctx.Err() != nil || e.Elsewhere == nil && i >= len(experiments)/2 {
			break
		}
		hashes, err := e.sample(ctx, c, seed)
		if err == nil && len(hashes) == sampleRuns {
			all = append(all, Sample{c, hashes})
		}
	}
	return all
}

// sample makes runs under conditions: in another process, else in this one.
func (e Examination) sample(ctx context.Context, c Conditions, seed uint64) (hashes []sim.Hash, err error) {
	batch := Batch{From: seed, Seeds: 1, Times: sampleRuns}
	take := func(l Line) { hashes = append(hashes, l.Hash) }
	if e.Elsewhere != nil {
		err = e.elsewhere(ctx, c, batch, take)
		return hashes, err
	}
	run := func() { err = batch.Make(e.Scenario, e.Config, take) }
	switch {
	case c.Still && e.Still == nil:
	case c.Still:
		e.Still(run)
	case c.Threads > 0:
		before := runtime.GOMAXPROCS(c.Threads)
		defer runtime.GOMAXPROCS(before)
		run()
	default:
		run()
	}
	return hashes, err
}
