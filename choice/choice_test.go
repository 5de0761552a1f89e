package choice

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEveryAnswerIsInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		topic := NewTopic(rapid.String().Draw(t, "domain"), rapid.String().Draw(t, "subject"))
		n := rapid.Uint64().Draw(t, "n")
		answer := Seed(rapid.Uint64().Draw(t, "seed")).Choose(&topic, rapid.Uint64().Draw(t, "index"), n)
		if n == 0 && answer != 0 || n > 0 && answer >= n {
			t.Fatalf("answered %d of [0, %d)", answer, n)
		}
	})
}

func TestAnswersAreSpreadEvenly(t *testing.T) {
	const draws, buckets = 100_000, 10
	for seed := range Seed(20) {
		topic := NewTopic("network loss", "1->3 AppendEntries")
		var counts [buckets]int
		for i := range uint64(draws) {
			counts[seed.Choose(&topic, i, buckets)]++
		}
		for bucket, count := range counts {
			if count < draws/buckets*95/100 || count > draws/buckets*105/100 {
				t.Errorf("seed %d: bucket %d got %d of %d draws", seed, bucket, count, draws)
			}
		}
	}
}

// Neighbouring seeds, indices and subjects must have nothing to do with each
// other: each pair agrees on about one answer in ten.
func TestNeighbouringKeysAreUnrelated(t *testing.T) {
	const draws = 20_000
	a, b := NewTopic("network loss", "1->2"), NewTopic("network loss", "1->3")
	agree := func(name string, f func(i uint64) (uint64, uint64)) {
		same := 0
		for i := range uint64(draws) {
			if x, y := f(i); x == y {
				same++
			}
		}
		if same < draws*8/100 || same > draws*12/100 {
			t.Errorf("%s: %d of %d answers agree, want about a tenth", name, same, draws)
		}
	}
	agree("seeds", func(i uint64) (uint64, uint64) { return Seed(i).Choose(&a, 7, 10), Seed(i+1).Choose(&a, 7, 10) })
	agree("indices", func(i uint64) (uint64, uint64) { return Seed(7).Choose(&a, i, 10), Seed(7).Choose(&a, i+1, 10) })
	agree("subjects", func(i uint64) (uint64, uint64) { return Seed(7).Choose(&a, i, 10), Seed(7).Choose(&b, i, 10) })
	agree("seed and index", func(i uint64) (uint64, uint64) { return Seed(i).Choose(&a, i+1, 10), Seed(i+1).Choose(&a, i, 10) })
}

func TestOneSeedAnswersAlikeEverywhere(t *testing.T) {
	topic := NewTopic("network loss", "1->3 AppendEntries")
	var got []uint64
	for i := range uint64(5) {
		got = append(got, Seed(42).Choose(&topic, i, 1000))
	}
	want := []uint64{279, 604, 24, 159, 791}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the meaning of every seed ever published has changed:\n%s", diff)
	}
}

func TestZeroNeverStrikes(t *testing.T) {
	s := NewStream(Zero{}, "network loss", "1->2")
	for rate := Rate(0); rate < Always; rate += 997 {
		if s.Strikes(rate) {
			t.Fatalf("answer 0 struck at rate %v", rate)
		}
	}
}

func TestARateStrikesThatOften(t *testing.T) {
	for _, rate := range []Rate{Never, Percent, 30 * Percent, Always} {
		s := NewStream(Seed(3), "network loss", "1->2")
		const draws = 100_000
		struck := 0
		for range draws {
			if s.Strikes(rate) {
				struck++
			}
		}
		want := draws * int(rate) / int(Always)
		if off := struck - want; off < -draws/100 || off > draws/100 || (rate == Never && struck > 0) || (rate == Always && struck < draws) {
			t.Errorf("rate %v struck %d of %d times", rate, struck, draws)
		}
	}
}

func TestBetweenKeepsItsBounds(t *testing.T) {
	s := NewStream(Seed(1), "rand", "node 1")
	for range 1000 {
		if d := s.Between(150*time.Millisecond, 300*time.Millisecond); d < 150*time.Millisecond || d > 300*time.Millisecond {
			t.Fatalf("drew %v", d)
		}
	}
	if d := s.Between(time.Second, time.Millisecond); d != time.Second {
		t.Errorf("with the ends the wrong way round it drew %v, want the first", d)
	}
}

func TestAnOverrideMovesNothingElse(t *testing.T) {
	base := Seed(9)
	over := OverrideWith(base, []Override{{Key{"network loss", "1->2", 3}, 1}, {Key{"network loss", "1->2", 4}, 99}})
	topic := NewTopic("network loss", "1->2")
	for i := range uint64(10) {
		want := base.Choose(&topic, i, 2)
		if i == 3 || i == 4 {
			want = 1 // 99 is answered as the greatest there is
		}
		if got := over.Choose(&topic, i, 2); got != want {
			t.Errorf("index %d: got %d, want %d", i, got, want)
		}
	}
}

func TestAnOverrideThatNobodyAsksForIsKnown(t *testing.T) {
	asked, unasked := Override{Key{"a", "b", 1}, 1}, Override{Key{"a", "b", 2}, 1}
	over := OverrideWith(Zero{}, []Override{asked, unasked})
	topic := NewTopic("a", "b")
	for index := range uint64(2) {
		over.Choose(&topic, index, 2)
	}
	if diff := cmp.Diff([]Override{unasked}, over.Unasked()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARecordedRunReplaysOverZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		recorder := Record(Seed(rapid.Uint64().Draw(t, "seed")))
		ask := func(source Source) []uint64 {
			var answers []uint64
			for _, subject := range []string{"a", "b"} {
				topic := NewTopic("domain", subject)
				for i := range uint64(20) {
					answers = append(answers, source.Choose(&topic, i, 3))
				}
			}
			return answers
		}
		want := ask(recorder)
		if got := ask(OverrideWith(Zero{}, recorder.Overrides())); !slices.Equal(got, want) {
			t.Fatalf("replayed %v, recorded %v", got, want)
		}
		if n := len(recorder.Decisions()); n != 40 {
			t.Fatalf("recorded %d decisions, want 40", n)
		}
	})
}

// Whatever the index, a repro file lists its overrides in the order of their
// keys.
func TestOverridesAreListedInTheOrderOfTheirKeys(t *testing.T) {
	var want []Override
	for _, domain := range []string{"a", "b"} {
		for _, subject := range []string{"a", "b"} {
			for _, index := range []uint64{0, 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
				want = append(want, Override{Key{domain, subject, index}, 1})
			}
		}
	}
	recorder := Record(OverrideWith(Zero{}, want))
	for i := range want {
		o := want[(i*7+3)%len(want)]
		topic := NewTopic(o.Domain, o.Subject)
		recorder.Choose(&topic, o.Index, 2)
	}
	if diff := cmp.Diff(want, recorder.Overrides()); diff != "" {
		t.Error(diff)
	}
}

func TestRatesReadAsTheyPrint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Rate(rapid.IntRange(0, int(Always)).Draw(t, "rate"))
		if got, err := ParseRate(rate.String()); err != nil || got != rate {
			t.Fatalf("%v read as %v, %v", rate, got, err)
		}
	})
}

func FuzzParseRate(f *testing.F) {
	for _, text := range []string{"2.5%", "0%", "100%", "101%", "", "%", ".%", "5.%", ".5%", "-1%", "00000000001%", "1.00001%", "1e3%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rate, err := ParseRate(text)
		if err != nil {
			return
		}
		if rate < Never || rate > Always || !strings.ContainsAny(text, "0123456789") {
			t.Fatalf("%q read as %v", text, rate)
		}
		if again, err := ParseRate(rate.String()); err != nil || again != rate {
			t.Fatalf("%q read as %v, which reads as %v, %v", text, rate, again, err)
		}
	})
}

// BenchmarkChoose measures one choice through the interface, beside the bare
// hash.
func BenchmarkChoose(b *testing.B) {
	var source Source = Seed(1)
	topic := NewTopic("network loss", "1->2")
	var index, sum uint64
	for b.Loop() {
		index++
		sum += source.Choose(&topic, index, 1000)
	}
	benchmarkSink = sum
}

func BenchmarkChooseFloor(b *testing.B) {
	var index, sum uint64
	for b.Loop() {
		index++
		sum += mix(42, index)
	}
	benchmarkSink = sum
}

var benchmarkSink uint64
