package explore

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// A Hunt says which runs to make, and when to stop.
type Hunt struct {
	Scenario  *experiment.Scenario
	Config    experiment.Config // of every run, but for its seed
	From      uint64            // the first seed
	Seeds     uint64            // how many; 0 is without end
	Workers   int               // how many at a time; 0 is one for each core
	KeepGoing bool              // look further after the first failure
	Stuck     time.Duration     // real time after which a run that has not ended counts as stuck; 0 is [DefaultStuck]

	// Progress is told, if it is not nil, after every run, in the order of
	// seeds and by one goroutine.
	Progress func(*Report)
}

// An outcome is what the hunt keeps of one run.
type outcome struct {
	seed       uint64
	verdict    checkers.Verdict
	violations []checkers.Violation
	hash       sim.Hash
	counts     sim.Counts
	operations int
	simulated  time.Duration
	situations []sim.Situation
	struck     map[string]int
}

// Run hunts until all seeds are done, a run fails (unless it is to keep
// going), or ctx is over. It returns what it found until then. An error means
// that no run was possible as asked.
func (h Hunt) Run(ctx context.Context) (*Report, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent()))
	workers := h.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	seeds := h.deal(ctx)
	outcomes := make(chan outcome, workers)
	failed := make(chan error, workers)
	watch := newWatch(workers)
	var working sync.WaitGroup
	for i := range workers {
		working.Go(func() {
			if err := h.work(watch.of(i), seeds, outcomes); err != nil {
				failed <- err
				stop()
			}
		})
	}
	go func() {
		working.Wait()
		close(outcomes)
	}()
	report, ended := h.collect(ctx, outcomes, watch)
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

// deal hands out seeds in their order.
func (h Hunt) deal(ctx context.Context) <-chan uint64 {
	seeds := make(chan uint64)
	go func() {
		defer close(seeds)
		for n := uint64(0); h.Seeds == 0 || n < h.Seeds; n++ {
			select {
			case seeds <- h.From + n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return seeds
}

// work runs seeds as they come.
func (h Hunt) work(watch *watched, seeds <-chan uint64, outcomes chan<- outcome) error {
	for seed := range seeds {
		config := h.Config
		config.Seed = seed
		watch.begin(seed)
		result, err := h.Scenario.Run(config)
		watch.end()
		if err != nil {
			return err
		}
		outcomes <- outcome{
			seed: seed, verdict: result.Verdict, violations: result.Violations, hash: result.Hash, counts: result.Counts,
			operations: result.Operations, simulated: result.Simulated, struck: result.Struck, situations: result.World.Situations(),
		}
	}
	return nil
}

// collect takes outcomes in the order of seeds, whatever order they come in,
// so that the first failure is the one of the least seed. It reports whether
// every run ends, as opposed to one being stuck.
func (h Hunt) collect(ctx context.Context, outcomes <-chan outcome, watch *watch) (report *Report, ended bool) {
	report = newReport(h)
	early := make(map[uint64]outcome) // seeds that are done before their turn; looked up only
	stuck := time.NewTicker(time.Second)
	defer stuck.Stop()
	limit := h.Stuck
	if limit == 0 {
		limit = DefaultStuck
	}
	for {
		select {
		case o, more := <-outcomes:
			if !more {
				report.finish(ctx)
				return report, true
			}
			early[o.seed] = o
			if h.takeInOrder(report, early) {
				report.finish(ctx)
				return report, true
			}
		case <-stuck.C:
			if found, ok := watch.stuck(limit); ok {
				report.addStuck(found)
				return report, false
			}
		}
	}
}

// takeInOrder moves into the report what is next in the order of seeds, and
// reports whether that ends the hunt.
func (h Hunt) takeInOrder(report *Report, early map[uint64]outcome) (over bool) {
	for {
		next, ok := early[h.From+report.Runs]
		if !ok {
			return false
		}
		delete(early, next.seed)
		report.add(next)
		if h.Progress != nil {
			h.Progress(report)
		}
		if len(report.Failures) > 0 && !h.KeepGoing {
			return true
		}
	}
}
