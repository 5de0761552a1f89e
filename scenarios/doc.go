// Package scenarios holds the named experiments: for each, a cluster, a workload
// and checks. [Find] finds one by its name.
package scenarios
