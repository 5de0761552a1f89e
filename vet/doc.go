// Package vet finds code that breaks "one seed is one run" before a run does:
// a range over a map whose order matters, the machine's clock, randomness that
// no seed decides, goroutines, files. It is an analyzer of
// golang.org/x/tools/go/analysis; the commands are
//
//	seedbed vet ./...
//	go vet -vettool=$(which seedbed) ./...
//
// # Which code runs inside a simulation
//
// Only that is judged. It is decided by types and calls, not by names of
// packages:
//
//   - the Start and Receive of a type that implements sim.Node;
//   - a function, declared or literal, with a parameter of type *sim.Process,
//     of sim.Env, or of an interface that includes it;
//   - any function that is handed to the engine as a value: to World.At,
//     World.AddNode, Env.After, Env.NewTimer and their like, by its name, as a
//     literal, or in a variable or field of the same package;
//   - the methods of a type, or of all that implements an interface, that is
//     declared under a line //seedbed:simulated;
//   - the engine itself, package sim;
//   - and what any of these mentions: functions and methods of the same
//     package, the literals in it, and what is assigned in the same package to
//     a variable or field of function type.
//
// Calls into other packages of the module are followed by facts: what a
// function does, itself or through others, is known where it is called, and is
// reported at the call with the way to it. A test that only drives a world is
// not inside: it may read files and start goroutines.
//
// # What stays silent
//
// A map may be ranged over where the order can't matter: where the body only
// sums integers, sets or deletes keys of another map, changes what belongs to
// each key alone, collects what is sorted right afterwards, takes the least or
// greatest by a comparison without ties, or asks whether there is any. A range
// over maps.Keys, maps.Values and maps.All is treated in the same way.
//
// A line //seedbed:allow REASON silences what is found on it, or on the next
// line; before the package clause, in the whole file. It must give its reason,
// and silence something.
//
// # What it leaves out
//
// A call through an interface leads nowhere: interfaces are where real things
// are put in place of simulated ones. So does a value of function type from
// another package, and other modules are not looked into. Floating point and
// sorts by a comparison that may tie are not judged.
package vet
