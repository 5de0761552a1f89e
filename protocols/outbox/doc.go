// Package outbox is the transactional outbox: services that keep a state each and
// tell each other of it by messages, so that every message takes effect exactly
// once, over a broker that delivers at least once.
//
// A service cannot write its database and the broker in one atomic step. So it
// writes the messages into its own database, in the transaction that they are
// about, and a relay sends them from there until the broker has them (Richardson,
// "Microservices Patterns", 2018, section 3.3; microservices.io, "Pattern:
// Transactional outbox"). That delivers them at least once. So a receiver
// remembers which messages have had their effect, in the transaction of that
// effect (Helland, "Life beyond Distributed Transactions: an Apostate's Opinion",
// CIDR 2007: messages come at least once, and what they do is made idempotent by
// remembering them).
//
//   - [Database]: a service's state, outbox and inbox. A [Transaction] is one
//     record of the write-ahead log.
//   - [Endpoint]: a node's database, the relay of its outbox, and what it does
//     with messages that arrive. A server that blocks has no timers; it uses the
//     database, and sends what is in the outbox itself.
//   - [Broker]: a node that keeps messages on its disk for consumers until they
//     acknowledge them, and delivers them again and again until then.
//
// The decisions on which it rests are [Rules]; mistakes.go replaces one of them.
// Package bank is services on it.
//
// # What it promises
//
// A message of a transaction that was committed takes effect exactly once at each
// consumer that is bound to its topic, once broker and consumer are up and reach
// each other for long enough. A message of a transaction that was not committed
// takes no effect. This holds whatever the network loses, doubles, delays and
// reorders, and across crashes of any server at any moment that lose what its
// disk has not synced.
//
// # What it does not
//
// Messages of one source overtake each other. The broker is one node: while it is
// down nothing is delivered, and a disk that loses what it has synced loses
// messages. Bindings are fixed. A consumer is one node, not a group of them.
//
// The files in reading order: messages.go, database.go, inbox.go, relay.go,
// endpoint.go, broker.go, rules.go, mistakes.go. The stories under testdata show
// them at work.
package outbox
