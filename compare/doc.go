// Package compare puts replicated stores of different designs into the same
// world, and measures what each gives up there.
//
// [CAP] cuts five replicas and their clients in two, for three seconds: who is
// still answered on which side, and what is lost, stale or in disagreement when
// the cut is healed? By Brewer's conjecture, as Gilbert and Lynch proved it
// ("Brewer's conjecture and the feasibility of consistent, available,
// partition-tolerant web services", 2002), no design answers on both sides and
// stays linearizable.
//
// [PACELC] puts three replicas into three regions where nothing goes wrong, and
// measures how long reads and writes take, and how stale what is read is. Abadi
// ("Consistency tradeoffs in modern distributed database system design", 2012)
// added this to CAP: else, where there is no partition, latency stands against
// consistency.
//
// The same seed gives the same tables.
package compare
