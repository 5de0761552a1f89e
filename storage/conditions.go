package storage

import (
	"time"

	"seedbed.example/choice"
)

// Conditions say how fast a disk is and what can go wrong with it. The zero
// value is a disk that takes no time and never fails.
type Conditions struct {
	ReadLatency  Latency // of each read
	WriteLatency Latency // of each write, truncation, creation, renaming and removal
	SyncLatency  Latency // of each sync of a file or of the directory

	SyncFailure choice.Rate // share of syncs that fail and drop their pages
	BitRot      choice.Rate // share of sectors read in which one bit has flipped for good
	Unreadable  choice.Rate // share of sectors read that can't be read any more, until they are written anew
	Misdirect   choice.Rate // share of synced writes of which a sector lands on another one of the file; it shows after a crash
	Full        bool        // what would grow a file fails

	Lose    choice.Rate // share of un-synced writes lost at a crash
	Tear    choice.Rate // share of un-synced writes torn at a crash
	Reorder bool        // a lost or torn write may be followed by ones that are kept
}

// A Latency is how long a disk operation takes: Least, and up to Extra more.
type Latency struct {
	Least time.Duration
	Extra time.Duration
}

// SlowBy makes each write and sync take up to extra longer.
func (c *Conditions) SlowBy(extra time.Duration) {
	c.WriteLatency.Extra += extra
	c.SyncLatency.Extra += extra
}
