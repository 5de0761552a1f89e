// Package faults is what goes wrong in a run, as data.
//
// A [Plan] is a list of entries: what happens, to whom, from when, for how
// long. It is typed, prints as a story, and reads and writes as JSON, so that
// a person can edit it and a failing run can be kept. Plans are drawn from
// choices by a [Profile]: calm, network, crash, disk, clock, chaos or swarm.
// An [Injector] carries a plan out on a world.
//
// What strikes single messages or writes (a loss, a torn sector) is a choice
// of its own, asked at the time; a plan's entry says between which times and
// at which rate such choices are asked at all.
//
// Every run has two parts. First safety: anything in the plan may happen, and
// nothing may be broken. Then liveness: [Injector.Heal] ends the faults among
// a core of nodes that is a quorum, leaves what is outside the core as it is,
// cut off or down, and the core must make progress. The scheme is
// TigerBeetle's (src/vopr.zig, transition to liveness mode).
package faults
