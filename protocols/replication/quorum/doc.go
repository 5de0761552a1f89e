// Package quorum is registers on replicas without a leader: each key is a
// register that any client reads and writes, and goes on while a quorum of the
// replicas is up and can be reached.
//
// It follows Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in
// Message-Passing Systems", JACM 42(1), 1995, called ABD, with several writers
// as in Lynch and Shvartsman, "Robust Emulation of Shared Memory Using Dynamic
// Quorum-Acknowledged Broadcasts", FTCS 1997. There is no election, no log and no
// consensus; in return there is no operation but read and write.
//
// An operation is two phases, each of which asks all replicas and goes on when a
// quorum has answered:
//
//   - A query phase gathers what a read quorum holds, and takes the version with
//     the greatest timestamp.
//   - A propagation phase lets a write quorum hold a version. A write propagates
//     its value under a greater timestamp than it has found; a read propagates what
//     it has found before it returns it, so that no later read finds less. It may
//     spare itself that if a write quorum is seen to hold it already.
//
// # Who coordinates
//
// In the paper the client itself talks to all replicas. Here a [Client] keeps
// what makes an operation that operation, its timestamp, and any [Replica] carries
// out a phase for it. So a phase that is asked for again, at another replica, is
// the same phase: a retried write keeps its timestamp, and takes effect once. And a
// client needs a path to one replica, not to all: the nearest one, where replicas
// stand in several regions.
//
// # What it promises
//
// With R + W > N, of which majorities are the usual case, each key is
// linearizable, whatever the network, the clocks and crashes do: replicas hold
// durably what they acknowledge. It goes on while max(R, W) replicas that reach
// each other are up. A replica that was away catches up by what is written, and by
// what is read: whoever is seen to be behind is repaired. With R + W <= N a read may
// miss any write: then all that is promised is that what is read was written.
//
// A disk that loses what it has synced, without a trace, is beyond it (see
// package wal). So are replicas that are replaced: the members are fixed.
//
// # Files
//
// In reading order: version.go (timestamps), messages.go, client.go (the two
// operations, as in the paper), round.go (a phase, carried out by a replica),
// replica.go, store.go (the disk), life.go (what distinguishes two lives of a
// process), rules.go, mistakes.go, invariants.go. The stories under testdata show
// the protocol at work, step by step.
package quorum
