package explore

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
)

// A Shrink looks for the smallest run that breaks the same promise as a given
// one: by delta debugging (Zeller and Hildebrandt 2002) on the plan, on what
// clients ask, and on every other choice of the run. Because choices are keyed,
// taking one away leaves the rest of the run in place.
type Shrink struct {
	Scenario *experiment.Scenario
	Workers  int           // how many runs at a time; 0 is one for each core. The result does not depend on it
	Runs     int           // how many runs it may take; 0 is [DefaultShrinkRuns]
	Stuck    time.Duration // real time after which a run that has not ended is given up; 0 is [DefaultStuck]

	// Progress is told, if it is not nil, of every smaller run that is found.
	Progress func(*Shrunk)
}

// ErrNothing says that a run breaks no promise.
var ErrNothing = errors.New("there is nothing to shrink")

// DefaultShrinkRuns is how many runs a shrink may take if it is not told.
const DefaultShrinkRuns = 30_000

// A Shrunk is what a shrink came to.
type Shrunk struct {
	Result  *experiment.Result // the smallest run found that still breaks the promise
	Minimal bool               // nothing is left that could be taken away, by itself
	Runs    int                // how many it took
	Before  Size
	After   Size
}

// A Size is how much there is to understand in a run.
type Size struct {
	Nodes      int `json:"nodes"`      // servers
	Faults     int `json:"faults"`     // entries of the plan
	Operations int `json:"operations"` // of clients
	Choices    int `json:"choices"`    // answers other than the benign one
}

// String tells the size in words.
func (s Size) String() string {
	return count(s.Nodes, "node") + ", " + count(s.Faults, "fault") + ", " + count(s.Operations, "operation") + ", " + count(s.Choices, "choice")
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}

// Run shrinks the run of that configuration. An error means that it is not
// possible as asked, or breaks no promise. When ctx ends, the result is the
// smallest run found until then.
func (s Shrink) Run(ctx context.Context, config experiment.Config) (*Shrunk, error) {
	result, err := s.Scenario.Run(config)
	if err != nil {
		return nil, err
	}
	if result.Verdict != checkers.Violated {
		return nil, fmt.Errorf("%w: the run %s", ErrNothing, result.Verdict)
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.Stuck == 0 {
		s.Stuck = DefaultStuck
	}
	if s.Runs == 0 {
		s.Runs = DefaultShrinkRuns
	}
	config.Plan = result.Plan
	k := &shrinker{Shrink: s, ctx: ctx, want: result.Violations[0], best: config, shrunk: Shrunk{Result: result, Runs: 1}, failed: make(map[name]bool)}
	if k.want.Checker != "event limit" {
		k.best.EventLimit = 4*result.Counts.Events + 100_000 // smaller runs are not longer
	}
	k.start, k.servers = k.best, result.Values["nodes"]
	_, k.shrunk.Before = k.look()
	k.descend()
	for again := range uint64(moreStarts) {
		if k.shrunk.After.small() {
			break
		}
		smallest, at := k.shrunk, k.best
		k.best = k.start
		if k.withSeeds(k.start, 1+again*startSeeds, (1+again)*startSeeds) {
			k.descend()
		}
		if !k.shrunk.After.less(smallest.After) {
			k.keep(smallest, at)
		}
	}
	if !k.shrunk.Minimal {
		k.takeApart()
	}
	k.fewerInSmallWorlds()
	smallest := k.shrunk
	smallest.Result.Config.EventLimit = config.EventLimit
	if smallest.Result.Config.Choices == "zero" {
		smallest.Result.Config.Seed = config.Seed // the run no longer rests on any: it is named by where it comes from
	}
	return &smallest, nil
}

// When a run does not become small, shrinking begins again so often, at the first
// of so many other seeds with which the plan breaks the same promise.
const (
	moreStarts = 2
	startSeeds = 64
)

// keep goes back to what was found before.
func (k *shrinker) keep(found Shrunk, at experiment.Config) {
	found.Runs = k.shrunk.Runs
	k.shrunk, k.best = found, at
}

// descend makes the best run smaller, and takes it apart unless its plan remains
// long: another course is worth trying before.
func (k *shrinker) descend() {
	k.shrunk.Minimal = false
	k.elsewhere()
	if len(k.best.Plan) <= fewFaults {
		k.takeApart()
	}
}

// takeApart takes everything off the best run that can go, by itself.
func (k *shrinker) takeApart() {
	decided, _ := k.look()
	for k.shrunk.Minimal = false; !k.shrunk.Minimal && k.running(); {
		k.shrunk.Minimal = !k.pass(decided) && k.running()
		decided, k.shrunk.After = k.look()
	}
}

// What a person takes in at a glance.
const (
	fewFaults     = 3
	fewOperations = 12
)

func (s Size) small() bool { return s.Faults <= fewFaults && s.Operations <= fewOperations }

// less compares by what a person has to understand: a fault is worth some
// operations.
func (s Size) less(other Size) bool {
	const fault = fewOperations / fewFaults
	return fault*s.Faults+s.Operations < fault*other.Faults+other.Operations
}

// A shrinker is a shrink under way.
type shrinker struct {
	Shrink
	ctx     context.Context
	want    checkers.Violation // the promise that must stay broken
	start   experiment.Config  // the run that is to be shrunk, and how many
	servers string             //  servers it had
	best    experiment.Config  // the smallest run so far
	shrunk  Shrunk
	failed  map[name]bool // what has been tried in vain
}

// running reports whether there is time and budget left.
func (k *shrinker) running() bool { return k.ctx.Err() == nil && k.shrunk.Runs < k.Runs }

// look runs the best once more to see what it decides otherwise than the benign
// way.
func (k *shrinker) look() ([]choice.Override, Size) {
	config := k.best
	config.Decisions = new(choice.Recorder)
	result, err := k.Scenario.Run(config)
	if err != nil {
		panic(err) // it has run before
	}
	decided := slices.CompactFunc(config.Decisions.Overrides(), func(a, b choice.Override) bool { return a.Key == b.Key })
	if k.best.Choices == "zero" {
		k.best.Overrides = decided // and none that nobody asked for
		k.shrunk.Result.Config.Overrides = decided
	}
	return decided, Size{Nodes: result.Nodes, Faults: len(config.Plan), Operations: result.Operations, Choices: len(decided)}
}

// pass tries once to take away of everything, and reports whether it could.
func (k *shrinker) pass(decided []choice.Override) (smaller bool) {
	before := k.shrunk.Runs
	for _, step := range []func([]choice.Override) bool{
		k.fewerFaults, k.calmerDomains, k.fewerOperations, k.calmerTopics, k.fewerChoices,
		k.smallerParameters, k.simplerFaults, k.smallerValues,
	} {
		if !k.running() {
			return smaller
		}
		if step(decided) {
			smaller = true
			decided, _ = k.look()
		}
	}
	return smaller && k.shrunk.Runs > before
}

// try runs candidates, several at a time, until one breaks the same promise.
// It becomes the best; which one it is depends on their order alone. What has been
// tried before is not run again: it did not break the promise.
func (k *shrinker) try(candidates []experiment.Config) (index int, ok bool) {
	var fresh []int // of the candidates
	names := make([]name, len(candidates))
	for i := range candidates {
		if names[i] = nameOf(&candidates[i]); !k.failed[names[i]] {
			fresh = append(fresh, i)
		}
	}
	for len(fresh) > 0 && k.running() {
		batch := fresh[:min(k.Workers, k.Runs-k.shrunk.Runs, len(fresh))]
		results := make([]*experiment.Result, len(batch))
		parallel(len(batch), func(i int) { results[i] = k.shows(candidates[batch[i]]) })
		for i, result := range results {
			if k.failed[names[batch[i]]] {
				continue // the same twice in one batch
			}
			k.shrunk.Runs++ // what one worker would have made, so that all come to the budget at once
			if result != nil {
				k.best, k.shrunk.Result = candidates[batch[i]], result
				if k.Progress != nil {
					k.Progress(&k.shrunk)
				}
				return batch[i], true
			}
			k.failed[names[batch[i]]] = true
		}
		fresh = fresh[len(batch):]
	}
	return 0, false
}

// A name tells configurations apart by all that shrinking changes.
type name [sha256.Size]byte

func nameOf(c *experiment.Config) name {
	seed := c.Seed
	if c.Choices == "zero" {
		seed = 0 // nobody asks it
	}
	text, err := json.Marshal([]any{seed, c.Choices, c.Parameters, c.Plan, c.Overrides})
	if err != nil {
		panic(err) // a repro writes the same
	}
	return sha256.Sum256(text)
}

// shows runs a candidate, and returns nil unless it breaks the same promise. One
// that does not end is left to itself.
func (k *shrinker) shows(config experiment.Config) *experiment.Result {
	done := make(chan *experiment.Result, 1)
	go func() {
		defer close(done)
		result, err := k.Scenario.Run(config)
		if err == nil && result.Verdict == checkers.Violated && result.Violations[0].Shows(&k.want) { // an error: the plan no longer fits, say
			done <- result
		}
	}()
	stuck := time.NewTimer(k.Stuck)
	defer stuck.Stop()
	select {
	case result := <-done:
		return result
	case <-stuck.C:
		return nil
	}
}

// minimize takes away as many of the items as it can: half of them at a time,
// then a quarter, at last one by one. With makes a candidate of those that are
// left. It reports whether any could go.
func minimize[T any](k *shrinker, items []T, with func(left []T) experiment.Config) (left []T, smaller bool) {
	for size := len(items); size > 0 && k.running(); {
		gone := false
		for start := 0; start < len(items) && k.running(); {
			var candidates []experiment.Config
			var lefts [][]T
			for at := start; at < len(items) && len(candidates) < k.Workers; at += size {
				rest := slices.Concat(items[:at], items[min(at+size, len(items)):])
				candidates, lefts = append(candidates, with(rest)), append(lefts, rest)
			}
			if i, ok := k.try(candidates); ok {
				items, gone, smaller = lefts[i], true, true
				start += i * size
			} else {
				start += len(candidates) * size
			}
		}
		if size == 1 && gone {
			continue // what had to stay may go now
		}
		size = min(size, len(items)) / 2
	}
	return items, smaller
}
