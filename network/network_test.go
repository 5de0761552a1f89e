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

// newNetwork returns three endpoints and one kind of message.
func newNetwork(source choice.Source) (n *network.Network, vote int) {
	n = network.New(source)
	n.Grow(3)
	n.SetLatency(network.Uniform(time.Millisecond, 5*time.Millisecond))
	return n, n.Kind("Vote")
}

// tally sends 1,000 messages from 1 to 2, a millisecond apart, and counts what
// became of them.
func tally(n *network.Network, kind int) map[network.Struck]int {
	counts := make(map[network.Struck]int)
	for i := range 1000 {
		counts[n.Send(time.Duration(i)*time.Millisecond, 1, 2, kind, 100).Struck]++
	}
	return counts
}

func TestEachConditionStrikesAtItsRateAndNeverAtZero(t *testing.T) {
	for struck, at := range map[network.Struck]func(choice.Rate) network.Condition{
		network.Lost:       func(r choice.Rate) network.Condition { return network.Condition{Loss: r} },
		network.Duplicated: func(r choice.Rate) network.Condition { return network.Condition{Duplicate: r} },
		network.Corrupted:  func(r choice.Rate) network.Condition { return network.Condition{Corrupt: r} },
		network.Reordered:  func(r choice.Rate) network.Condition { return network.Condition{Reorder: r} },
		network.Delayed: func(r choice.Rate) network.Condition {
			return network.Condition{Delay: r, DelayBy: time.Second}
		},
	} {
		for _, rate := range []choice.Rate{0, 30 * choice.Percent, choice.Always} {
			n, kind := newNetwork(choice.Seed(7))
			n.Impose(at(rate))
			got, want := tally(n, kind)[struck], 1000*int(rate)/int(choice.Always)
			if got < want-50 || got > want+50 || (rate == 0 && got != 0) || (rate == choice.Always && got != 1000) {
				t.Errorf("%s at rate %v: struck %d of 1000 messages", struck, rate, got)
			}
			n, kind = newNetwork(choice.Zero{})
			n.Impose(at(rate))
			if got := tally(n, kind)[struck]; rate < choice.Always && got != 0 {
				t.Errorf("%s at rate %v with benign choices: struck %d of 1000 messages", struck, rate, got)
			}
		}
	}
}

func TestBenignChoicesGiveTheLeastLatency(t *testing.T) {
	for _, latency := range []network.Latency{
		network.Constant(2 * time.Millisecond),
		network.Uniform(time.Millisecond, 5*time.Millisecond),
		network.Exponential(time.Millisecond, 4*time.Millisecond),
		network.LogNormal(2*time.Millisecond, 50),
	} {
		var least, total time.Duration
		n, kind := newNetwork(choice.Zero{})
		n.SetLatency(latency)
		least = n.Send(0, 1, 2, kind, 1).Delay[0]
		n, kind = newNetwork(choice.Seed(1))
		n.SetLatency(latency)
		for range 10_000 {
			d := n.Send(0, 1, 2, kind, 1).Delay[0]
			if d < least {
				t.Fatalf("%v: took %v, and with benign choices %v", latency, d, least)
			}
			total += d
		}
		t.Logf("%v: least %v, mean %v", latency, least, total/10_000)
	}
}

// The means and medians that the models promise, within 2 %.
func TestLatenciesAreDistributedAsTheySay(t *testing.T) {
	sample := func(l network.Latency) (mean, median time.Duration) {
		n, kind := newNetwork(choice.Seed(3))
		n.SetLatency(l)
		const draws = 50_000
		all := make([]time.Duration, draws)
		for i := range all {
			all[i] = n.Send(0, 1, 2, kind, 1).Delay[0]
			mean += all[i] / draws
		}
		slices.Sort(all)
		return mean, all[draws/2]
	}
	near := func(what string, got, want time.Duration) {
		t.Helper()
		if off := got - want; off < -want/50 || off > want/50 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	mean, _ := sample(network.Uniform(time.Millisecond, 5*time.Millisecond))
	near("mean of uniform 1ms..5ms", mean, 3*time.Millisecond)
	mean, _ = sample(network.Exponential(time.Millisecond, 4*time.Millisecond))
	near("mean of exponential 1ms+4ms", mean, 5*time.Millisecond)
	mean, median := sample(network.LogNormal(2*time.Millisecond, 50))
	near("median of lognormal 2ms 50%", median, 2*time.Millisecond)
	near("mean of lognormal 2ms 50%", mean, 2266*time.Microsecond) // e^(0.5²/2) times the median
}

// The two copies of a message are two messages to what delays it: where every
// message takes equally long, they still come at different times, and either
// may come first.
func TestTheTwoCopiesOfAMessageTravelByThemselves(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	n.SetLatency(network.Constant(time.Millisecond))
	n.Impose(network.Condition{Duplicate: choice.Always, Delay: 30 * choice.Percent, DelayBy: time.Second})
	together, copyFirst, lateOnce := 0, 0, 0
	for range 1000 {
		fate := n.Send(0, 1, 2, kind, 1)
		switch original, second := fate.Delay[0], fate.Delay[1]; {
		case original == second:
			together++
		case second < original:
			copyFirst++
		}
		if long := 5 * time.Millisecond; (fate.Delay[0] > long) != (fate.Delay[1] > long) {
			lateOnce++
			if got := fate.Struck.String(); got != "arrives twice, delayed" {
				t.Fatalf("it is told as %q", got)
			}
		}
	}
	if together > 2 || copyFirst < 150 || lateOnce < 300 {
		t.Errorf("of 1000 pairs %d come together, of %d the copy comes first, and of %d only one is late", together, copyFirst, lateOnce)
	}
}

// One damage is not another: a message can be damaged in many ways.
func TestADamagedMessageSaysHow(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	n.Impose(network.Condition{Corrupt: 50 * choice.Percent})
	ways := make(map[uint64]bool)
	for range 1000 {
		fate := n.Send(0, 1, 2, kind, 1)
		if (fate.Damage != 0) != (fate.Struck == network.Corrupted) {
			t.Fatalf("%+v", fate)
		}
		ways[fate.Damage] = true
	}
	if len(ways) < 400 {
		t.Errorf("%d ways of damage among about 500 damaged messages", len(ways)-1)
	}
}

func TestACutLinkLosesWhatIsSentAndWhatIsOnItsWay(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	cut := n.Impose(network.Condition{From: []int{1}, To: []int{2}, Cut: true})
	if fate := n.Send(0, 1, 2, kind, 1); fate.Copies != 0 {
		t.Error("a message was sent over a cut link")
	}
	if ok, why := n.Arrives(1, 2, kind); ok || why != network.WasCut {
		t.Error("a message arrived over a cut link")
	}
	for _, other := range [][2]int{{2, 1}, {1, 3}, {3, 2}} {
		if ok, _ := n.Arrives(other[0], other[1], kind); !ok {
			t.Errorf("the cut of 1->2 cut %d->%d too", other[0], other[1])
		}
	}
	n.Lift(cut)
	if ok, _ := n.Arrives(1, 2, kind); !ok {
		t.Error("the link is still cut")
	}
}

func TestAConditionMayHoldForSomeKindsOnly(t *testing.T) {
	n, vote := newNetwork(choice.Seed(1))
	heartbeat := n.Kind("Heartbeat")
	n.Impose(network.Condition{Kinds: []string{"Heartbeat"}, Cut: true})
	if ok, _ := n.Arrives(1, 2, heartbeat); ok {
		t.Error("a heartbeat got through")
	}
	if ok, _ := n.Arrives(1, 2, vote); !ok {
		t.Error("a vote was cut with the heartbeats")
	}
}

func TestAClogHoldsMessagesAndReleasesThemInOrder(t *testing.T) {
	n, kind := newNetwork(choice.Seed(1))
	n.Impose(network.Condition{Clog: time.Second})
	var last time.Duration
	for i := range 100 {
		now := time.Duration(i) * 9 * time.Millisecond
		at := now + n.Send(now, 1, 2, kind, 1).Delay[0]
		if at < time.Second || at < last {
			t.Fatalf("message %d arrives at %v, the one before it at %v, and the clog is gone at 1s", i, at, last)
		}
		last = at
	}
	if at := n.Send(2*time.Second, 1, 2, kind, 1); at.Struck != 0 {
		t.Errorf("a second after the clog is gone: %v", at.Struck)
	}
}

func TestOrderedLinksNeverReorder(t *testing.T) {
	for seed := range choice.Seed(50) {
		n, kind := newNetwork(seed)
		n.Impose(network.Condition{Ordered: true, Reorder: choice.Always / 2, Delay: choice.Always / 10, DelayBy: time.Second, Duplicate: choice.Always / 5})
		var last time.Duration
		for i := range 200 {
			now := time.Duration(i) * time.Millisecond
			fate := n.Send(now, 1, 2, kind, 1)
			for c := range fate.Copies {
				if at := now + fate.Delay[c]; at < last {
					t.Fatalf("seed %d: message %d arrives at %v, after one that arrives at %v", seed, i, at, last)
				} else {
					last = at
				}
			}
		}
	}
}

func TestMessagesQueueForBandwidth(t *testing.T) {
	n, kind := newNetwork(choice.Zero{})
	n.Impose(network.Condition{Bandwidth: 1000})
	var arrivals []time.Duration
	for range 3 {
		arrivals = append(arrivals, n.Send(0, 1, 2, kind, 100).Delay[0])
	}
	want := []time.Duration{101 * time.Millisecond, 201 * time.Millisecond, 301 * time.Millisecond}
	if diff := cmp.Diff(want, arrivals); diff != "" {
		t.Error(diff)
	}
}

func TestNoQueueIsEndless(t *testing.T) {
	n, kind := newNetwork(choice.Zero{})
	n.Impose(network.Condition{Bandwidth: 1})
	for range 1000 {
		if d := n.Send(time.Hour, 1, 2, kind, math.MaxInt).Delay[0]; d < 0 || d > 11*365*24*time.Hour {
			t.Fatalf("waits for %v", d)
		}
	}
}

func TestRegionsHaveTheirOwnLatencies(t *testing.T) {
	n, kind := newNetwork(choice.Zero{})
	near, far := network.Constant(time.Millisecond), network.Constant(80*time.Millisecond)
	if err := n.SetRegions([]int{0, 0, 1}, network.Regions{{near, far}, {far, near}}); err != nil {
		t.Fatal(err)
	}
	for to, want := range map[int]time.Duration{2: time.Millisecond, 3: 80 * time.Millisecond} {
		if got := n.Send(0, 1, to, kind, 1).Delay[0]; got != want {
			t.Errorf("1->%d takes %v, want %v", to, got, want)
		}
	}
}

// Whatever is imposed, and in whatever order it is lifted: at the end
// everything is as it was.
func TestLiftingEverythingRestoresTheNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		n, kind := newNetwork(seed)
		calm, _ := newNetwork(seed)
		var handles []network.Handle
		for range rapid.IntRange(0, 8).Draw(t, "conditions") {
			c := network.Condition{
				From:      rapid.SliceOfN(rapid.IntRange(1, 3), 0, 2).Draw(t, "from"),
				To:        rapid.SliceOfN(rapid.IntRange(1, 3), 0, 2).Draw(t, "to"),
				Cut:       rapid.Bool().Draw(t, "cut"),
				Loss:      choice.Rate(rapid.IntRange(0, int(choice.Always)).Draw(t, "loss")),
				Bandwidth: rapid.IntRange(0, 1000).Draw(t, "bandwidth"),
				Clog:      time.Duration(rapid.IntRange(0, 1000).Draw(t, "clog")),
			}
			handles = append(handles, n.Impose(c))
			n.Arrives(1, 2, kind)
		}
		for _, i := range rapid.Permutation(handles).Draw(t, "order") {
			n.Lift(i)
		}
		for range 20 {
			if got, want := n.Send(0, 1, 2, kind, 1), calm.Send(0, 1, 2, kind, 1); got != want {
				t.Fatalf("got %+v, in a calm network %+v", got, want)
			}
		}
	})
}

func TestLatenciesReadAsTheyPrint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, name))
		}
		a, b := d("a"), d("b")
		l := rapid.SampledFrom([]network.Latency{
			network.Constant(a), network.Uniform(a, a+b), network.Exponential(a, b),
			network.LogNormal(a, rapid.IntRange(0, 200).Draw(t, "sigma")),
		}).Draw(t, "latency")
		if got, err := network.ParseLatency(l.String()); err != nil || got != l {
			t.Fatalf("%v read as %v, %v", l, got, err)
		}
	})
}

func FuzzParseLatency(f *testing.F) {
	for _, text := range []string{"constant 1ms", "uniform 1ms..5ms", "exponential 1ms+4ms", "lognormal 2ms 50%", "uniform 5ms..1ms", "constant -1s", "", "lognormal 1h 200%", "exponential 1h+1h", "uniform 0s..1h", "lognormal 1ms +5%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		latency, err := network.ParseLatency(text)
		if err != nil {
			return
		}
		if again, err := network.ParseLatency(latency.String()); err != nil || again != latency {
			t.Fatalf("%q read as %v, which reads as %v, %v", text, latency, again, err)
		}
		n, kind := newNetwork(choice.Seed(1))
		n.SetLatency(latency)
		for range 1000 {
			if d := n.Send(0, 1, 2, kind, 1).Delay[0]; d < 0 {
				t.Fatalf("%q takes %v", text, d)
			}
		}
	})
}

// Half of the messages on one link are lost, and the rest takes a while.
func Example() {
	n := network.New(choice.Seed(1))
	n.Grow(2)
	n.SetLatency(network.Uniform(time.Millisecond, 5*time.Millisecond))
	vote := n.Kind("Vote")
	n.Impose(network.Condition{From: []int{1}, To: []int{2}, Loss: choice.Always / 2})
	lost := 0
	for range 1000 {
		if n.Send(0, 1, 2, vote, 64).Copies == 0 {
			lost++
		}
	}
	fmt.Println("about half are lost:", lost > 450 && lost < 550)
	// Output: about half are lost: true
}

// BenchmarkSend measures a message's fate with latency, loss and duplication.
func BenchmarkSend(b *testing.B) {
	n, kind := newNetwork(choice.Seed(1))
	n.Impose(network.Condition{Loss: choice.Percent, Duplicate: choice.Percent})
	b.ReportAllocs()
	var sum time.Duration
	for b.Loop() {
		sum += n.Send(0, 1, 2, kind, 100).Delay[0]
	}
	benchmarkSink = sum
}

// BenchmarkSendFloor is the same three choices in a bare loop.
func BenchmarkSendFloor(b *testing.B) {
	topic := choice.NewTopic("network latency", "1->2 Vote")
	seed := choice.Seed(1)
	var index uint64
	var sum time.Duration
	for b.Loop() {
		index++
		if seed.Choose(&topic, index, 100) > 0 && seed.Choose(&topic, index, 101) > 0 {
			sum += time.Duration(seed.Choose(&topic, index, 4_000_000))
		}
	}
	benchmarkSink = sum
}

var benchmarkSink time.Duration
