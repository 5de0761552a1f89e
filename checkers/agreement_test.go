package checkers

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAgreementEndsAsItsStoryTells(t *testing.T) {
	d := func(who string, slot uint64, value string) Decision { return Decision{who, slot, value} }
	for _, story := range []struct {
		name      string
		proposed  []string
		decisions []Decision
		want      []string
	}{
		{"nobody learns anything", []string{"a"}, nil, nil},
		{"all learn the same, some of them twice", []string{"a", "b"},
			[]Decision{d("node 1", 0, "b"), d("node 2", 0, "b"), d("node 1", 0, "b")}, nil},
		{"slots have values of their own", []string{"a", "b"},
			[]Decision{d("node 1", 1, "b"), d("node 1", 2, "a"), d("node 2", 2, "a")}, nil},
		{"one value fills two slots", []string{"a"},
			[]Decision{d("node 1", 1, "a"), d("node 1", 2, "a")}, nil},
		{"two learn each its own value", []string{"a", "b"},
			[]Decision{d("node 1", 0, "a"), d("node 2", 0, "b"), d("node 3", 0, "b")},
			[]string{`two values decided: node 1 learned that "a" was decided, and node 2 that it was "b"`}},
		{"one changes its mind", []string{"a", "b"},
			[]Decision{d("node 1", 7, "a"), d("node 2", 7, "a"), d("node 2", 7, "b"), d("node 3", 7, "b")},
			[]string{`changed decision: node 2 learned that "a" was decided in slot 7, and later that it was "b"`}},
		{"who had learned the other value of another slot changes nothing", []string{"a", "b"},
			[]Decision{d("node 2", 1, "a"), d("node 1", 2, "a"), d("node 2", 2, "b")},
			[]string{`two values decided: node 1 learned that "a" was decided in slot 2, and node 2 that it was "b"`}},
		{"three values, and one out of nowhere", []string{"a", "b"},
			[]Decision{d("node 1", 0, "a"), d("node 2", 0, "b"), d("node 3", 0, "c"), d("node 4", 0, "c")},
			[]string{
				`two values decided: node 1 learned that "a" was decided, and node 2 that it was "b"`,
				`two values decided: node 1 learned that "a" was decided, and node 3 that it was "c"`,
				`never proposed: node 3 learned that "c" was decided, which nobody has proposed`,
			}},
		{"nothing was proposed", nil, []Decision{d("node 1", 0, "")},
			[]string{`never proposed: node 1 learned that "" was decided, which nobody has proposed`}},
	} {
		t.Run(story.name, func(t *testing.T) {
			checkSaid(t, "agreement", Agreement(story.proposed, story.decisions), story.want)
		})
	}
}

// By the definition: no two have learned different values of a slot, and each
// value has been proposed.
func TestAgreementIsWhatAllPairsSay(t *testing.T) {
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		value := rapid.SampledFrom([]string{"a", "a", "a", "b"})
		proposed := rapid.SliceOfN(value, 1, 4).Draw(t, "proposed")
		decisions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Decision {
			return Decision{fmt.Sprint("node ", rapid.IntRange(1, 3).Draw(t, "who")), rapid.Uint64Range(1, 3).Draw(t, "slot"), value.Draw(t, "value")}
		}), 0, 5).Draw(t, "decisions")
		want = true
		for _, a := range decisions {
			want = want && slices.Contains(proposed, a.Value)
			for _, b := range decisions {
				want = want && (a.Slot != b.Slot || a.Value == b.Value)
			}
		}
		return want, Agreement(proposed, decisions)
	})
}
