package doctor

import (
	"fmt"
	"slices"
)

// A Cause is what makes two runs of one seed, as likely as can be told.
type Cause string

// The causes that are told apart.
const (
	KeptState   Cause = "state"        // kept from run to run, in a package's variable say
	OwnProcess  Cause = "process"      // something that each process has of its own
	ThreadCount Cause = "thread count" // GOMAXPROCS or the number of processors is looked at
	Goroutines  Cause = "goroutines"   // whose order the scheduler decides
	WallClock   Cause = "wall clock"
	GlobalRand  Cause = "math/rand" // its global source
	Order       Cause = "order"     // of a map, or one as arbitrary
	Address     Cause = "address"   // of memory, that is told or looked at
	Randomness  Cause = "randomness"
	Recording   Cause = "recording" // a run does something else when it is recorded
	Rare        Cause = "rare"      // it could not be brought about again
)

// advice says for each cause where to look.
var advice = map[Cause]string{
	KeptState:   "Something is kept from run to run: a package's variable, a cache, a counter, a value that the function which builds the scenario shares. A run must make all that it uses.",
	OwnProcess:  "Each process does the same on every try, and another process does something else: a process id, a hash/maphash seed or another random value drawn once, an address, the environment, a file.",
	ThreadCount: "The number of threads is looked at: runtime.GOMAXPROCS, runtime.NumCPU.",
	Goroutines:  "Goroutines run inside the run, and the scheduler decides which comes first; or a sync.Pool hands out what some thread has left. Use the node's timers, or a process of the world.",
	WallClock:   "The real clock is looked at: time.Now, time.Since, or a timer of package time. Use env.Now, env.Elapsed and env.NewTimer.",
	GlobalRand:  "The global source of math/rand is drawn from. Use env.Rand.",
	Order:       "The same things happen in another order: that of ranging over a map, as a rule, else of a sync.Map, of a select with several channels ready, or of an unstable sort. Sort the keys first.",
	Address:     "Addresses of memory are told, with %p or of a pointer inside a value. Tell what it points to.",
	Randomness:  "Values differ, and in no way that an experiment could hold fixed: a draw of math/rand/v2, crypto/rand or hash/maphash, the first key of a map, a select with several channels ready. Use env.Rand, and sorted keys.",
	Recording:   "The run does something else when it is recorded: a String method, or what is handed to Log, changes something.",
	Rare:        "It could not be brought about again: something differs rarely.",
}

// A diagnosis is a cause, and how it is known.
type diagnosis struct {
	cause Cause
	sure  bool // an experiment shows it, as opposed to the look of a trace
	why   string
}

// diagnose tells the cause from experiments in other processes, two under each
// of the conditions, or in this one. Difference, which may be nil, is where two
// traces part.
func diagnose(all samples, d *Difference) diagnosis {
	free, one, many := all.under(Conditions{}), all.under(oneThread), all.under(manyThreads)
	still, seeded := all.under(stillClock), all.under(seededRand)
	ordinary := slices.Concat(free, one, many)
	switch {
	case d != nil && d.Addresses:
		return diagnosis{Address, false, "What differs is an address."}
	case ordinary.agree():
		return diagnosis{Rare, false, fmt.Sprintf("%d further runs were all one.", ordinary.runs())}
	case free.alike() && one.alike() && !free.agree():
		return diagnosis{KeptState, true, "The first runs of several processes are the same, and so are the second ones and so on; within a process they differ."}
	case len(free) == 1 && settles(free[0]) && one.agree() && many.agree():
		return diagnosis{KeptState, false, "The first run in this process differs from those after it, which are all one."}
	case len(free) > 1 && free.agree() && one.agree() && many.agree():
		return diagnosis{ThreadCount, true, "On the same number of threads all runs are one, and on another number another one."}
	case len(free) > 1 && !free.agree() && ordinary.eachAgrees():
		return diagnosis{OwnProcess, true, fmt.Sprintf("In each of %d processes all runs were one, and other processes had another one.", len(ordinary))}
	case one.agree() || one.alike():
		return diagnosis{Goroutines, true, fmt.Sprintf("On one thread %d runs went the same way each time, on more they differ.", one.runs())}
	case one.mostlyAgree() && !many.mostlyAgree():
		return diagnosis{Goroutines, false, fmt.Sprintf("On one thread most of %d runs are one, on more they differ.", one.runs())}
	case still.agree():
		return diagnosis{WallClock, true, fmt.Sprintf("With a wall clock that stands still %d runs were all one, otherwise they differ.", still.runs())}
	case seeded.alike():
		return diagnosis{GlobalRand, true, "With its global source seeded by GODEBUG=randautoseed=0, processes do the same; otherwise they differ."}
	case d != nil && d.Reordered:
		return diagnosis{Order, false, "At this point both runs do the same things in another order."}
	default:
		return diagnosis{Randomness, false, "No experiment has made the runs agree."}
	}
}

// settles reports whether the first run differs, and all others are one.
func settles(s Sample) bool {
	rest := samples{{s.Conditions, s.Hashes[1:]}}
	return rest.agree() && s.Hashes[0] != s.Hashes[1]
}
