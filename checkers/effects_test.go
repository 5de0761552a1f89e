package checkers

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEffectsEndAsTheirStoryTells(t *testing.T) {
	at := func(where string, intents ...string) (effects []Effect) {
		for _, intent := range intents {
			effects = append(effects, Effect{intent, where})
		}
		return effects
	}
	for _, story := range []struct {
		name                 string
		committed, undecided []string
		effects              []Effect
		want                 []string
	}{
		{"nothing was meant, and nothing happened", nil, nil, nil, nil},
		{"each has happened once, in any order", []string{"a", "b"}, nil, at("broker", "b", "a"), nil},
		{"nobody knows whether they were committed, and one has happened", nil, []string{"a", "b"}, at("broker", "b"), nil},
		{"the transaction failed after the event was published", []string{"a"}, nil, at("broker", "a", "b", "b"),
			[]string{`ghost effect: "b" took effect at broker, and was never committed`}},
		{"the row was deleted before the broker had it", []string{"a", "b", "a"}, nil, at("broker", "b"),
			[]string{`lost effect: "a" was committed, and has never taken effect`}},
		{"the broker was asked three times and knew no better", []string{"a"}, nil, append(at("broker", "a", "a"), at("mirror", "a")...),
			[]string{`doubled effect: "a" took effect at broker, and again at broker`}},
		{"what nobody knows of may not happen twice", nil, []string{"a"}, append(at("broker", "a"), at("mirror", "a")...),
			[]string{`doubled effect: "a" took effect at broker, and again at mirror`}},
		{"who is committed after all has to happen", []string{"a"}, []string{"a"}, nil,
			[]string{`lost effect: "a" was committed, and has never taken effect`}},
		{"all at once", []string{"a", "b"}, nil, at("broker", "c", "a", "a"), []string{
			`ghost effect: "c" took effect at broker, and was never committed`,
			`doubled effect: "a" took effect at broker, and again at broker`,
			`lost effect: "b" was committed, and has never taken effect`,
		}},
	} {
		t.Run(story.name, func(t *testing.T) {
			checkSaid(t, "effects", Effects(story.committed, story.undecided, story.effects), story.want)
		})
	}
}

// By the definition: each committed intent has one effect, each undecided one at
// most, and all others have none.
func TestEffectsAreWhatCountingSays(t *testing.T) {
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		all := []string{"a", "b", "c", "d"}
		var committed, undecided []string
		var effects []Effect
		want = true
		for _, intent := range all {
			status, count := rapid.SampledFrom([]string{"committed", "undecided", "never"}).Draw(t, "status"), 0
			switch status {
			case "committed":
				committed, count = append(committed, intent), 1
			case "undecided":
				undecided, count = append(undecided, intent), rapid.IntRange(0, 1).Draw(t, "count")
			}
			if rapid.IntRange(0, 5).Draw(t, "wrong") == 5 {
				count = rapid.IntRange(0, 2).Draw(t, "count")
			}
			want = want && map[string]bool{"committed": count == 1, "undecided": count <= 1, "never": count == 0}[status]
			for range count {
				effects = append(effects, Effect{intent, "broker"})
			}
		}
		return want, Effects(committed, undecided, rapid.Permutation(effects).Draw(t, "effects"))
	})
}
