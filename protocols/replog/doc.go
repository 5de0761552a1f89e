// Package replog is a replicated log as one server holds it: in memory, and on
// disk behind a snapshot of what has come of its beginning. What several servers
// agree on is the protocol's business, and who may append; this package keeps
// what they have agreed on, through crashes.
//
// The log is Raft's (Ongaro and Ousterhout, "In Search of an Understandable
// Consensus Algorithm", §5.3 and §7): each entry has an index and the term in
// which it was ordered, and two logs that have an entry of the same index and
// term are the same up to it. What other protocols call an epoch or a view's
// number is the term here.
//
// On disk it is a write-ahead log, which an entry enters in place of the one of
// its index and all that follow, and a snapshot. Once that is saved, the log is
// begun anew behind it; a crash between the two does no harm.
package replog
