package explore

import (
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// A job is one run of a hunt.
type job struct {
	number uint64 // from Hunt.From on, in the order in which the search chose them
	config experiment.Config
}

// again is how the run is made once more, without what only its search wanted
// to know.
func (j job) again() experiment.Config {
	config := j.config
	config.Decisions, config.Cover = nil, false
	return config
}

// An outcome is what the hunt keeps of one run: not its world.
type outcome struct {
	job
	plan       faults.Plan
	nodes      int // servers that faults may strike; 0 if the scenario names none
	verdict    checkers.Verdict
	violations []checkers.Violation
	hash       sim.Hash
	counts     sim.Counts
	operations int
	simulated  time.Duration
	situations []sim.Situation
	struck     map[string]int
	states     []uint64 // abstract ones, if they were asked for
}

func newOutcome(j job, r *experiment.Result) outcome {
	return outcome{
		job: j, plan: r.Plan, nodes: r.Nodes, verdict: r.Verdict, violations: r.Violations, hash: r.Hash, counts: r.Counts,
		operations: r.Operations, simulated: r.Simulated, struck: r.Struck,
		situations: r.World.Situations(), states: r.World.States(),
	}
}
