package explore

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/faults"
)

// A Group is failures that seem to be one bug: they break the same promise, and
// what is left of them when they are shrunk has the same shape.
type Group struct {
	Checker  string   `json:"checker"`
	Kind     string   `json:"kind,omitempty"` // of the violation
	Families []string `json:"families"`       // of the faults that it takes: "links", "machines", ...
	Count    int      `json:"count"`          // failures that have been shrunk to this shape
	First    uint64   `json:"first"`          // the seed of the first of them
	Smallest *Shrunk  `json:"-"`              // the smallest of them
}

// A Grouping sorts the failures of a hunt into groups.
type Grouping struct {
	Shrink Shrink // how each is shrunk; its Runs are for one failure
	Each   int    // of how many failures with the same promise are shrunk; 0 is [DefaultGrouped]

	// Progress is told, if it is not nil, of each failure that has been sorted.
	Progress func(sorted, of int)
}

// DefaultGrouped is how many failures that break one promise are shrunk to see
// whether they are one bug: the first, and others spread over the rest.
const DefaultGrouped = 12

// groupRuns is how many runs the shrinking of one failure may take when many
// are sorted.
const groupRuns = 3000

// Unsorted is how many failures that break a promise have not been shrunk.
type Unsorted struct {
	Promise checkers.Violation // without a message
	Count   int
}

// Groups sorts failures. It returns the groups in the order of their first
// failures, and what was counted but not shrunk. When ctx ends it returns what it
// has sorted until then.
func (g Grouping) Groups(ctx context.Context, failures []Failure) (groups []*Group, unsorted []Unsorted, err error) {
	if g.Each == 0 {
		g.Each = DefaultGrouped
	}
	if g.Shrink.Runs == 0 {
		g.Shrink.Runs = groupRuns
	}
	promises, broken := byPromise(failures)
	var chosen []Failure
	for _, promise := range promises {
		some := spread(broken[promise], g.Each)
		chosen = append(chosen, some...)
		if more := len(broken[promise]) - len(some); more > 0 {
			unsorted = append(unsorted, Unsorted{promise, more})
		}
	}
	for i, f := range chosen {
		var shrunk *Shrunk
		if ctx.Err() == nil {
			shrunk, err = g.Shrink.Run(ctx, f.Config)
			switch {
			case errors.Is(err, ErrNothing): // it was found by older code, and has been mended since
				continue
			case err != nil:
				return nil, nil, err
			}
		}
		if ctx.Err() != nil { // called off before or meanwhile
			unsorted = addUnsorted(unsorted, chosen[i:])
			break
		}
		groups = sortInto(groups, f, shrunk)
		if g.Progress != nil {
			g.Progress(i+1, len(chosen))
		}
	}
	slices.SortStableFunc(groups, func(a, b *Group) int { return cmp.Compare(a.First, b.First) })
	return groups, unsorted, nil
}

// addUnsorted counts failures that have not been shrunk.
func addUnsorted(unsorted []Unsorted, failures []Failure) []Unsorted {
	promises, broken := byPromise(failures)
	for _, promise := range promises {
		i := slices.IndexFunc(unsorted, func(u Unsorted) bool { return u.Promise == promise })
		if i < 0 {
			i, unsorted = len(unsorted), append(unsorted, Unsorted{Promise: promise})
		}
		unsorted[i].Count += len(broken[promise])
	}
	return unsorted
}

// byPromise sorts failures by who saw them and what was broken.
func byPromise(failures []Failure) (promises []checkers.Violation, broken map[checkers.Violation][]Failure) {
	broken = make(map[checkers.Violation][]Failure)
	for _, f := range failures {
		promise := checkers.Violation{Checker: f.Violations[0].Checker, Kind: f.Violations[0].Kind}
		if broken[promise] == nil {
			promises = append(promises, promise)
		}
		broken[promise] = append(broken[promise], f)
	}
	return promises, broken
}

// spread returns the first of all, and others at equal distances: so many at
// most.
func spread(all []Failure, most int) []Failure {
	if len(all) <= most {
		return all
	}
	some := make([]Failure, most)
	for i := range some {
		some[i] = all[i*len(all)/most]
	}
	return some
}

// sortInto counts a failure in its group, which may be new.
func sortInto(groups []*Group, f Failure, shrunk *Shrunk) []*Group {
	v := shrunk.Result.Violations[0]
	families := familiesOf(shrunk.Result)
	for _, g := range groups {
		if g.Checker == v.Checker && g.Kind == v.Kind && slices.Equal(g.Families, families) {
			g.Count++
			g.First = min(g.First, f.Seed)
			if shrunk.After.less(g.Smallest.After) {
				g.Smallest = shrunk
			}
			return groups
		}
	}
	return append(groups, &Group{Checker: v.Checker, Kind: v.Kind, Families: families, Count: 1, First: f.Seed, Smallest: shrunk})
}

// familiesOf returns the families of faults that a run takes, each once, in the
// order of their names.
func familiesOf(r *experiment.Result) []string {
	families := []string{}
	for _, e := range r.Plan {
		kind, _ := faults.FindKind(faults.KindOf(e.Fault))
		families = append(families, kind.Family)
	}
	slices.Sort(families)
	return slices.Compact(families)
}
