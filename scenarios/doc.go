// Package scenarios holds named experiments: a cluster, a workload, faults and
// checks, put together so that one seed is one run with a verdict.
//
// A [Scenario] is found by name with [Find]; [Scenario.Run] runs it once. Each
// run has a safety part, in which the plan's faults strike, and a liveness
// part, in which the faults are over among a core of nodes and every client
// must get on within a stated bound.
package scenarios
