package simtest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// A World is what a property is about: a function that adds nodes and clients
// to a fresh world and says how its run is to be judged. It is called once for
// each run, on any goroutine, and must not share anything between runs.
type World func(w *sim.World) experiment.Setup

// Seeds is how many seeds a test looks at. With -short it is a tenth of them,
// but at least ten.
type Seeds uint64

// short is how many seeds a test looks at with -short.
func (s Seeds) short() Seeds { return min(s, max(10, s/10)) }

// Run fails the test if a seed leads to a run of world that breaks a promise.
// First it runs again what earlier failures have left under testdata/seedbed,
// then seeds from 0 on, on all cores, until one fails. That one becomes a
// sub-test: it is made smaller, explained and saved.
func Run(t *testing.T, seeds Seeds, world World) {
	t.Helper()
	asked, err := readSettings(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if seeds == 0 {
		t.Fatal("simtest.Seeds(0) looks at nothing: want 1 or more")
	}
	p := newProperty(t.Name(), world)
	switch {
	case asked.doctor > 0:
		p.doctor(t, asked)
	case asked.one:
		p.runOne(t, asked.seed)
	case p.runSaved(t):
		p.hunt(t, seeds, asked)
	}
}

// A property is a test's world as a scenario.
type property struct {
	test     string // full name of the test
	scenario *experiment.Scenario
	nobody   atomic.Bool // faults were asked for, and there was no server for them to strike
}

func newProperty(test string, world World) *property {
	p := &property{test: test}
	p.scenario = &experiment.Scenario{
		ID: packagePath() + "." + test,
		Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
			setup := world(w)
			if len(setup.Nodes) == 0 && setup.Faults != "calm" {
				p.nobody.Store(true)
			}
			return setup
		},
	}
	return p
}

// runOne runs one seed, recorded, and shows the whole of it with -v.
func (p *property) runOne(t *testing.T, seed uint64) {
	t.Helper()
	config := experiment.Config{Seed: seed, Record: true, Guard: true}
	result, err := p.scenario.Run(config)
	if err != nil {
		t.Fatal(explained(err))
	}
	if testing.Verbose() {
		t.Logf("the trace of seed %d:\n%v", seed, result.World.Trace())
	}
	switch config.Record = false; result.Verdict {
	case checkers.Violated:
		config.Guard = result.Violations[0].Guarded()
		t.Run(seedTest(seed), func(t *testing.T) { p.explain(t, config, fmt.Sprint("seed ", seed), p.againWith(seed)) })
	case checkers.Unknown:
		t.Errorf("seed %d: %s", seed, undecided)
	default:
		t.Logf("seed %d holds: %d events, %d operations, %v simulated, trace hash %v",
			seed, result.Counts.Events, result.Operations, result.Simulated, result.Hash)
	}
}

// seedTest is the name of the sub-test for a seed.
func seedTest(seed uint64) string { return fmt.Sprintf("seed=%d", seed) }

// againWith is the line that runs one seed again.
func (p *property) againWith(seed uint64) string {
	return fmt.Sprintf("%s=%d %s", seedVariable, seed, again(p.test))
}

// undecided tells of a run whose verdict is unknown.
const undecided = "the verdict is unknown: the check ran out of time. " +
	"Histories with fewer operations on one key, or whose writes all differ, are easier to decide"

// explained adds to an error the names that would be right.
func explained(err error) error {
	var unknown *experiment.UnknownError
	if errors.As(err, &unknown) {
		return fmt.Errorf("%w: want one of %s", err, strings.Join(unknown.Known, ", "))
	}
	return err
}
