// Package wal keeps a node's records on its disk: a write-ahead log, which grows
// record by record, and single records that replace each other, such as a
// snapshot or a small state.
//
// It knows bytes only. What a record means, in which order records must come,
// and what must be durable before which message leaves, is the protocol's
// affair:
//
//	log, records, err := wal.Open(env.Disk(), "wal") // at every boot: what was there
//	log.Append(record)                               // into a buffer
//	err = log.Sync()                                 // durable; only now answer
//
// [Log.Write] and then [Log.Sync] are the two halves of that. Between them is
// where a node names a point at which it may crash, and a mistaken rule leaves
// the second one out. An error of the disk should end the node, by
// env.Halt: after a sync that has failed nothing is known of what was written
// (Rebello et al., ATC 2020).
//
// # What it withstands
//
//   - A torn write: some sectors of it are there, others are not. Opening cuts
//     it off at the first record that is not whole. It was never synced, so
//     nobody relies on it.
//   - A restart without a crash of the machine, which finds what was written
//     and not yet synced. Opening syncs that before anyone relies on it.
//   - A crash while the log is replaced: the old one is there, or the new one.
//   - Rot: flipped bits are found by checksums, and told from torn writes.
//     Opening returns [ErrRot].
//   - Misdirected writes: where a record lies is part of its checksum, so that a
//     sector in the place of another is rot too.
//
// # What it does not
//
// It keeps one copy, so it finds damage and mends none. A sector that was
// synced and is lost without a trace, as zeros or with the end of the file,
// looks like a torn write and is cut off. A sector that holds what an earlier
// write put there (a write that was lost, not misdirected) is whole and in its
// place. The log is read whole at boot: it must fit into memory.
package wal
