package doctor

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/sim"
)

// Conditions are what is held fixed while runs are made. The zero value holds
// nothing fixed.
type Conditions struct {
	Threads    int  `json:"threads,omitempty"`    // GOMAXPROCS; 0 is as it is
	Still      bool `json:"still,omitempty"`      // the wall clock stands still
	SeededRand bool `json:"seededRand,omitempty"` // the global source of math/rand is the same in each process
}

// String names the conditions: "on 8 threads".
func (c Conditions) String() string {
	var words []string
	switch c.Threads {
	case 0:
	case 1:
		words = append(words, "on one thread")
	default:
		words = append(words, fmt.Sprintf("on %d threads", c.Threads))
	}
	if c.Still {
		words = append(words, "with a wall clock that stands still")
	}
	if c.SeededRand {
		words = append(words, "with math/rand seeded")
	}
	if len(words) == 0 {
		return "with nothing held fixed"
	}
	return strings.Join(words, " ")
}

// environment returns env with what the conditions want of it.
func (c Conditions) environment(env []string) []string {
	env = slices.Clone(env)
	if c.Threads > 0 {
		env = append(env, fmt.Sprintf("GOMAXPROCS=%d", c.Threads))
	}
	if c.SeededRand {
		settings := "randautoseed=0"
		for _, e := range env {
			if own, ok := strings.CutPrefix(e, "GODEBUG="); ok && own != "" {
				settings = own + ",randautoseed=0"
			}
		}
		env = append(env, "GODEBUG="+settings)
	}
	return env
}

// A Sample is several runs of one seed, one after the other in one process.
type Sample struct {
	Conditions
	Hashes []sim.Hash `json:"hashes"` // of each run
}

// samples are what experiments have shown.
type samples []Sample

func (all samples) under(c Conditions) samples {
	var some samples
	for _, s := range all {
		if s.Conditions == c {
			some = append(some, s)
		}
	}
	return some
}

// agree reports whether there are runs, and all of them are one.
func (all samples) agree() bool {
	for _, s := range all {
		for _, h := range s.Hashes {
			if h != all[0].Hashes[0] {
				return false
			}
		}
	}
	return len(all) > 0
}

// mostlyAgree reports whether at least three of four runs are one.
func (all samples) mostlyAgree() bool {
	times := make(map[sim.Hash]int)
	most := 0
	for _, s := range all {
		for _, h := range s.Hashes {
			times[h]++
			most = max(most, times[h])
		}
	}
	return 4*most >= 3*all.runs()
}

func (all samples) runs() int {
	n := 0
	for _, s := range all {
		n += len(s.Hashes)
	}
	return n
}

// eachAgrees reports whether in each process all runs are one.
func (all samples) eachAgrees() bool {
	return !slices.ContainsFunc(all, func(s Sample) bool { return !samples{s}.agree() })
}

// alike reports whether there are several processes, and all went through the
// same runs in the same order.
func (all samples) alike() bool {
	for _, s := range all {
		if !slices.Equal(s.Hashes, all[0].Hashes) {
			return false
		}
	}
	return len(all) > 1
}
