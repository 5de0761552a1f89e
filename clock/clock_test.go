package clock_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
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
		switch rapid.IntRange(0, 4).Draw(t, "change") {
		case 0:
			drift(t, c, now)
		case 1:
			c.Jump(now, time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "by")))
		case 2:
			c.Freeze(now)
		case 3:
			c.Thaw(now)
		case 4:
			c.Correct(now)
		}
	}
	return now
}

// drift sets a clock's drift to any that is allowed.
func drift(t *rapid.T, c *clock.Clock, now time.Duration) {
	if err := c.SetDrift(now, rapid.IntRange(-clock.MaxDrift, clock.MaxDrift).Draw(t, "ppm")); err != nil {
		t.Fatal(err)
	}
}

// passes draws some true time, from nothing to decades.
func passes(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(0, int64(century/20)).Draw(t, "passes"))
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
			drift(t, &c, now)
			if after := c.Monotonic(now); after != reading {
				t.Fatalf("a change of drift moved the reading from %v to %v", reading, after)
			}
			now += passes(t)
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

func TestAnAlarmBeyondAllTimeIsNeverDue(t *testing.T) {
	for _, ppm := range []int{-clock.MaxDrift, -1, 0, 1, clock.MaxDrift} {
		for _, now := range []time.Duration{0, time.Second, century} {
			for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 / 10 * 9} {
				var c clock.Clock
				if err := c.SetDrift(0, ppm); err != nil {
					t.Fatal(err)
				}
				if wait := c.Until(now, d); wait < century || now+wait < century {
					t.Errorf("at %v with drift %d, an alarm in %v is due in %v", now, ppm, d, wait)
				}
			}
		}
	}
}

func TestAClockRunsAtItsRate(t *testing.T) {
	for _, ppm := range []int{-clock.MaxDrift, -50, 50, clock.MaxDrift} {
		for _, passed := range []time.Duration{time.Millisecond, time.Hour, century} {
			var c clock.Clock
			if err := c.SetDrift(0, ppm); err != nil {
				t.Fatal(err)
			}
			want := passed + passed/1_000_000*time.Duration(ppm)
			if got := c.Monotonic(passed); got-want < -1 || got-want > 1 {
				t.Errorf("drift %d: read %v after %v, want %v", ppm, got, passed, want)
			}
			if got := c.Wall(passed); !got.Equal(clock.Epoch.Add(c.Monotonic(passed))) {
				t.Errorf("drift %d: the wall clock shows %v, and %v have passed by the monotonic one", ppm, got, c.Monotonic(passed))
			}
		}
	}
}

func TestADriftOutOfRangeChangesNothing(t *testing.T) {
	for _, ppm := range []int{clock.MaxDrift + 1, -clock.MaxDrift - 1, math.MaxInt, math.MinInt} {
		var c clock.Clock
		err := c.SetDrift(0, ppm)
		if err == nil || !strings.Contains(err.Error(), strconv.Itoa(ppm)) {
			t.Errorf("drift %d: error %v, want one that names it", ppm, err)
		}
		if c != (clock.Clock{}) {
			t.Errorf("drift %d: the clock has changed", ppm)
		}
	}
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
		by := time.Duration(rapid.Int64Range(-int64(century/2), int64(century/2)).Draw(t, "by"))
		monotonic, wall := c.Monotonic(now), c.Wall(now)
		c.Jump(now, by)
		if c.Monotonic(now) != monotonic || !c.Wall(now).Equal(wall.Add(by)) {
			t.Fatalf("monotonic %v became %v, wall %v became %v", monotonic, c.Monotonic(now), wall, c.Wall(now))
		}
	})
}

func TestJumpsDoNotAddUpBeyondTheGreatestOffset(t *testing.T) {
	for _, by := range []time.Duration{math.MaxInt64, math.MinInt64} {
		var c clock.Clock
		for range 10 {
			c.Jump(0, by)
		}
		if got := c.Wall(0).Sub(clock.Epoch).Abs(); got != clock.MaxOffset {
			t.Errorf("ten jumps by %v carry the wall clock %v away", by, got)
		}
	}
}

func TestAFrozenWallClockStandsStillAndCatchesUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c clock.Clock
		now := meddle(t, &c)
		c.Thaw(now)
		awake, shown := c, c.Wall(now)
		c.Freeze(now)
		now += passes(t)
		if got := c.Wall(now); !got.Equal(shown) {
			t.Fatalf("frozen at %v, it shows %v", shown, got)
		}
		if got, want := c.Monotonic(now), awake.Monotonic(now); got != want {
			t.Fatalf("with the wall clock frozen the monotonic one shows %v, want %v", got, want)
		}
		c.Thaw(now)
		if got, want := c.Wall(now), awake.Wall(now); !got.Equal(want) {
			t.Fatalf("thawed it shows %v, one that never froze %v", got, want)
		}
	})
}

func TestACorrectedClockShowsTrueTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c clock.Clock
		now := meddle(t, &c)
		monotonic := c.Monotonic(now)
		c.Correct(now)
		if got := c.Monotonic(now); got != monotonic {
			t.Fatalf("the correction moved the monotonic reading from %v to %v", monotonic, got)
		}
		later := passes(t)
		if got := c.Monotonic(now + later); got != monotonic+later {
			t.Fatalf("%v later the monotonic reading is %v, and was %v", later, got, monotonic)
		}
		if got, want := c.Wall(now+later), clock.Epoch.Add(now+later); !got.Equal(want) {
			t.Fatalf("it shows %v, want %v", got, want)
		}
	})
}

// A fast clock, a bad step, and a hung time service.
func Example() {
	var c clock.Clock
	if err := c.SetDrift(0, 50_000); err != nil { // 5 % fast
		panic(err)
	}
	fmt.Println("after a minute of true time:", c.Monotonic(time.Minute))
	c.Jump(time.Minute, -10*time.Second)
	fmt.Println("wall:", c.Wall(time.Minute).Format(time.TimeOnly))
	c.Freeze(time.Minute)
	fmt.Println("a minute later, frozen:", c.Wall(2*time.Minute).Format(time.TimeOnly))
	c.Thaw(2 * time.Minute)
	fmt.Println("thawed:", c.Wall(2*time.Minute).Format(time.TimeOnly))
	c.Correct(2 * time.Minute)
	fmt.Println("corrected:", c.Wall(2*time.Minute).Format(time.TimeOnly))
	// Output:
	// after a minute of true time: 1m3s
	// wall: 00:00:53
	// a minute later, frozen: 00:00:53
	// thawed: 00:01:56
	// corrected: 00:02:00
}
