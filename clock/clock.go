// Package clock models the time that one machine believes in.
//
// A machine has two clocks. The monotonic one counts from its start, never
// goes back, and may run fast or slow: its drift, in parts per million. The
// wall clock runs at the same speed, but its reading may be off, jump either
// way, or stand still for a while. True time is the time.Duration since the
// start of the run; nothing in here reads a real clock.
//
// It leaves out: corrections that are slewed in rather than stepped, and leap
// seconds.
package clock

import "time"

// MaxDrift is the greatest drift, in parts per million either way: 20 %, far
// beyond any crystal, and enough for a badly throttled virtual machine.
const MaxDrift = 200_000

// Epoch is what an undisturbed wall clock shows at the start of a run.
var Epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

const million = 1_000_000

// A Clock is one machine's time. The zero value shows true time.
//
// All its methods take the true time now, which must never go back.
type Clock struct {
	drift    int           // parts per million; the clock runs at 1 + drift/1e6
	since    time.Duration // true time at which the drift was last changed
	elapsed  time.Duration // monotonic reading then
	offset   time.Duration // the wall clock's distance from the monotonic one
	frozen   bool
	frozenAt time.Duration // the wall clock's reading while it stands still, from the epoch
}

// Monotonic returns the monotonic reading.
func (c *Clock) Monotonic(now time.Duration) time.Duration {
	if c.drift == 0 {
		return c.elapsed + now - c.since
	}
	return c.elapsed + scale(now-c.since, million+c.drift, million)
}

// Until returns the least true time after which the monotonic reading has
// advanced by d; 0 for a d that is not above 0.
func (c *Clock) Until(now, d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	if c.drift == 0 {
		return d
	}
	target := c.Monotonic(now) + d
	wait := scale(d, million, million+c.drift)
	for wait > 0 && c.Monotonic(now+wait-1) >= target {
		wait--
	}
	for c.Monotonic(now+wait) < target {
		wait++
	}
	return wait
}

// scale returns d * num / den, rounded down, without overflow for up to 292
// years of d.
func scale(d time.Duration, num, den int) time.Duration {
	n, m := time.Duration(num), time.Duration(den)
	return d/m*n + d%m*n/m
}

// Wall returns the wall clock's reading.
func (c *Clock) Wall(now time.Duration) time.Time {
	if c.frozen {
		return Epoch.Add(c.frozenAt)
	}
	return Epoch.Add(c.Monotonic(now) + c.offset)
}

// SetDrift lets both clocks run at 1 + ppm/1e6 from now on. It panics beyond
// [MaxDrift].
func (c *Clock) SetDrift(now time.Duration, ppm int) {
	if ppm < -MaxDrift || ppm > MaxDrift {
		panic("clock: drift out of range")
	}
	c.elapsed, c.since, c.drift = c.Monotonic(now), now, ppm
}

// Jump moves the wall clock by this much, forward or back. The monotonic one
// takes no notice.
func (c *Clock) Jump(now, by time.Duration) {
	c.offset += by
	if c.frozen {
		c.frozenAt += by
	}
}

// Freeze lets the wall clock stand still.
func (c *Clock) Freeze(now time.Duration) {
	if !c.frozen {
		c.frozen, c.frozenAt = true, c.Monotonic(now)+c.offset
	}
}

// Thaw lets the wall clock go on, from where it would be by now, as after a
// hung time service comes back.
func (c *Clock) Thaw(now time.Duration) { c.frozen = false }
