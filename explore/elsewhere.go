package explore

import (
	"slices"
	"strconv"
	"time"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
)

// To get to a run that a person takes in at a glance, shrinking tries other seeds
// too, before it takes a run apart choice by choice: what the last faults and
// operations are needed for is often no more than an accident of timing.

// otherSeeds is how many seeds a smaller plan or world is tried with.
const otherSeeds = 16

// elsewhere makes the run smaller as far as other courses than its own allow.
func (k *shrinker) elsewhere() {
	k.smallerElsewhere()
	k.fewerFaults(nil)
	k.intoASmallWorld()
	k.fewerElsewhere()
	k.intoASmallWorld()
	_, k.shrunk.After = k.look()
}

// fewerElsewhere takes off a plan that is still long what can only go if the run
// takes another course.
func (k *shrinker) fewerElsewhere() {
	for size := len(k.best.Plan) / 2; size > 0; size = min(size, len(k.best.Plan)) / 2 {
		for at := 0; at < len(k.best.Plan); {
			if len(k.best.Plan) <= fewFaults || !k.running() {
				return
			}
			config := k.best
			config.Plan = append(faults.Plan{}, k.best.Plan[:at]...) // empty is not nil
			config.Plan = append(config.Plan, k.best.Plan[min(at+size, len(k.best.Plan)):]...)
			if k.withSeeds(config, 0, otherSeeds) {
				k.fewerFaults(nil)
			} else {
				at += size
			}
		}
	}
}

// smallerElsewhere makes a run with many operations one with fewer clients, keys
// and operations.
func (k *shrinker) smallerElsewhere() {
	for _, p := range k.Scenario.Parameters {
		if !p.Size {
			continue
		}
		now := k.shrunk.Result.Values.Whole(p.ID)
		for part := 32; part > 1 && k.shrunk.Result.Operations > fewOperations && k.running(); part /= 2 {
			if less := max(now/part, p.Whole.Least); less < now && k.withSeeds(k.withSize(p.ID, less), 0, otherSeeds) {
				break
			}
		}
	}
}

// withSeeds tries a configuration with other seeds: those so far from its own.
func (k *shrinker) withSeeds(config experiment.Config, from, to uint64) bool {
	var candidates []experiment.Config
	for i := from; i < to; i++ {
		other := config
		other.Seed += i
		candidates = append(candidates, other)
	}
	_, ok := k.try(candidates)
	return ok
}

// How many small worlds are tried of what is left when a run is small, and when it is
// not; how many of the first faults, of which there are more to draw from; and how
// many of those that show the violation are made smaller.
const (
	fewWorlds   = 300
	manyWorlds  = 1000
	firstWorlds = 4000
	descents    = 6
)

// intoASmallWorld takes a run with a long plan to the first of many small worlds that
// shows the violation, if there is one.
func (k *shrinker) intoASmallWorld() {
	if len(k.best.Plan) <= fewFaults {
		return
	}
	if _, k.shrunk.After = k.look(); k.toASmallWorld(k.whatIsLeft(), 0) > 0 {
		k.fewerFaults(nil)
	}
}

// fewerInSmallWorlds takes what is left of a run to small worlds, and makes it
// smaller there.
func (k *shrinker) fewerInSmallWorlds() {
	from, origin := k.shrunk, k.best
	smallest, at := from, origin
	for _, s := range []smallness{k.whatIsLeft(), k.fewOfTheFirst()} {
		for next, left := uint64(0), descents; left > 0; left-- {
			k.keep(from, origin)
			if next = k.toASmallWorld(s, next); next == 0 {
				break
			}
			if k.takeApart(); k.shrunk.After.less(smallest.After) {
				smallest, at = k.shrunk, k.best
			}
		}
	}
	k.keep(smallest, at)
}

// affordable is how many worlds like the best run may be tried at once: so many events
// take some seconds.
func (k *shrinker) affordable() uint64 {
	const events, least = 40_000_000, 50
	return max(events/max(k.shrunk.Result.Counts.Events, 1), least)
}

// toASmallWorld tries the small worlds from one number on, and returns the number
// after that of the first that shows the violation, or 0.
func (k *shrinker) toASmallWorld(s smallness, from uint64) (next uint64) {
	var candidates []experiment.Config
	for n := from; n < min(s.worlds, k.affordable()); n++ {
		candidates = append(candidates, k.smallWorld(s, n))
	}
	if i, ok := k.try(candidates); ok {
		next = from + uint64(i) + 1
	}
	return next
}

// A smallness is of which faults a small world is made, and how much there is of
// anything else at the most. No fault comes in that was not there, so that what is
// found is most likely the same bug.
type smallness struct {
	worlds uint64 // to try
	most   int
	faults func(config experiment.Config, draw *choice.Stream) experiment.Config
}

// whatIsLeft makes small worlds of some of the faults that are left.
func (k *shrinker) whatIsLeft() smallness {
	worlds := uint64(manyWorlds)
	if k.shrunk.After.small() {
		worlds = fewWorlds
	}
	return smallness{
		worlds: worlds, most: min(max(k.shrunk.After.Operations, 1), fewOperations),
		faults: func(config experiment.Config, draw *choice.Stream) experiment.Config {
			config.Plan = drawFrom(config.Plan, len(config.Plan), draw)
			return config
		},
	}
}

// fewOfTheFirst makes them of a few of the faults that the run began with, with as
// many servers: what is left may be a story of accidents, because it came to a world
// in which nothing plainer can happen.
func (k *shrinker) fewOfTheFirst() smallness {
	return smallness{
		worlds: firstWorlds, most: fewOperations,
		faults: func(config experiment.Config, draw *choice.Stream) experiment.Config {
			if k.servers != "" {
				config = withParameter(config, "nodes", k.servers)
			}
			config.Plan = drawFrom(k.start.Plan, fewFaults, draw)
			return config
		},
	}
}

// smallWorld draws a world that has no more of anything than that, less time for
// faults to strike, and in its plan such faults, as they are or simpler, at other
// times.
func (k *shrinker) smallWorld(s smallness, n uint64) experiment.Config {
	config := k.best
	config.Choices, config.Overrides, config.Seed = "", nil, config.Seed+n
	draw := choice.NewStream(choice.Seed(config.Seed), "shrink", "small world")
	for _, p := range k.Scenario.Parameters {
		if p.ID == "nodes" || !p.Size {
			continue
		}
		size := max(min(k.shrunk.Result.Values.Whole(p.ID), s.most), p.Whole.Least)
		if draw.N(2) == 0 {
			size = p.Whole.Least + int(draw.N(uint64(size-p.Whole.Least+1)))
		}
		config = withParameter(config, p.ID, strconv.Itoa(size))
	}
	config = s.faults(config, draw)
	if _, known := k.shrunk.Result.Values["span"]; known { // by custom, how long faults may strike
		span := k.shrunk.Result.Values.Duration("span")
		if shorter := span >> draw.N(5); shorter >= shortSpan {
			span = shorter
		}
		config = withParameter(config, "span", span.String())
		drawTimes(config.Plan, span, draw)
	}
	return config
}

// shortSpan is some election timeouts: in less, little can happen.
const shortSpan = 200 * time.Millisecond

// drawFrom draws some entries of a plan, at the most so many, or what is simpler
// than one.
func drawFrom(plan faults.Plan, most int, draw *choice.Stream) faults.Plan {
	some := append(faults.Plan{}, plan...) // empty is not nil
	for left := draw.N(uint64(min(len(some), most)) + 1); uint64(len(some)) > left; {
		i := int(draw.N(uint64(len(some))))
		some = slices.Delete(some, i, i+1)
	}
	for i, e := range some {
		if simpler := e.Simpler(); len(simpler) > 0 && draw.N(2) == 0 {
			some[i] = simpler[draw.N(uint64(len(simpler)))]
		}
	}
	return some
}

// drawTimes draws when the faults of a plan strike, but for those that are there from
// the beginning.
func drawTimes(plan faults.Plan, span time.Duration, draw *choice.Stream) {
	for i := range plan {
		if plan[i].At > 0 {
			plan[i].At = draw.Between(0, span-1).Truncate(time.Millisecond)
		}
	}
	plan.Sort()
}
