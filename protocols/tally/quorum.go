package tally

// Majority returns how many of n members are more than half of them. Any two
// majorities of the same members have one in common.
func Majority(n int) int { return n/2 + 1 }

// Overlap reports whether every read of so many of n members meets every write
// of so many in at least one of them (Gifford 1979). Two writes meet if
// Overlap(write, write, n).
func Overlap(read, write, n int) bool { return read+write > n }
