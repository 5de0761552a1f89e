package choice

import "fmt"

// A PCT is a [Seed] by which some things are late by far and others never, and
// few things change: probabilistic concurrency testing (Burckhardt et al.,
// ASPLOS 2010), over messages (Ozkan et al., OOPSLA 2018). What must happen in
// an unlikely order for a bug to show is mostly very few events.
//
// Each flow of messages (a link and a kind) and each timer has a priority,
// drawn once. In virtual time a low priority is a long delay: PCT answers the
// choice "network delay", which is asked where a fault delays messages, and
// those choices of nodes and clients that are lengths of time. With each step
// comes a small chance that the flow or timer falls to the lowest priority for
// good, so that a run of Steps steps has Changes of them, more or less: which
// steps those are hangs on their keys alone, where the original draws exactly
// so many out of the run.
type PCT struct {
	seed    Seed
	changes uint64
	steps   uint64
	flows   map[uint64]*flow // by the hash of their topic; only looked up
}

// A flow is what is known of one flow of messages, or of one timer.
type flow struct {
	level  uint64 // 0 is the lowest priority
	seen   uint64 // steps that have been looked at for a change
	change uint64 // the step at which it falls, if it has been seen
}

// levels is how many priorities there are. Each is half as late as the one
// before it.
const levels = 20

// longChoice is so many alternatives that the choice is one of times, in
// nanoseconds.
const longChoice = 1_000_000

// NewPCT returns the source of the run of that seed, which falls at so many of
// so many steps.
func NewPCT(seed, changes, steps uint64) *PCT {
	return &PCT{seed: Seed(seed), changes: changes, steps: max(steps, 1), flows: make(map[uint64]*flow)}
}

// PCTName returns the words that [ParsePCT] reads: "pct 3/12000" for 3 changes
// in 12000 steps.
func PCTName(changes, steps uint64) string { return fmt.Sprintf("pct %d/%d", changes, steps) }

// ParsePCT returns the source of that name with a seed.
func ParsePCT(name string, seed uint64) (*PCT, error) {
	var changes, steps uint64
	if _, err := fmt.Sscanf(name, "pct %d/%d", &changes, &steps); err != nil || steps == 0 || name != PCTName(changes, steps) {
		return nil, fmt.Errorf("source of choices %q: want pct CHANGES/STEPS, such as pct 3/12000", name)
	}
	return NewPCT(seed, changes, steps), nil
}

// Choose implements [Source].
func (p *PCT) Choose(topic *Topic, index, n uint64) uint64 {
	switch {
	case topic.Domain == "network delay":
		return max(n>>p.level(topic, index), 1) - 1
	case topic.Domain == "rand" && n >= longChoice:
		// Half of a timer is priority, half is luck: two that are always alike
		// would split every vote.
		half := n / 2
		return half>>p.level(topic, index) + p.seed.Choose(topic, index, n-half)
	default:
		return p.seed.Choose(topic, index, n)
	}
}

// level returns the priority that a flow or timer has at a step.
func (p *PCT) level(topic *Topic, step uint64) uint64 {
	f := p.flows[topic.hash]
	if f == nil {
		drawn := mix(uint64(p.seed)^0x9e3779b97f4a7c15, topic.hash)
		f = &flow{level: 1 + drawn%(levels-1), change: ^uint64(0)}
		p.flows[topic.hash] = f
	}
	for ; f.seen <= step && f.change > step; f.seen++ {
		if mix(uint64(p.seed)^topic.hash, f.seen)%p.steps < p.changes {
			f.change = f.seen
		}
	}
	if step >= f.change {
		return 0
	}
	return f.level
}
