package checkers

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestConvergenceEndsAsItsStoryTells(t *testing.T) {
	type state = map[string]string
	for _, story := range []struct {
		name     string
		replicas []Replica
		want     []string
	}{
		{"nobody is there", nil, nil},
		{"one agrees with itself", []Replica{{"a", state{"x": "1"}}}, nil},
		{"all hold the same", []Replica{{"a", state{"x": "1", "y": ""}}, {"b", state{"y": "", "x": "1"}}, {"c", state{"x": "1", "y": ""}}}, nil},
		{"one holds nothing yet, be it no map at all", []Replica{{"a", state{}}, {"b", nil}}, nil},
		{"two values", []Replica{{"a", state{"x": "1", "y": "2"}}, {"b", state{"x": "1", "y": "3"}}},
			[]string{`different value: key "y": a holds "2", and b holds "3"`}},
		{"a deleted key came back", []Replica{{"a", state{"x": "1"}}, {"b", state{"x": "1", "y": "3"}}},
			[]string{`missing key: key "y": a holds nothing, and b holds "3"`}},
		{"an empty value is not nothing", []Replica{{"a", state{"x": ""}}, {"b", state{}}},
			[]string{`missing key: key "x": a holds "", and b holds nothing`}},
		{"one differs much, another not, a third a little", []Replica{
			{"a", state{"x": "1", "y": "2", "z": "3"}}, {"b", state{"x": "0", "z": "4"}}, {"c", state{"x": "1", "y": "2", "z": "3"}}, {"d", state{"x": "1", "y": "2", "z": "5"}},
		}, []string{
			`different value: key "x": a holds "1", and b holds "0" (and 2 more keys differ)`,
			`different value: key "z": a holds "3", and d holds "5"`,
		}},
	} {
		t.Run(story.name, func(t *testing.T) {
			checkSaid(t, "convergence", Converged(story.replicas), story.want)
		})
	}
}

// By the definition: any two are equal.
func TestConvergenceIsWhatAllPairsSay(t *testing.T) {
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		replicas := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Replica {
			return Replica{"r", rapid.MapOfN(rapid.SampledFrom([]string{"x", "y"}), rapid.SampledFrom([]string{"", "1"}), 0, 2).Draw(t, "state")}
		}), 0, 3).Draw(t, "replicas")
		want = true
		for _, a := range replicas {
			for _, b := range replicas {
				want = want && (reflect.DeepEqual(a.State, b.State) || len(a.State)+len(b.State) == 0)
			}
		}
		return want, Converged(replicas)
	})
}
