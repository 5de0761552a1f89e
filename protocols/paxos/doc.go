// Package paxos is the Paxos algorithm for a single decision.
package paxos
