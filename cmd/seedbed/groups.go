package main

import (
	"context"
	"fmt"
	"strings"

	"seedbed.example/explore"
)

// groupObject is a group of failures as JSON.
type groupObject struct {
	*explore.Group
	Smallest explore.Size `json:"smallest"`
	Repro    string       `json:"repro"` // of the smallest
}

// grouped is the failures of a hunt, sorted.
type grouped struct {
	Groups   []groupObject   `json:"groups"`
	Unsorted []unsortedCount `json:"unsorted"` // failures that were counted and not shrunk
}

type unsortedCount struct {
	Checker string `json:"checker"`
	Kind    string `json:"kind,omitempty"`
	Count   int    `json:"count"`
}

// group sorts the failures of a hunt that kept going, and writes a repro of the
// smallest in each group.
func (a *app) group(ctx context.Context, report *explore.Report, hunt explore.Hunt, dir string) (*grouped, error) {
	if len(report.Failures) < 2 || report.Stuck || report.Strategy == "replay" {
		return nil, nil
	}
	spinner := a.newSpinner()
	defer spinner.end()
	grouping := explore.Grouping{
		Shrink: explore.Shrink{Scenario: hunt.Scenario, Workers: hunt.Workers},
		Progress: func(sorted, of int) {
			spinner.show(func() string { return fmt.Sprintf("sorting: %d of %d failures shrunk", sorted, of) })
		},
	}
	groups, unsorted, err := grouping.Groups(ctx, report.Failures)
	if err != nil {
		return nil, err
	}
	g := &grouped{Groups: []groupObject{}, Unsorted: []unsortedCount{}}
	for _, one := range groups {
		path, err := explore.NewRepro(one.Smallest.Result).Save(dir)
		if err != nil {
			return nil, err
		}
		g.Groups = append(g.Groups, groupObject{one, one.Smallest.After, path})
	}
	for _, u := range unsorted {
		g.Unsorted = append(g.Unsorted, unsortedCount{u.Promise.Checker, u.Promise.Kind, u.Count})
	}
	return g, nil
}

// groupsText tells the groups for people, a promise at a time.
func (a *app) groupsText(g *grouped) {
	told := make(map[string]bool)
	for _, first := range g.Groups {
		broken := promise(first.Checker, first.Kind)
		if told[broken] {
			continue
		}
		told[broken] = true
		fmt.Fprintf(a.out, "%s: %s\n", a.paint.bad.Sprint(broken), g.total(broken))
		for _, one := range g.Groups {
			if promise(one.Checker, one.Kind) != broken {
				continue
			}
			takes := "without faults"
			if len(one.Families) > 0 {
				takes = "by faults of " + strings.Join(one.Families, " and ")
			}
			fmt.Fprintf(a.out, "  %s: %d, the first is seed %d; the smallest takes %v:\n    %s replay %s\n",
				takes, one.Count, one.First, one.Smallest, self(), quote(one.Repro))
		}
	}
}

// total tells how many failures break a promise, and how many of them have been
// shrunk.
func (g *grouped) total(broken string) string {
	shrunk, more := 0, 0
	for _, one := range g.Groups {
		if promise(one.Checker, one.Kind) == broken {
			shrunk += one.Count
		}
	}
	for _, u := range g.Unsorted {
		if promise(u.Checker, u.Kind) == broken {
			more += u.Count
		}
	}
	if more == 0 {
		return fmt.Sprintf("%s, shrunk to", runs(uint64(shrunk)))
	}
	return fmt.Sprintf("%s; %d of them, shrunk, come to", runs(uint64(shrunk+more)), shrunk)
}

func promise(checker, kind string) string {
	if kind == "" {
		return checker
	}
	return checker + ", " + kind
}
