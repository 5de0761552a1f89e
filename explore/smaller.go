package explore

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
)

// The ways to make a run smaller. Each takes away what it can from the best run
// so far and reports whether that was anything.

// fewerFaults takes entries off the plan: at first all that come too late to
// have mattered.
func (k *shrinker) fewerFaults([]choice.Override) bool {
	with := func(left []faults.Entry) experiment.Config {
		config := k.best
		config.Plan = append(faults.Plan{}, left...)
		return config
	}
	_, smaller := minimize(k, k.best.Plan, with)
	return smaller
}

// calmerDomains lets whole domains of choices go the benign way.
func (k *shrinker) calmerDomains(decided []choice.Override) bool {
	return k.calmer(decided, func(o choice.Override) choice.Key { return choice.Key{Domain: o.Domain} })
}

// calmerTopics lets single topics go the benign way.
func (k *shrinker) calmerTopics(decided []choice.Override) bool {
	return k.calmer(decided, func(o choice.Override) choice.Key { return choice.Key{Domain: o.Domain, Subject: o.Subject} })
}

// fewerOperations leaves out what clients ask. By custom a client's stream that
// is named "operation" decides that, and 0 is nothing.
func (k *shrinker) fewerOperations(decided []choice.Override) bool {
	return k.calmer(decided, func(o choice.Override) choice.Key {
		if o.Domain == "rand" && strings.HasSuffix(o.Subject, " operation") {
			return o.Key
		}
		return choice.Key{}
	})
}

// fewerChoices lets single choices go the benign way.
func (k *shrinker) fewerChoices(decided []choice.Override) bool {
	return k.calmer(decided, func(o choice.Override) choice.Key { return o.Key })
}

// calmer lets choices go the benign way, those at a time that group gives one
// name; what has no name stays as it is. The run then no longer rests on its
// seed: each choice that is left is an override.
func (k *shrinker) calmer(decided []choice.Override, group func(choice.Override) choice.Key) bool {
	var groups []choice.Key
	members := make(map[choice.Key][]choice.Override)
	for _, o := range decided {
		name := group(o)
		if members[name] == nil && name != (choice.Key{}) {
			groups = append(groups, name)
		}
		members[name] = append(members[name], o)
	}
	_, smaller := minimize(k, groups, func(left []choice.Key) experiment.Config {
		config := k.best
		config.Choices, config.Overrides = "zero", slices.Clone(members[choice.Key{}])
		for _, name := range left {
			config.Overrides = append(config.Overrides, members[name]...)
		}
		return config
	})
	return smaller
}

// smallerParameters makes less of what a run is made of: nodes, clients,
// operations.
func (k *shrinker) smallerParameters([]choice.Override) (smaller bool) {
	for _, p := range k.Scenario.Parameters {
		if !p.Size {
			continue
		}
		for least := p.Whole.Least; k.running(); {
			now := k.shrunk.Result.Values.Whole(p.ID)
			if least >= now {
				break
			}
			if _, ok := k.try([]experiment.Config{k.withSize(p.ID, least)}); ok {
				smaller = true
			} else {
				least = (least + now + 1) / 2
			}
		}
	}
	return smaller
}

// withSize is the best with another number of something it is made of.
func (k *shrinker) withSize(id string, n int) experiment.Config {
	config := withParameter(k.best, id, strconv.Itoa(n))
	if id == "nodes" {
		config.Plan = config.Plan.Among(n + k.Scenario.Besides)
	}
	return config
}

func withParameter(config experiment.Config, id, value string) experiment.Config {
	config.Parameters = maps.Clone(config.Parameters)
	if config.Parameters == nil {
		config.Parameters = make(map[string]string)
	}
	config.Parameters[id] = value
	return config
}

// simplerFaults makes what is left of the plan simpler, entry by entry.
func (k *shrinker) simplerFaults([]choice.Override) (smaller bool) {
	for i := 0; i < len(k.best.Plan) && k.running(); {
		var candidates []experiment.Config
		for _, simpler := range k.best.Plan[i].Simpler() {
			config := k.best
			config.Plan = slices.Clone(config.Plan)
			config.Plan[i] = simpler
			candidates = append(candidates, config)
		}
		if _, ok := k.try(candidates); ok {
			smaller = true
		} else {
			i++
		}
	}
	return smaller
}

// smallerValues brings the choices that are left down to smaller answers. If none
// could go the benign way, they are still the seed's; now they are overrides.
func (k *shrinker) smallerValues(decided []choice.Override) (smaller bool) {
	if k.best.Choices != "zero" {
		config := k.best
		config.Choices, config.Overrides = "zero", decided
		_, smaller = k.try([]experiment.Config{config})
	}
	for i := 0; i < len(k.best.Overrides) && k.running(); {
		var candidates []experiment.Config
		value := k.best.Overrides[i].Value
		for _, less := range slices.Compact([]uint64{1, value / 16, value / 2}) {
			if less == 0 || less >= value {
				continue
			}
			config := k.best
			config.Overrides = slices.Clone(config.Overrides)
			config.Overrides[i].Value = less
			candidates = append(candidates, config)
		}
		if _, ok := k.try(candidates); ok {
			smaller = true
		} else {
			i++
		}
	}
	return smaller
}
