package explore

import (
	"bytes"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"seedbed.example/checkers"
)

// DefaultStuck is the real time after which a run counts as stuck.
const DefaultStuck = 2 * time.Minute

// watch keeps an eye on workers from outside of their runs. The engine counts
// events and messages, and so ends most runs that would never end; a handler
// that computes for ever does neither.
type watch struct{ workers []watched }

// watched is what one worker is at.
type watched struct {
	job   atomic.Pointer[job]
	since atomic.Int64 // real time in nanoseconds, 0 between runs
}

func newWatch(workers int) *watch { return &watch{make([]watched, workers)} }

func (w *watch) of(worker int) *watched { return &w.workers[worker] }

func (w *watched) begin(j job) {
	w.job.Store(&j)
	w.since.Store(time.Now().UnixNano())
}

func (w *watched) end() { w.since.Store(0) }

// stuckRun is a run that does not end.
type stuckRun struct {
	job
	since time.Duration
	where string // its stack
}

// stuck returns the first of the runs that takes longer than limit.
func (w *watch) stuck(limit time.Duration) (found stuckRun, ok bool) {
	for i := range w.workers {
		since := w.workers[i].since.Load()
		if since == 0 {
			continue
		}
		took := time.Since(time.Unix(0, since))
		if j := w.workers[i].job.Load(); took > limit && (!ok || j.number < found.number) {
			found, ok = stuckRun{job: *j, since: took}, true
		}
	}
	if ok {
		found.where = stacksOfRuns()
	}
	return found, ok
}

// stacksOfRuns returns the stacks of the goroutines that are inside a run.
func stacksOfRuns() string {
	buffer := make([]byte, 1<<20)
	buffer = buffer[:runtime.Stack(buffer, true)]
	var inside [][]byte
	for _, stack := range bytes.Split(buffer, []byte("\n\n")) {
		if bytes.Contains(stack, []byte("sim.(*World).run")) {
			inside = append(inside, stack)
		}
	}
	return string(bytes.Join(inside, []byte("\n\n")))
}

// addStuck ends the report with a run that did not end.
func (r *Report) addStuck(s stuckRun) {
	seed := s.config.Seed
	r.Failures = append(r.Failures, Failure{Seed: seed, Config: s.again(), AfterRuns: s.number - r.From + 1, Violations: []checkers.Violation{{
		Checker: "event limit",
		Message: fmt.Sprintf("seed %d has not ended after %v of real time, and no event or message came of it; the runs stand here:\n%s", seed, s.since.Round(time.Second), s.where),
	}}})
	r.Stuck, r.ended = true, time.Now()
}
