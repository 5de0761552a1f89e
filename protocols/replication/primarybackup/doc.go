// Package primarybackup is a key-value store that a primary and its backups keep.
//
// The primary orders all updates and sends them to the backups; if it fails, one
// of those takes its place (Alsberg and Day, "A principle for resilient sharing of
// distributed resources", ICSE 1976).
package primarybackup
