// Package saga is orders that go through three services, each with a database of
// its own, so that all three do their part or none does: a saga.
//
// A saga is a sequence of transactions T1 .. Tn, each of which has a compensation
// C1 .. Cn. Either all of T1 .. Tn are carried out, or T1 .. Tj and then Cj .. C1
// (Garcia-Molina and Salem, "Sagas", SIGMOD 1987). Here an [Order] takes a thing
// from the stock, moves money from the buyer to the seller, and books a courier;
// each of them may be refused.
//
//   - An orchestrator ([Orchestrator]) carries sagas out. It is code that blocks:
//     it gives a command, waits for the reply, and goes on. Where each saga
//     stands is on its disk, in the same transaction as the command that is given,
//     so that after a crash it goes on from there.
//   - The services ([Participant]) are state machines. Commands and replies are
//     messages of package outbox, which take effect once each.
//
// A step that does not answer in time is compensated too, because it may have been
// done, or may be done later. So compensations are harmless when there is nothing
// to compensate, or for a second time; and one that comes before its action leaves
// a mark by which the action is refused when it arrives.
//
// Sagas are not isolated from each other: what one has done others see before it
// has ended. So what a step has moved is nobody's until the saga cannot be
// compensated any more and confirms it, a semantic lock (Frank and Zahle,
// "Semantic ACID properties in multidatabases using remote procedure calls and
// update propagations", 1998; Richardson, "Microservices Patterns", 2018, section
// 4.3). A saga that would need what is locked is refused.
//
// The decisions on which it rests are [Rules]; mistakes.go replaces one of them.
//
// # What it promises
//
// Once faults are over, every order that was accepted ends: shipped, with each
// step done once, or rejected, with nothing done that is not compensated. Nothing
// is created, destroyed or overdrawn on the way. This rests on what package outbox
// promises, and holds across crashes of any server at any moment.
//
// # What it does not
//
// An orchestrator carries out one saga at a time; have several of them. Sagas see
// each other's locks: of two orders for the last thing both may be rejected. How an
// order stands only its own orchestrator knows.
//
// The files in reading order: order.go, position.go, orchestrator.go, command.go,
// ledger.go, participant.go, rules.go, mistakes.go. The stories under testdata show
// them at work.
package saga
