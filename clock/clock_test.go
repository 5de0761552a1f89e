package clock_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/clock"
)

const century = 100 * 365 * 24 * time.Hour

// meddle changes a clock at random times and returns the time it has come to.
func meddle(t *rapid.T, c *clock.Clock) (now time.Duration) {
	for range rapid.IntRange(0, 5).Draw(t, "changes") {
		now += time.Duration(rapid.Int64Range(0, int64(century/10)).Draw(t, "passes"))
		switch rapid.IntRange(0, 3).Draw(t, "change") {
		case 0:
			c.SetDrift(now, rapid.IntRange(-clock.MaxDrift, clock.MaxDrift).Draw(t, "ppm"))
		case 1:
			c.Jump(now, time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "by")))
		case 2:
			c.Freeze(now)
		case 3:
			c.Thaw(now)
		}
	}
	return now
}

func TestMonotonicTimeNeverGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c clock.Clock
		last := time.Duration(-1)
		now := time.Duration(0)
		for range 10 {
			reading := c.Monotonic(now)
			if reading < last {
				t.Fatalf("read %v after %v", reading, last)
			}
			last = reading
			c.SetDrift(now, rapid.IntRange(-clock.MaxDrift, clock.MaxDrift).Draw(t, "ppm"))
			if after := c.Monotonic(now); after != reading {
				t.Fatalf("a change of drift moved the reading from %v to %v", reading, after)
			}
			now += time.Duration(rapid.Int64Range(0, int64(century/20)).Draw(t, "passes"))
		}
	})
}

func TestUntilIsTheLeastTimeInWhichAnAlarmIsDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c clock.Clock
		now := meddle(t, &c)
		d := time.Duration(rapid.Int64Range(1, int64(365*24*time.Hour)).Draw(t, "d"))
		wait := c.Until(now, d)
		if got := c.Monotonic(now+wait) - c.Monotonic(now); got < d {
			t.Fatalf("after %v of true time only %v of %v have passed", wait, got, d)
		}
		if got := c.Monotonic(now+wait-1) - c.Monotonic(now); got >= d {
			t.Fatalf("a nanosecond before %v of true time %v of %v have passed already", wait, got, d)
		}
	})
}

func TestAnUndisturbedClockShowsTrueTime(t *testing.T) {
	var c clock.Clock
	for _, now := range []time.Duration{0, 1, time.Second, century} {
		if c.Monotonic(now) != now || !c.Wall(now).Equal(clock.Epoch.Add(now)) || c.Until(now, time.Minute) != time.Minute {
			t.Errorf("at %v it shows %v and %v", now, c.Monotonic(now), c.Wall(now))
		}
	}
}

func TestAJumpMovesTheWallClockAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c clock.Clock
		now := meddle(t, &c)
		by := time.Duration(rapid.Int64Range(-int64(century), int64(century)).Draw(t, "by"))
		monotonic, wall := c.Monotonic(now), c.Wall(now)
		c.Jump(now, by)
		if c.Monotonic(now) != monotonic || !c.Wall(now).Equal(wall.Add(by)) {
			t.Fatalf("monotonic %v became %v, wall %v became %v", monotonic, c.Monotonic(now), wall, c.Wall(now))
		}
	})
}

// A fast clock, a bad step, and a hung time service.
func Example() {
	var c clock.Clock
	c.SetDrift(0, 50_000) // 5 % fast
	fmt.Println("after a minute of true time:", c.Monotonic(time.Minute))
	c.Jump(time.Minute, -10*time.Second)
	fmt.Println("wall:", c.Wall(time.Minute).Format(time.TimeOnly))
	c.Freeze(time.Minute)
	fmt.Println("a minute later, frozen:", c.Wall(2*time.Minute).Format(time.TimeOnly))
	c.Thaw(2 * time.Minute)
	fmt.Println("thawed:", c.Wall(2*time.Minute).Format(time.TimeOnly))
	// Output:
	// after a minute of true time: 1m3s
	// wall: 00:00:53
	// a minute later, frozen: 00:00:53
	// thawed: 00:01:56
}
