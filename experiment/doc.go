// Package experiment is how one run goes, from a seed to a verdict: a cluster and
// a workload in a world, a plan of faults, and checks.
//
// A [Scenario] says how to build it, and [Scenario.Run] runs it once. Each run
// has a safety part, in which the plan's faults strike, and a liveness part, in
// which the faults are over among a core of nodes and every client must get on
// within a stated bound. What a scenario builds in one world is a [Setup].
package experiment
