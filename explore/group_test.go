package explore_test

import (
	"context"
	"testing"

	"seedbed.example/explore"
)

// Two promises are broken in many runs, one of them in two ways: they show as
// what they are, each with its first seed and its smallest run.
func TestManyFailuresShowAsTheFewBugsThatTheyAre(t *testing.T) {
	report, err := explore.Hunt{Scenario: counters(), Seeds: 150, KeepGoing: true}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counted := make(map[string]int)
	first := make(map[string]uint64)
	for _, f := range report.Failures {
		kind := f.Violations[0].Kind
		if counted[kind] == 0 {
			first[kind] = f.Seed
		}
		counted[kind]++
	}
	const each = 5
	groups, unsorted, err := explore.Grouping{Shrink: explore.Shrink{Scenario: counters()}, Each: each}.Groups(t.Context(), report.Failures)
	if err != nil {
		t.Fatal(err)
	}
	if len(groups) != 2 || len(counted) != 2 {
		t.Fatalf("%d groups of %v", len(groups), counted)
	}
	for i, g := range groups {
		if g.First != first[g.Kind] || g.Count != min(each, counted[g.Kind]) || g.Smallest.Result.Violations[0].Kind != g.Kind {
			t.Errorf("%+v, and the first of its kind is seed %d", g, first[g.Kind])
		}
		if takesFaults := len(g.Families) > 0; takesFaults != (g.Kind == "few") {
			t.Errorf("%s takes %v", g.Kind, g.Families)
		}
		if i > 0 && g.First < groups[i-1].First {
			t.Error("not in the order of their first seeds")
		}
	}
	for _, u := range unsorted {
		if u.Count != counted[u.Promise.Kind]-each {
			t.Errorf("of %q %d were not shrunk, of %d", u.Promise.Kind, u.Count, counted[u.Promise.Kind])
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	groups, unsorted, err = explore.Grouping{Shrink: explore.Shrink{Scenario: counters()}}.Groups(cancelled, report.Failures)
	left := 0
	for _, u := range unsorted {
		left += u.Count
	}
	if err != nil || len(groups) != 0 || left != len(report.Failures) {
		t.Errorf("called off at once: %v, %v; %d of %d failures are counted", groups, err, left, len(report.Failures))
	}
}
