package clock

import (
	"fmt"
	"math"
	"math/bits"
	"time"
)

// MaxDrift is the greatest drift, in parts per million either way: 20 %, far
// beyond any crystal, and enough for a badly throttled virtual machine.
const MaxDrift = 200_000

// MaxOffset is how far jumps can carry the wall clock from the monotonic one,
// either way: a hundred years.
const MaxOffset = 100 * 365 * 24 * time.Hour

// Epoch is what an undisturbed wall clock shows at the start of a run.
var Epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

const million = 1_000_000

// A Clock is one machine's time. The zero value shows true time.
//
// All its methods take the true time now, which must never go back.
type Clock struct {
	drift   int           // parts per million; the clock runs at 1 + drift/1e6
	since   time.Duration // true time at which the drift was last changed
	elapsed time.Duration // monotonic reading then
	offset  time.Duration // the wall clock's distance from the monotonic one

	frozen   bool
	frozenAt time.Duration // monotonic reading at which the wall clock stopped
}

// Monotonic returns the monotonic reading.
func (c *Clock) Monotonic(now time.Duration) time.Duration {
	passed := now - c.since
	if c.drift != 0 {
		rate := time.Duration(million + c.drift)
		passed = passed/million*rate + passed%million*rate/million
	}
	return c.elapsed + passed
}

// Until returns the least true time after which the monotonic reading has
// advanced by d: an alarm set by it never rings early by the machine's own
// clock. It is 0 for a d that is not above 0, and never so long that now +
// Until(now, d) would overflow, so that a d beyond all time is an alarm that
// no run gets to.
func (c *Clock) Until(now, d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	if c.drift == 0 {
		return min(d, math.MaxInt64-now)
	}
	// The reading passes target when rate * x / million, rounded down, does:
	// x true nanoseconds after since, with x rounded up.
	rate := uint64(million + c.drift)
	target := uint64(c.Monotonic(now)-c.elapsed) + uint64(d)
	high, low := bits.Mul64(target, million)
	low, carry := bits.Add64(low, rate-1, 0)
	high += carry
	if high >= rate {
		return math.MaxInt64 - now
	}
	x, _ := bits.Div64(high, low, rate)
	return time.Duration(min(x-uint64(now-c.since), uint64(math.MaxInt64-now)))
}

// Wall returns the wall clock's reading.
func (c *Clock) Wall(now time.Duration) time.Time {
	reading := c.frozenAt
	if !c.frozen {
		reading = c.Monotonic(now)
	}
	return Epoch.Add(reading).Add(c.offset)
}

// SetDrift lets both clocks run at 1 + ppm/1e6 from now on; neither reading
// moves. Beyond [MaxDrift] it changes nothing and returns an error.
func (c *Clock) SetDrift(now time.Duration, ppm int) error {
	if ppm < -MaxDrift || ppm > MaxDrift {
		return fmt.Errorf("clock drift of %d parts per million: want %d to %d", ppm, -MaxDrift, MaxDrift)
	}
	c.elapsed, c.since, c.drift = c.Monotonic(now), now, ppm
	return nil
}

// Jump moves the wall clock by this much, forward or back, frozen or not, but
// never further than [MaxOffset] from the monotonic one, which takes no notice.
func (c *Clock) Jump(now, by time.Duration) {
	by = min(max(by, -MaxOffset), MaxOffset)
	c.offset = min(max(c.offset+by, -MaxOffset), MaxOffset)
}

// Freeze lets the wall clock stand still.
func (c *Clock) Freeze(now time.Duration) {
	if !c.frozen {
		c.frozen, c.frozenAt = true, c.Monotonic(now)
	}
}

// Thaw lets a frozen wall clock go on. It catches up at once: it shows what it
// would if it had never stood still, as when a hung time service comes back.
func (c *Clock) Thaw(now time.Duration) { c.frozen = false }

// Correct ends all that is wrong, as a time service that steps the clock: both
// clocks run true from now on, and the wall clock shows true time. The
// monotonic one keeps the reading it has.
func (c *Clock) Correct(now time.Duration) {
	c.elapsed, c.since, c.drift = c.Monotonic(now), now, 0
	c.frozen = false
	c.offset = now - c.elapsed
}
