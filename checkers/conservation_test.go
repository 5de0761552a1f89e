package checkers

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestConservationEndsAsItsStoryTells(t *testing.T) {
	bank := func(when string, a, b int64) Reading { return Reading{when, []Part{{"a", a}, {"b", b}}} }
	for _, story := range []struct {
		name     string
		total    int64
		readings []Reading
		want     []string
	}{
		{"nobody has read", 10, nil, nil},
		{"it moves to and fro, even below zero", 10, []Reading{bank("at 1s", 10, 0), bank("at 2s", 3, 7), bank("at 3s", -2, 12)}, nil},
		{"a stock is free, reserved or sold", 3, []Reading{{"in the end", []Part{{"free", 1}, {"reserved", 0}, {"sold", 2}}}}, nil},
		{"a compensation is applied twice", 10, []Reading{bank("at 1s", 5, 5), bank("at 2s", 10, 5), bank("at 3s", 9, 6)},
			[]string{"created: at 2s: a 10, b 5 add up to 15, and there were 10: 5 created"}},
		{"a transfer takes and does not give", 10, []Reading{bank("at 1s", 5, 5), bank("at 2s", 2, 5)},
			[]string{"destroyed: at 2s: a 2, b 5 add up to 7, and there were 10: 3 destroyed"}},
		{"it is wrong, right, and wrong again", 10, []Reading{bank("at 1s", 9, 0), bank("at 2s", 10, 0), bank("at 3s", 0, 9)}, []string{
			"destroyed: at 1s: a 9, b 0 add up to 9, and there were 10: 1 destroyed",
			"destroyed: at 3s: a 0, b 9 add up to 9, and there were 10: 1 destroyed",
		}},
		{"all is gone", 10, []Reading{{"in the end", nil}}, []string{"destroyed: in the end: no parts add up to 0, and there were 10: 10 destroyed"}},
	} {
		t.Run(story.name, func(t *testing.T) {
			checkSaid(t, "conservation", Conserved(story.total, story.readings), story.want)
		})
	}
}

// By the definition: every reading adds up.
func TestConservationIsWhatEverySumSays(t *testing.T) {
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		total := rapid.Int64Range(-1<<60, 1<<60).Draw(t, "total")
		var readings []Reading
		want = true
		for i := range rapid.IntRange(0, 3).Draw(t, "readings") {
			some := rapid.Int64Range(-1<<60, 1<<60).Draw(t, "some")
			r := Reading{fmt.Sprint(i), []Part{{"a", some}, {"b", total - some}}}
			if rapid.IntRange(0, 3).Draw(t, "wrong") == 3 {
				r.Parts[1].Amount += rapid.Int64Range(-1<<60, 1<<60).Draw(t, "by")
			}
			sum := new(big.Int)
			for _, part := range r.Parts {
				sum.Add(sum, big.NewInt(part.Amount))
			}
			want = want && sum.Cmp(big.NewInt(total)) == 0
			readings = append(readings, r)
		}
		return want, Conserved(total, readings)
	})
}
