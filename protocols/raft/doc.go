// Package raft is a replicated log by the Raft algorithm.
//
// It follows Ongaro and Ousterhout, "In Search of an Understandable Consensus
// Algorithm (Extended Version)", 2014, whose sections are cited as §5.2, and
// Ongaro's dissertation, "Consensus: Bridging Theory and Practice", 2014, cited
// as dissertation 6.4:
//
//   - leader election with pre-vote, and a leader that steps down without a quorum (§5.2, dissertation 6.2, 9.6)
//   - log replication, in a stream, that goes back over whole terms (§5.3, dissertation 10.2)
//   - a write-ahead log that recovers from a crash at any moment (figure 2)
//   - snapshots, sent in chunks (§7)
//   - joint consensus and learners (§6, dissertation 4.2)
//   - leadership transfer (dissertation 3.10)
//   - client sessions, and reads by a round of heartbeats, by a lease, or through the log (§8, dissertation 6.3, 6.4)
//
// A [Node] is one server. It knows its [sim.Env] and nothing else; the
// [StateMachine] knows nothing of Raft. Package kv is a state machine and its
// client.
//
// The decisions on which the algorithm rests are [Rules], on one page, rules.go.
// A [Mistake] replaces one of them; mistakes.go lists those that are
// documented. [Invariants] watch the five properties of figure 3.
//
// The files in reading order: node.go (state, figure 2), election.go, log.go,
// replication.go, read.go, machine.go (sessions), membership.go, transfer.go,
// snapshot.go, wal.go (the disk), rules.go, mistakes.go, invariants.go, and the
// messages: messages.go and requests.go. The stories under testdata show the
// protocol at work, step by step.
//
// # What it leaves out
//
// The catching up of new servers before they vote (dissertation 4.2.1): make
// them learners first. Followers that answer reads. Changing one server at a
// time. State machines too large for one snapshot in memory.
package raft
