package explore

import (
	"iter"
	"maps"

	"seedbed.example/experiment"
)

// A Strategy is a way to choose the runs of a hunt.
type Strategy struct {
	ID      string `json:"id"`
	Summary string `json:"summary"`
	begin   func(h *Hunt) (search, error)
}

// A search chooses runs and may learn from what they came to. Only one
// goroutine uses it.
type search interface {
	// generation returns which runs to make next, perhaps without end: as many
	// as can be chosen before it is known what any of them comes to. It is
	// called again when learn has been told of all of them; nil ends the hunt.
	generation() iter.Seq[experiment.Config]
	// learn is told what the runs came to, in their order.
	learn(o *outcome)
	// figures tells how the search stands.
	figures() []Figure
}

// A Figure is a number that tells how a search stands.
type Figure struct {
	Name  string `json:"name"`
	Value uint64 `json:"value"`
}

// Strategies returns every strategy there is.
func Strategies() []Strategy {
	return []Strategy{
		{"random", "every kind of fault may come in every run: the profile chaos", fromProfile("chaos")},
		{"swarm", "each run turns on its own random subset of the kinds of fault: the profile swarm", fromProfile("swarm")},
		{"pct", "few changes of priority: some messages and timers are late by far, others never; each run changes at --depth points or so", beginPCT},
		{"guided", "mutates the plans of runs that brought the cluster into states not seen before", beginGuided},
		{"exhaustive", "every run of a small world that differs from the benign one in at most --depth choices", beginExhaustive},
		{"replay", "only the repro files of --corpus", beginReplay},
	}
}

// search begins the hunt's strategy. Without one it takes seeds as they come.
func (h *Hunt) search() (search, error) {
	if h.Strategy == "" {
		return seeds{h.Config, h.From}, nil
	}
	unknown := &experiment.UnknownError{What: "strategy", Name: h.Strategy}
	for _, s := range Strategies() {
		if s.ID == h.Strategy {
			return s.begin(h)
		}
		unknown.Known = append(unknown.Known, s.ID)
	}
	return nil, unknown
}

// seeds takes one seed after another.
type seeds struct {
	base experiment.Config
	from uint64
}

// fromProfile begins a strategy that is a profile of faults, unless the hunt
// asks for faults of its own.
func fromProfile(id string) func(h *Hunt) (search, error) {
	return func(h *Hunt) (search, error) {
		config := h.Config
		if config.Plan == nil {
			config, _ = withDefault(h.Scenario, config, "faults", id)
		}
		return seeds{config, h.From}, nil
	}
}

// withDefault sets a parameter that neither the caller sets nor the mistake
// needs otherwise, and reports whether it did: not all scenarios have it.
func withDefault(s *experiment.Scenario, config experiment.Config, parameter, value string) (experiment.Config, bool) {
	if _, set := config.Parameters[parameter]; set {
		return config, false
	}
	if mistake, ok := s.Mistake(config.Mistake); ok {
		for _, need := range mistake.Needs {
			if need.Parameter == parameter {
				return config, false
			}
		}
	}
	changed := config
	changed.Parameters = maps.Clone(config.Parameters)
	if changed.Parameters == nil {
		changed.Parameters = make(map[string]string)
	}
	changed.Parameters[parameter] = value
	if s.Check(changed) != nil {
		return config, false
	}
	return changed, true
}

func (s seeds) generation() iter.Seq[experiment.Config] {
	return func(yield func(experiment.Config) bool) {
		for config := s.base; ; s.from++ {
			config.Seed = s.from
			if !yield(config) {
				return
			}
		}
	}
}

func (seeds) learn(*outcome)    {}
func (seeds) figures() []Figure { return nil }
