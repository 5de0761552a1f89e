package scenarios

import (
	"fmt"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// Run runs the scenario once. An error means that the run was not possible as
// asked: an unknown name, a value out of range, a plan that does not fit.
// Whatever goes wrong inside the run is a violation in the result.
func (s *Scenario) Run(config Config) (*Result, error) {
	values, err := s.values(config)
	if err != nil {
		return nil, err
	}
	var source choice.Source = choice.Seed(config.Seed)
	if len(config.Overrides) > 0 {
		source = choice.OverrideWith(source, config.Overrides)
	}
	w := sim.NewWorld(sim.Options{Choices: source, Record: config.Record, EventLimit: config.EventLimit, Disk: ordinaryDisk})
	w.Network().SetLatency(ordinaryLatency)
	experiment := s.Build(w, values, config.Mistake)
	plan, err := s.plan(config, values, source, experiment)
	if err != nil {
		return nil, err
	}
	in := faults.Inject(w, experiment.Nodes, plan)
	result := &Result{Scenario: s.ID, Config: config, Values: values, Plan: plan, World: w}
	result.Verdict, result.Violations = judge(w, source, in, experiment)
	w.Close() // what still waits in a run that was broken
	result.Hash, result.Counts = w.Hash(), w.Counts()
	result.Operations, result.Simulated = w.History().Len(), w.Now()
	result.Struck = in.Struck()
	return result, nil
}

// plan is the one given, or one drawn by the profile.
func (s *Scenario) plan(config Config, values Values, source choice.Source, e *Experiment) (faults.Plan, error) {
	if config.Plan != nil {
		return config.Plan, config.Plan.Check(len(e.Nodes))
	}
	profile, ok := faults.FindProfile(values["faults"])
	if !ok {
		return nil, &UnknownError{What: "profile", Name: values["faults"], Known: profileIDs()}
	}
	return profile.Draw(source, faults.Shape{Nodes: len(e.Nodes), Span: e.Span, Kinds: e.Kinds, AllNeeded: e.Core == len(e.Nodes)}), nil
}

func profileIDs() []string {
	var ids []string
	for _, p := range faults.Profiles() {
		ids = append(ids, p.ID)
	}
	return ids
}

// judge runs both parts and returns what they came to.
func judge(w *sim.World, source choice.Source, in *faults.Injector, e *Experiment) (checkers.Verdict, []checkers.Violation) {
	if w.RunUntil(e.Span) {
		core := in.Core(source, e.Core)
		in.Heal(core)
		e.Heal()
		if !w.RunWhile(func() bool { return !e.Done() }, e.Span+e.Bound) && len(w.Violations()) == 0 {
			w.Violate("liveness", "the faults were over at %v among nodes %v, and %v later not every client has got on.\n%s",
				e.Span, core, e.Bound, e.Waiting())
		}
	}
	if seen := w.Violations(); len(seen) > 0 {
		found := make([]checkers.Violation, len(seen))
		for i, v := range seen {
			found[i] = checkers.Violation{Checker: v.Checker, Message: fmt.Sprintf("at %v: %s", v.At.Round(time.Microsecond), v.Message)}
		}
		return checkers.Violated, found
	}
	return e.Check()
}
