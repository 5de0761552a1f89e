// Package scenarios holds the named experiments: for each, a cluster, a workload
// and checks. [Find] finds one by its name.
//
// Scenarios of stores, which are read and written by key, differ in their servers
// and in how a client talks to them. What clients ask, when, and when they have
// got on is one workload for all.
package scenarios
