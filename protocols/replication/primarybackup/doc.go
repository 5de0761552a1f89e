// Package primarybackup is a key-value store that a primary and its backups keep.
//
// The primary orders all updates in a log and sends them to the backups. If it
// fails, one of those takes its place (Alsberg and Day, "A principle for resilient
// sharing of distributed resources", ICSE 1976). Who is primary, and of whom it
// must hear before it acknowledges, is a view. A view service hands views out, as
// in MIT's course 6.824, lab 2 ("Primary/Backup Key/Value Service", 2013 to 2015):
// it learns of failures by missing pings, and leaves a view only when its primary
// has acknowledged it. The number of a view is the epoch of what is ordered in it,
// and a replica takes messages of its own view only (PacificA: Lin, Yang, Zhang and
// Zhou, "Replication in Log-Based Distributed Storage Systems", MSR-TR-2008-25). A
// replica that comes back, be it an old primary, and the primary find out by epochs
// how far their logs are the same, and it truncates its own to there (Kafka's
// KIP-101, and KIP-279).
//
// # What it promises
//
// In mode sync an update is acknowledged when all backups of the view have it on
// disk, in mode semi-sync when one has. In both, with reads at the primary, the
// store is linearizable, and what was acknowledged stays, under crashes, pauses,
// partitions, wrong clocks, and disks that lose what was not synced:
//
//   - The view service picks a primary among members of the view only. In sync mode
//     each of them holds everything. In semi-sync mode all but the primary must be
//     left, and the new one gathers what it lacks from them before it begins.
//   - A primary answers a read once as many backups as must have an update have said
//     that they are still in its view. It rests on no clock.
//
// In mode async the primary acknowledges by itself, and answers reads by itself. If
// it is replaced, what it had acknowledged and the new primary had not is lost, and
// until it hears of that it serves on: reads may be stale, a client may not see
// its own writes, or see a value go that it has read. What is left: what is read was
// written, an update takes effect once in what stays, and the replicas converge.
// The view service takes the backup with the latest log, as far as it knows.
// [Invariants] counts what is lost.
//
// With [Options.ReadsAny] each replica answers reads from what it has applied: as
// old as its last word from the primary, and no session is promised anything. In
// the modes that lose nothing this is the beginning of what was acknowledged.
//
// # What it does not
//
// There is one view service. While it is down or cut off no failed replica is
// replaced; replicas go on in their view as they can. Nothing is unsafe.
//
// As in 6.824, a view whose primary fails before it has acknowledged it is not
// left: everything waits until that one is up again. The same holds for a backup
// that has just joined, in sync mode; and in semi-sync mode for a second one that
// fails before the view has begun, or together with the primary. A primary that
// hears from no backup goes on alone, in any mode: what it then acknowledges is on one
// disk, and waits for it if it fails. A disk that is lost is not replaced.
//
// Leases, by which PacificA's primary answers reads without asking, are left out.
// Updates are not collected into batches. The state must fit into one message.
//
// The files in reading order: view.go, rules.go, viewservice.go, replica.go (what a
// replica is in a view), replication.go (updates and their acknowledgement),
// reads.go, catchup.go (truncation, state transfer, gathering), persist.go (the
// disk, and restart), machine.go, mistakes.go, observer.go (invariants), client.go,
// and messages.go. The stories under testdata show the protocol at work, step by
// step.
package primarybackup
