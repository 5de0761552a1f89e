package network_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/network"
)

// drawCondition draws a condition on some of three endpoints and two kinds of
// message.
func drawCondition(t *rapid.T) network.Condition {
	rate := func(name string) choice.Rate {
		return choice.Rate(rapid.SampledFrom([]int{0, 0, 1000, 500_000, 1_000_000}).Draw(t, name))
	}
	ends := rapid.SliceOfNDistinct(rapid.IntRange(1, 3), 0, 2, rapid.ID)
	c := network.Condition{
		From: ends.Draw(t, "from"), To: ends.Draw(t, "to"),
		Kinds:     rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Vote", "Heartbeat"}), 0, 1, rapid.ID).Draw(t, "kinds"),
		Cut:       rapid.IntRange(0, 2).Draw(t, "cut") == 0,
		Loss:      rate("loss"),
		Duplicate: rate("duplicate"),
		Corrupt:   rate("corrupt"),
		Ordered:   rapid.IntRange(0, 3).Draw(t, "ordered") == 0,
		Reorder:   rate("reorder"),
		Delay:     rate("delay"),
		DelayBy:   time.Duration(rapid.IntRange(0, 1000).Draw(t, "delayBy")) * time.Microsecond,
		Clog:      time.Duration(rapid.IntRange(0, 20).Draw(t, "clog")) * time.Millisecond,
		Bandwidth: rapid.SampledFrom([]int{0, 0, 1000, 100_000}).Draw(t, "bandwidth"),
	}
	if rapid.Bool().Draw(t, "has latency") {
		latency := network.Constant(time.Duration(rapid.IntRange(0, 10).Draw(t, "latency")) * time.Millisecond)
		c.Latency = &latency
	}
	return c
}

// on reports whether c says anything of a kind of message on a link.
func on(c network.Condition, from, to int, kind string) bool {
	return (len(c.From) == 0 || slices.Contains(c.From, from)) &&
		(len(c.To) == 0 || slices.Contains(c.To, to)) &&
		(len(c.Kinds) == 0 || slices.Contains(c.Kinds, kind))
}

// worst is what several conditions come to on one link: the greatest rates and
// delays, the least bandwidth, the last latency.
func worst(conditions []network.Condition, from, to int, kind string) network.Condition {
	w := network.Condition{From: []int{from}, To: []int{to}, Kinds: []string{kind}}
	for _, c := range conditions {
		if !on(c, from, to, kind) {
			continue
		}
		w.Cut = w.Cut || c.Cut
		w.Loss, w.Duplicate = max(w.Loss, c.Loss), max(w.Duplicate, c.Duplicate)
		w.Corrupt, w.Ordered = max(w.Corrupt, c.Corrupt), w.Ordered || c.Ordered
		w.Reorder, w.Delay = max(w.Reorder, c.Reorder), max(w.Delay, c.Delay)
		w.DelayBy, w.Clog = max(w.DelayBy, c.DelayBy), max(w.Clog, c.Clog)
		if c.Bandwidth > 0 && (w.Bandwidth == 0 || c.Bandwidth < w.Bandwidth) {
			w.Bandwidth = c.Bandwidth
		}
		if c.Latency != nil {
			w.Latency = c.Latency
		}
	}
	return w
}

// However conditions overlap, come and go: a kind of message on a link fares as
// under the one that they come to there.
func TestOverlappingConditionsComeToTheirWorst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		kind := rapid.SampledFrom([]string{"Vote", "Heartbeat"}).Draw(t, "kind")
		from := rapid.IntRange(1, 3).Draw(t, "from")
		to := from%3 + 1
		n, _ := newNetwork(seed)
		var handles []network.Handle
		var conditions []network.Condition
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			if len(handles) > 0 && rapid.IntRange(0, 3).Draw(t, "lift") == 0 {
				i := rapid.IntRange(0, len(handles)-1).Draw(t, "which")
				n.Lift(handles[i])
				handles, conditions = slices.Delete(handles, i, i+1), slices.Delete(conditions, i, i+1)
			} else {
				c := drawCondition(t)
				handles, conditions = append(handles, n.Impose(c)), append(conditions, c)
			}
			n.Arrives(from, to, n.Kind(kind)) // whether a link was used before must not matter
		}
		plain, _ := newNetwork(seed)
		plain.Impose(worst(conditions, from, to, kind))
		for i := range 30 {
			now := time.Duration(i) * time.Millisecond
			if got, want := n.Send(now, from, to, n.Kind(kind), 100), plain.Send(now, from, to, plain.Kind(kind), 100); got != want {
				t.Fatalf("message %d: %+v, want %+v", i, got, want)
			}
			got, _ := n.Arrives(from, to, n.Kind(kind))
			if want, _ := plain.Arrives(from, to, plain.Kind(kind)); got != want {
				t.Fatalf("message %d arrives: %v, want %v", i, got, want)
			}
		}
	})
}

// A cut loses what is sent and what is due while it lasts; what is on its way
// the whole time comes through.
func TestACutThatIsOverBeforeAMessageIsDueDoesNotLoseIt(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	if fate := n.Send(0, 1, 2, kind, 1); fate.Copies != 1 {
		t.Fatal("it was not even sent")
	}
	n.Lift(n.Impose(network.Condition{Cut: true}))
	if ok, why := n.Arrives(1, 2, kind); !ok {
		t.Errorf("it is lost: %s", why)
	}
}

func TestWhatIsNotInForceCannotBeLifted(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	cut := n.Impose(network.Condition{Cut: true})
	n.Lift(cut + 1)
	if ok, _ := n.Arrives(1, 2, kind); ok {
		t.Error("the cut was lifted by another handle")
	}
	n.Lift(cut)
	n.Lift(cut)
	if ok, _ := n.Arrives(1, 2, kind); !ok {
		t.Error("the link is still cut")
	}
}

// Long delays go up to what was asked for and no further, however short or
// rare they are.
func TestALongDelayIsSpreadUpToItsBound(t *testing.T) {
	for _, by := range []time.Duration{100, 50 * time.Microsecond, 1500 * time.Microsecond, time.Hour} {
		for _, rate := range []choice.Rate{choice.Percent, 30 * choice.Percent, choice.Always, 2 * choice.Always} {
			n, kind := newNetwork(choice.Seed(1))
			n.SetLatency(network.Constant(0))
			n.Impose(network.Condition{Delay: rate, DelayBy: by})
			var late, total, longest time.Duration
			for range 20_000 {
				fate := n.Send(0, 1, 2, kind, 1)
				if fate.Struck == network.Delayed {
					late++
					total += fate.Delay[0]
					longest = max(longest, fate.Delay[0])
				} else if fate.Delay[0] != 0 {
					t.Fatalf("by %v at %v: late by %v, and not struck", by, rate, fate.Delay[0])
				}
			}
			if mean := total / late; longest > by || longest < by*9/10 || mean < by*4/10 || mean > by*6/10 {
				t.Errorf("by %v at %v: late by %v in the mean and %v at most", by, rate, mean, longest)
			}
		}
	}
}

// A message that is held back is overtaken by one that is sent soon after it.
func TestAMessageThatIsHeldBackIsOvertaken(t *testing.T) {
	overtaken, held := 0, 0
	n, kind := newNetwork(choice.Seed(1))
	n.Impose(network.Condition{Reorder: 50 * choice.Percent})
	last := n.Send(0, 1, 2, kind, 1)
	for range 1000 {
		fate := n.Send(0, 1, 2, kind, 1)
		if last.Struck == network.Reordered && fate.Struck == 0 {
			held++
			if fate.Delay[0] < last.Delay[0] {
				overtaken++
			}
		}
		last = fate
	}
	if held < 100 || overtaken != held {
		t.Errorf("%d of %d messages that were held back were overtaken", overtaken, held)
	}
}

func TestALinkThatIsOrderedStaysSoAcrossItsConditions(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	n.Impose(network.Condition{Ordered: true})
	clog := n.Impose(network.Condition{Clog: time.Second})
	held := n.Send(0, 1, 2, kind, 1)
	n.Lift(clog)
	later := n.Send(time.Millisecond, 1, 2, kind, 1)
	if at := time.Millisecond + later.Delay[0]; at < held.Delay[0] {
		t.Errorf("sent after the clog was lifted, a message arrives at %v, and the one before it at %v", at, held.Delay[0])
	}
	other := n.Send(time.Millisecond, 2, 1, kind, 1)
	if other.Delay[0] > 5*time.Millisecond {
		t.Errorf("the other direction waits too: %v", other.Delay[0])
	}
}

func TestRegionsThatDoNotFitAreRefused(t *testing.T) {
	near, far := network.Constant(time.Millisecond), network.Constant(80*time.Millisecond)
	whole := network.Regions{{near, far}, {far, near}}
	for want, c := range map[string]struct {
		of      []int
		regions network.Regions
	}{
		"endpoint 2 is in region 2: want 0 to 1":                    {[]int{0, 2}, whole},
		"endpoint 1 is in region -1: want 0 to 1":                   {[]int{-1}, whole},
		"region 1 has latencies to 1 regions: want 2, one for each": {[]int{0, 1}, network.Regions{{near, far}, {near}}},
	} {
		n, kind := newNetwork(choice.Zero{})
		if err := n.SetRegions(c.of, c.regions); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if got := n.Send(0, 1, 2, kind, 1).Delay[0]; got != time.Millisecond {
			t.Errorf("refused, and yet 1->2 takes %v", got)
		}
	}
	n, kind := newNetwork(choice.Zero{})
	if err := n.SetRegions([]int{1}, whole); err != nil {
		t.Error(err)
	}
	if got := n.Send(0, 1, 3, kind, 1).Delay[0]; got != 80*time.Millisecond {
		t.Errorf("an endpoint without a region is not in region 0: 1->3 takes %v", got)
	}
	if err := n.SetRegions(nil, nil); err != nil {
		t.Error(err)
	}
	if got := n.Send(0, 1, 3, kind, 1).Delay[0]; got != time.Millisecond {
		t.Errorf("without regions 1->3 takes %v", got)
	}
}

func TestALatencyOfAConditionHoldsWhileItIsImposed(t *testing.T) {
	n, kind := newNetwork(choice.Zero{})
	slow, slower := network.Constant(time.Second), network.Constant(time.Minute)
	takes := func(want time.Duration) {
		t.Helper()
		if got := n.Send(0, 1, 2, kind, 1).Delay[0]; got != want {
			t.Errorf("1->2 takes %v, want %v", got, want)
		}
	}
	takes(time.Millisecond)
	first := n.Impose(network.Condition{Latency: &slow})
	takes(time.Second)
	second := n.Impose(network.Condition{From: []int{1}, Latency: &slower})
	takes(time.Minute)
	n.Lift(second)
	takes(time.Second)
	n.Lift(first)
	takes(time.Millisecond)
}

// Whatever it is told, a network answers with times that can be added to the
// time it is.
func TestNoDelayIsNegativeOrEndless(t *testing.T) {
	const century = 100 * 365 * 24 * time.Hour
	durations := rapid.SampledFrom([]time.Duration{math.MinInt64, -1, 0, 1, time.Second, time.Hour, 20 * time.Hour, math.MaxInt64})
	sizes := rapid.SampledFrom([]int{math.MinInt, -1, 0, 1, 1000, math.MaxInt32, math.MaxInt})
	rapid.Check(t, func(t *rapid.T) {
		d := func(name string) time.Duration { return durations.Draw(t, name) }
		n, kind := newNetwork(choice.Seed(rapid.Uint64().Draw(t, "seed")))
		n.SetLatency(rapid.SampledFrom([]network.Latency{
			network.Constant(d("constant")), network.Uniform(d("least"), d("most")), network.Exponential(d("above"), d("mean")),
			network.LogNormal(d("median"), sizes.Draw(t, "sigma")),
		}).Draw(t, "latency"))
		n.Impose(network.Condition{
			Ordered: rapid.Bool().Draw(t, "ordered"),
			Delay:   choice.Rate(sizes.Draw(t, "delay")), DelayBy: d("by"), Duplicate: choice.Rate(sizes.Draw(t, "duplicate")),
			Reorder: choice.Rate(sizes.Draw(t, "reorder")), Bandwidth: max(0, sizes.Draw(t, "bandwidth")), Clog: d("clog"),
		})
		now := time.Duration(rapid.Int64Range(0, int64(century)).Draw(t, "now"))
		for range 20 {
			fate := n.Send(now, 1, 2, kind, sizes.Draw(t, "bytes"))
			for i := range fate.Copies {
				if fate.Delay[i] < 0 || now+fate.Delay[i] < now {
					t.Fatalf("at %v: %+v", now, fate)
				}
			}
		}
	})
}

// A repro file names choices as people do, and the names are the same for ever.
func TestTheKeysOfChoicesAreReadable(t *testing.T) {
	recorder := choice.Record(choice.Zero{})
	n, kind := newNetwork(recorder)
	n.Impose(network.Condition{Loss: 1, Reorder: 1, Delay: 1, DelayBy: 1, Duplicate: 1, Corrupt: 1})
	n.Send(0, 1, 2, kind, 1)
	n.Send(0, 3, 1, kind, 1)
	n.Impose(network.Condition{Duplicate: choice.Always, Corrupt: choice.Always})
	n.Send(0, 1, 2, kind, 1)
	var keys []string
	for _, d := range recorder.Decisions() {
		keys = append(keys, d.Key.String())
	}
	var want []string
	asked := func(about string, domains ...string) {
		for _, domain := range domains {
			want = append(want, fmt.Sprintf("network %s, %s", domain, about))
		}
	}
	asked("1->2 Vote, #0", "loss", "latency", "reorder", "delay", "duplicate", "corruption")
	asked("3->1 Vote, #0", "loss", "latency", "reorder", "delay", "duplicate", "corruption")
	asked("1->2 Vote, #1", "loss", "latency", "reorder", "delay", "duplicate",
		"latency of the copy", "reorder of the copy", "delay of the copy", "corruption", "damage")
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("every repro file there is has lost its meaning (-want +got):\n%s", diff)
	}
}
