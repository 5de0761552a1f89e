package simtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"seedbed.example/explore"
)

// progressEvery is the real time between two lines about a long hunt.
const progressEvery = 5 * time.Second

// guarded is how many of the first seeds are guarded against messages that are
// changed after they were sent. A guarded run takes many times longer, and code
// that does so hardly ever waits for a rare one.
const guarded = 20

// worthAsking is how many runs a hunt must have made before it means something
// that a thing never came up.
const worthAsking = 100

// hunt looks at seeds until one fails.
func (p *property) hunt(t *testing.T, seeds Seeds, asked settings) {
	t.Helper()
	h := explore.Hunt{Scenario: p.scenario, Seeds: howMany(t, seeds, asked), Guarded: guarded}
	if testing.Verbose() {
		h.Progress = progress(t, progressEvery)
	}
	ctx, stop := huntContext(t, asked.length)
	defer stop()
	report, err := h.Run(ctx)
	if err != nil {
		t.Fatal(explained(err))
	}
	p.judge(t, report, asked)
}

// howMany is how many seeds to look at, 0 for as many as there is time for.
func howMany(t *testing.T, seeds Seeds, asked settings) uint64 {
	switch {
	case asked.seeds > 0:
		return asked.seeds
	case asked.length > 0:
		return 0
	case testing.Short():
		t.Logf("%d of %d seeds, because of -short", seeds.short(), seeds)
		return uint64(seeds.short())
	default:
		return uint64(seeds)
	}
}

// huntContext ends a hunt after the length asked for, if any, and in any case
// before the go command ends the test by force.
func huntContext(t *testing.T, length time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	if deadline, ok := t.Deadline(); ok {
		left := time.Until(deadline)
		usable := max(0, left-min(max(left/10, time.Second), 30*time.Second)) // the rest is for what is found
		if length > usable {
			t.Fatalf("%s=%v, and the go command ends tests in %v: add -timeout 0", lengthVariable, length, left.Round(time.Second))
		}
		if length == 0 {
			return context.WithTimeout(t.Context(), usable)
		}
	}
	if length == 0 {
		return context.WithCancel(t.Context())
	}
	return context.WithTimeout(t.Context(), length)
}

// progress tells how far a hunt is, at most once in so long a real time.
func progress(t testing.TB, every time.Duration) func(*explore.Report) {
	told := time.Now()
	return func(r *explore.Report) {
		if time.Since(told) >= every {
			told = time.Now()
			t.Logf("%d seeds so far, %.0f a second", r.Runs, r.RunsPerSecond())
		}
	}
}

// judge fails the test for what a hunt has found, or has not.
func (p *property) judge(t *testing.T, r *explore.Report, asked settings) {
	t.Helper()
	for _, f := range r.Failures {
		t.Run(seedTest(f.Seed), func(t *testing.T) {
			t.Helper()
			if r.Stuck {
				t.Fatalf("%s\n\nAgain: %s", firstLines(f.Violations[0].Message, mostViolationLines), p.againWith(f.Seed))
			}
			p.explain(t, f.Config, fmt.Sprintf("seed %d, the first to fail of %d", f.Seed, f.AfterRuns), p.againWith(f.Seed))
		})
	}
	if len(r.Failures) > 0 {
		return
	}
	t.Logf("%d seeds hold: %.0f a second, %v simulated, %d operations, trace hash of all %v",
		r.Runs, r.RunsPerSecond(), r.Simulated.Round(time.Second), r.Operations, r.Digest)
	if len(r.Unknown) > 0 {
		t.Errorf("seed %d (the first of %d): %s\nAgain: %s", r.Unknown[0], len(r.Unknown), undecided, p.againWith(r.Unknown[0]))
	}
	if r.Wanted > 0 && r.Runs < r.Wanted && asked.length == 0 {
		t.Errorf("time was up after %d of %d seeds, which held: ask for fewer, or add -timeout 0", r.Runs, r.Wanted)
	}
	p.complain(t, r)
}

// complain fails the test for what a hunt has not tested although it seems so.
func (p *property) complain(t testing.TB, r *explore.Report) {
	t.Helper()
	if p.nobody.Load() {
		t.Error(`no fault can strike: Setup.Nodes names no server. Name them, or say Faults: "calm"`)
	}
	if r.Runs < worthAsking {
		return
	}
	for _, situation := range r.Silent() {
		t.Errorf("Sometimes(%q) never held in %d runs, so what comes of it is not tested. "+
			"Let clients do more, faults strike harder or Setup.Span be longer; or take the question out", situation, r.Runs)
	}
	for _, kind := range r.Unstruck() {
		t.Errorf("no fault of the kind %s struck in %d runs, although plans might hold it. "+
			"Make Setup.Span longer, or choose another profile as Setup.Faults", kind, r.Runs)
	}
}
