package explore

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"seedbed.example/experiment"
)

// A Hunt says which runs to make, and when to stop.
type Hunt struct {
	Scenario  *experiment.Scenario
	Config    experiment.Config // of every run, but for its seed
	From      uint64            // the first seed
	Seeds     uint64            // how many, or runs at the most; 0 is without end
	Strategy  string            // which runs to make, by one of [Strategies]; "" is one seed after another
	Depth     int               // how many changes of priority or deviations a run may have; 0 is the strategy's default
	Domains   []string          // of choices that may deviate; nil is [DefaultDomains]
	Corpus    *Corpus           // what the strategy replay runs
	Workers   int               // how many at a time; 0 is one for each core
	KeepGoing bool              // look further after the first failure
	Guarded   uint64            // how many of the first runs are guarded: see [experiment.Config.Guard]
	Stuck     time.Duration     // real time after which a run that has not ended counts as stuck; 0 is [DefaultStuck]

	// Progress is told, if it is not nil, after every run, in their order and by
	// one goroutine.
	Progress func(*Report)
}

// Run hunts until all runs are done, one fails (unless it is to keep going), or
// ctx is over. It returns what it found until then. An error means that no run
// was possible as asked.
func (h Hunt) Run(ctx context.Context) (*Report, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent()))
	workers := h.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	search, err := h.search()
	if err != nil {
		return nil, err
	}
	jobs := make(chan job)
	outcomes := make(chan outcome, workers)
	failed := make(chan error, workers)
	watch := newWatch(workers)
	var working sync.WaitGroup
	for i := range workers {
		working.Go(func() {
			err := errGoexit
			defer func() {
				if err != nil {
					failed <- err
					stop()
				}
			}()
			err = h.work(watch.of(i), jobs, outcomes)
		})
	}
	go func() {
		working.Wait()
		close(outcomes)
	}()
	report, ended := h.conduct(ctx, search, jobs, outcomes, watch)
	stop()
	if ended {
		for range outcomes { // runs that are under way come to their end
		}
	}
	select {
	case err := <-failed:
		return nil, err
	default:
		return report, nil
	}
}

// errGoexit is the error of a worker that a run has ended.
var errGoexit = errors.New("the code of a run has ended its goroutine: a t.Fatal or t.FailNow of a test, perhaps; " +
	"inside a run, let Always, or World.Violate, say what is wrong")

// gcPercent is how rarely garbage is collected while hunting: a run leaves
// little behind, and collecting stops all cores. GOGC has the last word.
func gcPercent() int {
	if own := os.Getenv("GOGC"); own != "" {
		if percent, err := strconv.Atoi(own); err == nil {
			return percent
		}
		return -1 // off
	}
	return 400
}

// work makes runs as they come.
func (h Hunt) work(watch *watched, jobs <-chan job, outcomes chan<- outcome) error {
	for job := range jobs {
		watch.begin(job)
		config := job.config
		config.Guard = config.Guard || job.number-h.From < h.Guarded
		result, err := h.Scenario.Run(config)
		watch.end()
		if err != nil {
			return err
		}
		if len(result.Violations) > 0 && result.Violations[0].Guarded() {
			job.config.Guard = true
		}
		outcomes <- newOutcome(job, result)
	}
	return nil
}

// conduct deals jobs and takes outcomes in the order of the jobs, whatever
// order they come in, so that the first failure is the one of the first job.
// It reports whether every run ends, as opposed to one being stuck.
func (h Hunt) conduct(ctx context.Context, search search, jobs chan<- job, outcomes <-chan outcome, watch *watch) (report *Report, ended bool) {
	report = newReport(h)
	dealer := newDealer(search, h.From, h.Seeds)
	defer func() {
		dealer.stop()
		close(jobs)
		report.Figures = search.figures()
	}()
	early := make(map[uint64]outcome) // of jobs that are done before their turn; looked up only
	stuck := time.NewTicker(time.Second)
	defer stuck.Stop()
	limit := h.Stuck
	if limit == 0 {
		limit = DefaultStuck
	}
	for !dealer.done() && ctx.Err() == nil {
		var deal chan<- job
		var next job
		if hand := dealer.next(); hand != nil {
			deal, next = jobs, *hand
		}
		select {
		case deal <- next:
			dealer.dealt()
		case o := <-outcomes:
			early[o.number] = o
			if h.takeInOrder(report, dealer, early) {
				report.finish(ctx)
				return report, true
			}
		case <-ctx.Done():
		case <-stuck.C:
			if found, ok := watch.stuck(limit); ok {
				report.addStuck(found)
				return report, false
			}
		}
	}
	report.finish(ctx)
	return report, true
}

// takeInOrder moves into the report what is next in the order of jobs, and
// reports whether that ends the hunt.
func (h Hunt) takeInOrder(report *Report, dealer *dealer, early map[uint64]outcome) (over bool) {
	for {
		next, ok := early[h.From+report.Runs]
		if !ok {
			return false
		}
		delete(early, next.number)
		report.add(next)
		dealer.learn(&next)
		if h.Progress != nil {
			h.Progress(report)
		}
		if len(report.Failures) > 0 && !h.KeepGoing {
			return true
		}
	}
}
