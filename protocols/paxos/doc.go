// Package paxos is single-decree Paxos: servers that agree on one value, for
// ever.
//
// It follows Lamport, "Paxos Made Simple", 2001, whose sections are cited as
// §2.2. Every server is proposer, acceptor and learner (§2.5). A [Node] keeps many
// decrees beside each other, by name, which have nothing to do with each other:
// that costs a map, and a run that is to find mistakes has as many chances as it
// has decrees. "Decree" is the word of Lamport, "The Part-Time Parliament", 1998.
//
// # What it promises
//
// Only a value that a client proposed is chosen, only one, and nobody learns
// another (§2.1). That holds however messages are lost, late, doubled or out of
// order, and whichever servers crash and come again, with disks that lose what
// was not synced. As long as a majority reach each other, and no two proposers
// outbid each other for ever, clients get an answer; servers that were outbid
// keep quiet for a time that is drawn and grows, in place of the distinguished
// proposer of §2.4.
//
// Clients propose a value to any server, and are told the one that was chosen. A
// read is answered by a learner that knows; else the server begins a ballot
// without a value of its own. If that finds votes, it finishes what another began
// and answers with what is chosen. If a majority promises and tells of none,
// nothing was chosen when the ballot was begun, and the answer is that, without a
// second phase. A read that comes while such a ballot is under way waits for the
// next. So reads are linearizable.
//
// A server that has voted, and does not hear what was chosen, asks by such a
// ballot too. That is how a late learner catches up, after a crash as well,
// because what was chosen is not kept on disk: what the acceptors keep is enough.
//
// # How it lies in files
//
// In reading order: messages.go (ballots, votes, messages), rules.go (the decisions
// on which safety rests), acceptor.go, proposer.go, learner.go, node.go (decrees,
// clients), journal.go (the disk), client.go, mistakes.go (rules replaced, as
// others have got them wrong), invariants.go. The stories under testdata show the
// protocol at work, step by step.
//
// # What it leaves out
//
// A sequence of decrees with one leader for all (§3). Changing the servers. The
// write-ahead log grows for ever. A server that never heard of a decree learns
// nothing of it until a client asks.
package paxos
