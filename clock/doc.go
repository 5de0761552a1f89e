// Package clock models the time that one machine believes in.
//
// A machine has two clocks. The monotonic one counts from its start, never
// goes back, and may run fast or slow: its drift, in parts per million. The
// wall clock runs at the same speed, but its reading may be off, jump either
// way, or stand still for a while. True time is the time.Duration since the
// start of the run; nothing in here reads a real clock.
//
// All arithmetic is on integers and holds for the first hundred years of a
// run.
//
// It leaves out: corrections that are slewed in rather than stepped (RFC 5905,
// section 12, does both), leap seconds, and time zones.
package clock
