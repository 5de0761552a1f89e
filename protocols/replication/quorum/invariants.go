package quorum

import (
	"fmt"

	"seedbed.example/sim"
)

// An Observer is told what a replica does, at the moment it does it: what a
// checker may know of a replica's inside.
//
//seedbed:simulated
type Observer interface {
	// Taken: node holds a version that it did not hold before.
	Taken(node sim.NodeID, key string, version Version)
	// Began: node begins a query phase.
	Began(node sim.NodeID, round Round, key string)
	// Found: that phase ends, with this timestamp as the latest.
	Found(node sim.NodeID, round Round, key string, latest Timestamp)
	// Completed: a propagation phase ends. A write quorum holds this or later.
	Completed(key string, timestamp Timestamp)
}

// Invariants checks at every step what the proof of linearizability rests on:
//
//   - A timestamp is of one version: it is never found with two values.
//   - Quorums meet: a query phase finds nothing older than any propagation phase
//     has completed before it began.
type Invariants struct {
	report    func(key, property, message string)
	values    map[stamped]string   // by key and timestamp
	completed map[string]Timestamp // the latest by key
	owed      map[phase]Timestamp  // what each query phase under way must find, or later
}

type stamped struct {
	key       string
	timestamp Timestamp
}

type phase struct {
	node  sim.NodeID
	round Round
}

// NewInvariants returns a checker that reports of which key which property is
// broken, and how.
func NewInvariants(report func(key, property, message string)) *Invariants {
	return &Invariants{
		report: report,
		values: make(map[stamped]string), completed: make(map[string]Timestamp), owed: make(map[phase]Timestamp),
	}
}

// Taken implements [Observer]: a timestamp is of one version.
func (v *Invariants) Taken(node sim.NodeID, key string, version Version) {
	at := stamped{key, version.Timestamp}
	other, known := v.values[at]
	if known && other != version.Value {
		v.report(key, "unique timestamps", fmt.Sprintf("unique timestamps: node %v takes %s = %v, and %q has that timestamp too", node, key, version, other))
	}
	v.values[at] = version.Value
}

// Began implements [Observer].
func (v *Invariants) Began(node sim.NodeID, round Round, key string) {
	v.owed[phase{node, round}] = v.completed[key]
}

// Found implements [Observer]: quorums meet.
func (v *Invariants) Found(node sim.NodeID, round Round, key string, latest Timestamp) {
	at := phase{node, round}
	if owed := v.owed[at]; latest.compare(owed) < 0 {
		v.report(key, "quorums meet", fmt.Sprintf("quorums meet: node %v finds %v at %s, but before it asked, a write quorum had acknowledged %v", node, latest, key, owed))
	}
	delete(v.owed, at)
}

// Completed implements [Observer].
func (v *Invariants) Completed(key string, timestamp Timestamp) {
	if timestamp.compare(v.completed[key]) > 0 {
		v.completed[key] = timestamp
	}
}
