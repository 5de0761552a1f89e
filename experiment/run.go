package experiment

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// ordinaryLatency and ordinaryDisk are a data centre on a good day: what holds
// while no fault worsens it, and no experiment says otherwise.
var (
	ordinaryLatency = network.Exponential(200*time.Microsecond, 500*time.Microsecond)
	ordinaryDisk    = storage.Conditions{
		SyncLatency: storage.Latency{Least: 100 * time.Microsecond, Extra: 400 * time.Microsecond},
	}
)

// Run runs the scenario once. An error means that the run was not possible as
// asked: an unknown name, a value out of range, a plan that does not fit.
// Whatever goes wrong inside the run is a violation in the result.
func (s *Scenario) Run(config Config) (*Result, error) {
	values, err := s.values(config)
	if err != nil {
		return nil, err
	}
	source, err := config.source()
	if err != nil {
		return nil, err
	}
	w := NewWorld(sim.Options{
		Choices: source, Record: config.Record, Cover: config.Cover, Guard: config.Guard, EventLimit: config.EventLimit,
	})
	var setup Setup
	w.Attempt("building the world", func() { setup = s.Build(w, values, config.Mistake) })
	setup.settle(w)
	plan, kinds, err := setup.plan(config, values, source)
	if err = errors.Join(setup.check(w), err); err != nil {
		w.Close()
		return nil, err
	}
	in := faults.Inject(w, setup.Nodes, plan)
	result := &Result{Scenario: s.ID, Config: config, Values: values, Plan: plan, World: w, injector: in, source: source}
	result.Verdict, result.Violations = judge(w, source, in, &setup)
	w.Close() // what still waits in a run that was broken
	result.Hash, result.Counts = w.Hash(), w.Counts()
	result.Nodes, result.Operations, result.Simulated = len(setup.Nodes), w.History().Len(), w.Now()
	result.Struck = in.Struck()
	for _, kind := range kinds {
		result.Struck[kind] += 0
	}
	return result, nil
}

// NewWorld returns an empty world as runs of an experiment have it: in a data
// centre on a good day.
func NewWorld(options sim.Options) *sim.World {
	options.Disk = ordinaryDisk
	w := sim.NewWorld(options)
	w.Network().SetLatency(ordinaryLatency)
	return w
}

// plan is the one given, or one drawn by the profile, which might have held
// these kinds of fault.
func (s *Setup) plan(config Config, values Values, source choice.Source) (plan faults.Plan, kinds []string, err error) {
	if config.Plan != nil {
		return config.Plan, nil, config.Plan.Check(s.shape())
	}
	id, ok := values["faults"]
	if !ok {
		id = s.Faults
	}
	profile, ok := faults.FindProfile(id)
	switch {
	case !ok:
		return nil, nil, &UnknownError{What: "profile", Name: id, Known: profileIDs()}
	case len(s.Nodes) == 0:
		return nil, nil, nil
	}
	plan = profile.Draw(source, s.shape())
	if config.prioritized() {
		plan = slices.Insert(plan, 0, Lateness)
	}
	return plan, profile.Kinds(s.shape()), nil
}

func profileIDs() []string {
	var ids []string
	for _, p := range faults.Profiles() {
		ids = append(ids, p.ID)
	}
	return ids
}

// judge runs both parts and returns what they came to.
func judge(w *sim.World, source choice.Source, in *faults.Injector, s *Setup) (checkers.Verdict, []checkers.Violation) {
	if w.RunUntil(s.Span) {
		live(w, source, in, s)
		w.End()
	}
	verdict, found := checkers.Holds, []checkers.Violation(nil)
	if s.Check != nil && len(w.Violations()) == 0 {
		w.Attempt("the check", func() { verdict, found = s.Check() })
	}
	if seen := w.Violations(); len(seen) > 0 {
		found := make([]checkers.Violation, len(seen))
		for i, v := range seen {
			found[i] = checkers.Violation{Checker: v.Checker, Kind: v.Kind, About: v.About, Message: fmt.Sprintf("at %v: %s", v.At.Round(time.Microsecond), v.Message)}
		}
		return checkers.Violated, found
	}
	return verdict, found
}

// live runs the liveness part: the faults are over among a core of nodes, and
// every client must get on within the bound.
func live(w *sim.World, source choice.Source, in *faults.Injector, s *Setup) {
	core := in.Core(source, s.Core)
	in.Heal(core)
	if s.Heal != nil {
		w.Attempt("Heal", s.Heal)
	}
	if s.Done == nil {
		return
	}
	if !w.RunWhile(func() bool { return !s.Done() }, s.Span+s.Bound) && len(w.Violations()) == 0 {
		waiting := ""
		w.Attempt("telling who waits", func() { waiting = s.Waiting() })
		w.Violate("liveness", "", "the faults were over at %v among nodes %v, and %v later not every client has got on.\n%s",
			s.Span, core, s.Bound, waiting)
	}
}
