package quorum

import (
	"cmp"
	"fmt"

	"seedbed.example/sim"
)

// A Version is a value that somebody has written at a key. The zero Version is
// the nothing that is there at first.
type Version struct {
	Timestamp
	Value string
}

// A Timestamp orders the versions of a key. It is no time: its number is one
// more than the greatest that the writer has found. Two writers may find the
// same, so it names the writer.
type Timestamp struct {
	Number uint64 // from 1
	Writer Writer
}

// A Writer is one life of a client. One that comes back after a crash does not
// know which timestamps it has used, and so is another writer.
type Writer struct {
	Client sim.NodeID
	Life   uint64 // from 1
}

// Written reports whether there is a version at all.
func (t Timestamp) Written() bool { return t != Timestamp{} }

// compare orders timestamps: by number, and between writers that have found the
// same number in some way that is everywhere the same.
func (t Timestamp) compare(u Timestamp) int {
	return cmp.Or(
		cmp.Compare(t.Number, u.Number),
		cmp.Compare(t.Writer.Client, u.Writer.Client),
		cmp.Compare(t.Writer.Life, u.Writer.Life),
	)
}

// String tells the number and the writer: "3 by 5", or "3 by 5's life 2".
func (t Timestamp) String() string {
	switch {
	case !t.Written():
		return "nothing"
	case t.Writer == Writer{}:
		return fmt.Sprint(t.Number)
	case t.Writer.Life == 1:
		return fmt.Sprintf("%d by %v", t.Number, t.Writer.Client)
	default:
		return fmt.Sprintf("%d by %v's life %d", t.Number, t.Writer.Client, t.Writer.Life)
	}
}

// String tells the value and its timestamp.
func (v Version) String() string {
	if !v.Written() {
		return "nothing"
	}
	return fmt.Sprintf("%q (%v)", v.Value, v.Timestamp)
}
