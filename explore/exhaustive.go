package explore

import (
	"iter"
	"math"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// DefaultDomains are the choices that may deviate in an exhaustive search if
// it is not told: what becomes of messages between servers, and when a server
// goes down.
var DefaultDomains = []string{"network loss", "network delay", "network duplicate", CrashDomain}

// CrashDomain is no domain of choices: it lets a server crash right after it
// has sent any message, and restart crashLasts later.
const CrashDomain = "crash"

// crashLasts is how long a server is down.
const crashLasts = 100 * time.Millisecond

// defaultDeviations is how many deviations a run may have.
const defaultDeviations = 2

// candidateRoom is how many candidates are remembered: some 200 bytes each.
const candidateRoom = 2_000_000

// smallWorld is what an exhaustive search sets where nothing else does: each
// message more is several runs more, and with two deviations their square.
var smallWorld = [][2]string{{"nodes", "3"}, {"clients", "2"}, {"operations", "4"}, {"span", "400ms"}}

// askable is the plan by which a world asks the choices of [DefaultDomains] at
// all, and in which nothing goes wrong as long as they are benign. A crash
// loses all that was not synced.
var askable = faults.Plan{
	{Fault: faults.Loss{Rate: 50 * choice.Percent}},
	{Fault: faults.Duplicate{Rate: 50 * choice.Percent}},
	{Fault: faults.Delay{Rate: 50 * choice.Percent, By: faults.Duration(200 * time.Millisecond)}},
	{Fault: faults.PowerLoss{Lose: choice.Always}},
}

// exhaustive makes every run that differs from the benign one in at most depth
// choices, in the order of how many they are. The benign run has the benign
// answer to everything, but for what nodes and clients themselves draw: in
// that it is the run of the first seed.
//
// A run's deviations are in the order in which they are asked. To one that has
// been made, others are added only behind its last, so that each set of them
// comes once: what is asked before is the same with and without it.
//
// Two runs with the same trace hash are taken for one, and of the second
// nothing is made any more. The hash covers when each message is sent, from
// whom to whom, of which kind, and when it arrives, and when each timer fires,
// but not what messages say. Where only the network and crashes deviate, that
// follows from the rest. Where anything else does, nothing is cut. Nor does it
// cover what is still under way when a run ends: that could tell two runs apart
// only if a deviation in the last moment made them longer.
type exhaustive struct {
	base    experiment.Config
	depth   int
	domains []string
	cuts    bool

	begun    bool
	level    []candidate // being made, all with the same number of deviations
	next     []candidate // those with one more
	learned  int         // of the level
	seen     map[sim.Hash]place
	most     int  // candidates that there is room for
	full     bool // there was no room for some of the next
	short    bool // there was none for some of the level
	complete int  // every run with so many deviations has been made
	cut      uint64
	found    map[string]uint64 // deviations from the benign run in each domain
}

// A candidate is a run to be made.
type candidate struct {
	deviations []deviation
	last       place // of the last of them
}

func beginExhaustive(h *Hunt) (search, error) {
	x := &exhaustive{base: h.Config, depth: h.Depth, domains: h.Domains, most: candidateRoom, seen: make(map[sim.Hash]place), found: make(map[string]uint64)}
	if h.Seeds > 0 {
		x.most = int(min(h.Seeds, candidateRoom)) // others would not be made
	}
	if x.depth == 0 {
		x.depth = defaultDeviations
	}
	if x.domains == nil {
		x.domains = DefaultDomains
	}
	x.cuts = !slices.ContainsFunc(x.domains, func(d string) bool { return d != CrashDomain && !isNetwork(d) })
	for _, setting := range smallWorld {
		x.base, _ = withDefault(h.Scenario, x.base, setting[0], setting[1])
	}
	x.base.Seed = h.From
	return x, nil
}

func (x *exhaustive) generation() iter.Seq[experiment.Config] {
	if !x.begun {
		return slices.Values([]experiment.Config{x.first()})
	}
	x.level, x.next, x.learned, x.short = x.next, nil, 0, x.full
	if len(x.level) == 0 {
		return nil
	}
	return func(yield func(experiment.Config) bool) {
		for _, c := range x.level {
			if !yield(x.config(c)) {
				return
			}
		}
	}
}

// first is the run from which what nodes and clients draw is taken.
func (x *exhaustive) first() experiment.Config {
	config := x.base
	config.Plan = faults.Plan{}
	config.Decisions = choice.Record(nil)
	return config
}

// config is the run of a candidate.
func (x *exhaustive) config(c candidate) experiment.Config {
	config := x.base
	config.Overrides, config.Plan = slices.Clone(x.base.Overrides), slices.Clone(x.base.Plan)
	for _, d := range c.deviations {
		if d.crash != nil {
			config.Plan = append(config.Plan, faults.Entry{Fault: *d.crash})
		} else {
			config.Overrides = append(config.Overrides, d.answer)
		}
	}
	if len(c.deviations) < x.depth {
		config.Decisions = choice.Record(nil)
	}
	return config
}

func (x *exhaustive) learn(o *outcome) {
	if !x.begun {
		x.settle(o)
		return
	}
	c := x.level[x.learned]
	x.learned++
	if before, ok := x.seen[o.hash]; x.cuts && ok && before <= c.last {
		x.cut++
	} else {
		x.seen[o.hash] = c.last
		x.extend(c, o)
	}
	if x.learned == len(x.level) && !x.short {
		x.complete = len(c.deviations)
	}
}

// settle makes the benign run out of the first.
func (x *exhaustive) settle(o *outcome) {
	x.begun = true
	x.base.Choices = "zero"
	for _, d := range o.config.Decisions.Decisions() {
		if d.Domain == "rand" && d.Value != 0 {
			x.base.Overrides = append(x.base.Overrides, d.Override)
		}
	}
	if x.base.Plan == nil {
		x.base.Plan = askable
	}
	x.next = []candidate{{last: -1}}
}

// extend adds to the next level every candidate that deviates in one thing
// more, behind what c does.
func (x *exhaustive) extend(c candidate, o *outcome) {
	if len(c.deviations) == x.depth {
		return
	}
	servers := o.nodes
	if servers == 0 {
		servers = math.MaxInt // whoever sends
	}
	for at, d := range deviations(o.config.Decisions.Decisions(), x.domains, servers) {
		if len(c.deviations) == 0 {
			x.found[d.domain()]++
		}
		switch {
		case at <= c.last:
		case len(x.next) == x.most:
			x.full = true
		default:
			x.next = append(x.next, candidate{append(slices.Clone(c.deviations), d), at})
		}
	}
}

// figures tells, of each domain, in how many ways the benign run can deviate: a
// domain of which nothing is asked says so.
func (x *exhaustive) figures() []Figure {
	all := []Figure{{"complete up to deviations", uint64(x.complete)}, {"cut as repeats", x.cut}}
	for _, domain := range x.domains {
		all = append(all, Figure{domain, x.found[domain]})
	}
	return all
}
