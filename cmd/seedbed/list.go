package main

import (
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/mistake"
	"seedbed.example/models"
)

// listed is one thing with a name.
type listed struct {
	ID      string `json:"id"`
	Summary string `json:"summary"`
}

type listedScenario struct {
	listed
	Model      string                 `json:"model"`
	Checkers   []string               `json:"checkers"`
	Parameters []experiment.Parameter `json:"parameters"`
}

type listedMistake struct {
	mistake.Mistake
	Scenario string `json:"scenario"`
}

// A section is all that has a name of one sort.
type section struct {
	id    string // as it is asked for, and its key in JSON
	title string
	use   string
	all   any // an array, as JSON
	text  func(a *app)
}

func (a *app) sections(whole bool) []section {
	var named []listedScenario
	var mistakes []listedMistake
	for _, s := range a.scenarios {
		named = append(named, listedScenario{listed{s.ID, s.Summary}, s.Model, s.Checkers, s.Parameters})
		for _, m := range s.Mistakes {
			mistakes = append(mistakes, listedMistake{m, s.ID})
		}
	}
	sequential := listing(models.All(), func(m models.Model) listed { return listed{m.ID, m.Summary} })
	return []section{
		{"scenarios", "Scenarios", "seedbed run SCENARIO", named, func(a *app) {
			for _, s := range named {
				a.entry(s.listed, listing(s.Parameters, func(p experiment.Parameter) listed {
					return listed{"--set " + p.ID + "=" + p.Default, p.Summary + ": " + p.Range()}
				}))
			}
		}},
		{"mistakes", "Mistakes", "seedbed hunt SCENARIO --mistake ID", mistakes, func(a *app) {
			a.rows(listing(mistakes, func(m listedMistake) listed { return listed{m.ID, m.Summary} }))
		}},
		{"strategies", "Strategies", "seedbed hunt SCENARIO --strategy STRATEGY", explore.Strategies(), func(a *app) {
			a.rows(listing(explore.Strategies(), func(s explore.Strategy) listed { return listed{s.ID, s.Summary} }))
		}},
		{"profiles", "Profiles", "--faults PROFILE", faults.Profiles(), func(a *app) {
			a.rows(listing(faults.Profiles(), func(p faults.Profile) listed { return listed{p.ID, p.Summary} }))
		}},
		{"faults", "Faults", "what profiles draw, and what a plan for --faults FILE is made of", faults.Kinds(), func(a *app) {
			if whole {
				a.rows(listing(faults.Kinds(), listedKind))
			} else {
				a.faults()
			}
		}},
		{"checkers", "Checkers", "what watches a run", checkers.All(), func(a *app) {
			a.rows(listing(checkers.All(), func(k checkers.Checker) listed { return listed{k.ID, k.Summary} }))
		}},
		{"models", "Models", "seedbed check FILE --model MODEL", sequential, func(a *app) { a.rows(sequential) }},
	}
}

func listedKind(k faults.Kind) listed { return listed{k.ID, k.Summary + " (" + k.StandsFor + ")"} }

// faults lists the kinds of fault with what can be said of each.
func (a *app) faults() {
	fmt.Fprint(a.out, `  A plan is an array of entries: [{"at":"1.5s","for":"300ms","fault":"loss","rate":"20%"}]. Without "for" a fault
  lasts to the end.
`)
	for _, k := range faults.Kinds() {
		a.entry(listedKind(k), listing(k.Parameters, func(p faults.Parameter) listed {
			return listed{p.ID, p.Summary + ": " + p.Range}
		}))
	}
}

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list [SORT]",
		Short: "what there is: scenarios, mistakes, strategies, profiles, faults, checkers, models",
		Long: `Lists everything that has a name, each with a line: the scenarios and what can
be set in them, the mistakes that can be planted, the strategies of a hunt, the
profiles that draw faults and the kinds of fault they draw from, the checkers,
and the models. With one of these words it lists that sort only: seedbed list
faults also tells what can be said of each fault in a plan.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			all := a.sections(len(args) == 0)
			if len(args) > 0 {
				i := slices.IndexFunc(all, func(s section) bool { return s.id == args[0] })
				if i < 0 {
					return &unknownName{What: "sort of thing", Name: args[0], Known: listing(all, func(s section) string { return s.id })}
				}
				all = all[i : i+1]
			}
			if a.json() {
				a.print(asJSON(all))
				return nil
			}
			for _, s := range all {
				fmt.Fprintf(a.out, "%s  %s\n", a.paint.bold.Sprint(s.title), a.paint.faint.Sprint(s.use))
				s.text(a)
				fmt.Fprintln(a.out)
			}
			return nil
		},
	}
}

// asJSON is the array of one section, or an object of all.
func asJSON(all []section) any {
	if len(all) == 1 {
		return all[0].all
	}
	object := make(map[string]any)
	for _, s := range all {
		object[s.id] = s.all
	}
	return object
}

// entry lists one thing and, indented, what can be said of it.
func (a *app) entry(one listed, parameters []listed) {
	a.rows(append([]listed{one}, listing(parameters, func(p listed) listed { return listed{"  " + p.ID, p.Summary} })...))
}

// listing takes of each thing what is listed of it.
func listing[T, U any](all []T, of func(T) U) []U {
	rows := make([]U, len(all))
	for i, one := range all {
		rows[i] = of(one)
	}
	return rows
}

func (a *app) rows(rows []listed) {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(table, "  %s\t%s\n", r.ID, r.Summary)
	}
	table.Flush()
}
