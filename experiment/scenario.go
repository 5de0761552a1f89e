package experiment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/mistake"
	"seedbed.example/sim"
)

// A Scenario is a named experiment.
type Scenario struct {
	ID         string
	Summary    string
	Model      string            // the sequential model its history is checked against
	Checkers   []string          // what watches it
	Parameters []Parameter       // what can be set, with defaults; as a rule [Nodes] and [Faults] among them
	Mistakes   []mistake.Mistake // what can be planted

	// Besides is how many servers there are besides those that the parameter
	// nodes counts: they are numbered first, and faults strike them too.
	Besides int

	// Build adds nodes and clients to a fresh world.
	Build func(w *sim.World, values Values, mistake string) Setup
}

// A Config says which run of a scenario.
type Config struct {
	Seed       uint64
	Parameters map[string]string // by name; what is not set has its default
	Mistake    string            // id of the mistake planted, "" for none
	Plan       faults.Plan       // nil: drawn from the seed by the profile that the parameter "faults" names
	Choices    string            // what answers choices: "seed" or "" for the seed, "zero" for the benign answer, "pct 3/12000" for [choice.PCT]
	Overrides  []choice.Override // answers to single choices, over all that
	Source     choice.Source     // answers choices in place of Choices, for one run: no repro can name it
	Record     bool              // keep a structured trace
	Cover      bool              // collect the abstract states of nodes that publish one
	Decisions  *choice.Recorder  // keeps every choice of the run, if it is not nil
	Guard      bool              // watch that messages stay as they were sent: [sim.Options.Guard]
	EventLimit uint64            // 0: the engine's default
}

// A Result is what one run came to.
type Result struct {
	Scenario   string
	Config     Config
	Values     Values // every parameter, as it was settled
	Plan       faults.Plan
	Verdict    checkers.Verdict
	Violations []checkers.Violation
	Hash       sim.Hash
	Counts     sim.Counts
	Nodes      int // servers
	Operations int
	Simulated  time.Duration
	Struck     map[string]int // how often each kind of fault struck, 0 for one that the profile might have drawn
	World      *sim.World     // as it ended: its trace, history and nodes

	injector *faults.Injector
	source   choice.Source
}

// Missed returns the entries of the plan that did not strike.
func (r *Result) Missed() faults.Plan { return r.injector.Missed() }

// Unasked returns the overrides that nobody asked for.
func (r *Result) Unasked() []choice.Override {
	if overridden, ok := r.source.(*choice.Overridden); ok {
		return overridden.Unasked()
	}
	return nil
}

// source returns what answers the choices of a run.
func (c *Config) source() (choice.Source, error) {
	source, err := c.base()
	if err != nil {
		return nil, err
	}
	if len(c.Overrides) > 0 {
		source = choice.OverrideWith(source, c.Overrides)
	}
	if c.Decisions != nil {
		source = c.Decisions.Over(source)
	}
	return source, nil
}

// base returns what answers choices where nothing else does.
func (c *Config) base() (choice.Source, error) {
	switch {
	case c.Source != nil:
		return c.Source, nil
	case c.Choices == "" || c.Choices == "seed":
		return choice.Seed(c.Seed), nil
	case c.Choices == "zero":
		return choice.Zero{}, nil
	case c.prioritized():
		return choice.ParsePCT(c.Choices, c.Seed)
	default:
		return nil, &UnknownError{What: "source of choices", Name: c.Choices, Known: []string{"seed", "zero", "pct CHANGES/STEPS"}}
	}
}

// prioritized reports whether priorities decide how late things are.
func (c *Config) prioritized() bool { return strings.HasPrefix(c.Choices, "pct ") }

// Lateness is what priorities need in a plan: a fault by which each message
// asks how late it is.
var Lateness = faults.Entry{Fault: faults.Delay{Rate: choice.Always, By: faults.Duration(time.Second)}}

// Mistake returns the mistake of that name.
func (s *Scenario) Mistake(id string) (mistake.Mistake, bool) {
	for _, m := range s.Mistakes {
		if m.ID == id {
			return m, true
		}
	}
	return mistake.Mistake{}, false
}

// Check says why no run is possible as asked: an unknown name, a value out of
// range, a plan that does not fit; nil if one is.
func (s *Scenario) Check(config Config) error {
	values, err := s.values(config)
	if err != nil {
		return err
	}
	if _, err := config.source(); err != nil {
		return err
	}
	if _, ok := values["nodes"]; !ok {
		return nil // how many there are is known when they have been made
	}
	return config.Plan.Check(faults.Shape{Nodes: values.Whole("nodes") + s.Besides})
}

// values settles every parameter: what the caller set, else what the mistake
// needs, else the default. It refuses unknown names and values out of range.
func (s *Scenario) values(config Config) (Values, error) {
	values := make(Values)
	for _, p := range s.Parameters {
		values[p.ID] = p.Default
	}
	if config.Mistake != "" {
		m, ok := s.Mistake(config.Mistake)
		if !ok {
			return nil, &UnknownError{What: "mistake", Name: config.Mistake, Known: s.mistakeIDs()}
		}
		for _, need := range m.Needs {
			values[need.Parameter] = need.Value
		}
	}
	for name, value := range config.Parameters {
		values[name] = value
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(s.Parameters, func(p Parameter) bool { return p.ID == name })
		if i < 0 {
			return nil, &UnknownError{What: "parameter", Name: name, Known: s.parameterIDs()}
		}
		if err := s.Parameters[i].check(values[name]); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
	}
	return values, nil
}

func (s *Scenario) mistakeIDs() []string {
	var ids []string
	for _, m := range s.Mistakes {
		ids = append(ids, m.ID)
	}
	return ids
}

func (s *Scenario) parameterIDs() []string {
	var ids []string
	for _, p := range s.Parameters {
		ids = append(ids, p.ID)
	}
	return ids
}

// UnknownError says that there is nothing of that name.
type UnknownError struct {
	What  string // "scenario", "mistake", "parameter", "profile", "model"
	Name  string
	Known []string // the names there are
}

// Error implements error.
func (e *UnknownError) Error() string { return fmt.Sprintf("there is no %s %q", e.What, e.Name) }
