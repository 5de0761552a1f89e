package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/models"
	"seedbed.example/scenarios"
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
	experiment.Mistake
	Scenario string `json:"scenario"`
}

// catalogue is all that has a name.
type catalogue struct {
	Scenarios  []listedScenario   `json:"scenarios"`
	Mistakes   []listedMistake    `json:"mistakes"`
	Strategies []explore.Strategy `json:"strategies"`
	Profiles   []faults.Profile   `json:"profiles"`
	Faults     []faults.Kind      `json:"faults"`
	Checkers   []checkers.Checker `json:"checkers"`
	Models     []listed           `json:"models"`
}

func newCatalogue() catalogue {
	c := catalogue{Strategies: explore.Strategies(), Profiles: faults.Profiles(), Faults: faults.Kinds(), Checkers: checkers.All()}
	for _, s := range scenarios.All() {
		c.Scenarios = append(c.Scenarios, listedScenario{listed{s.ID, s.Summary}, s.Model, s.Checkers, s.Parameters})
		for _, m := range s.Mistakes {
			c.Mistakes = append(c.Mistakes, listedMistake{m, s.ID})
		}
	}
	for _, m := range models.All() {
		c.Models = append(c.Models, listed{m.ID, m.Summary})
	}
	return c
}

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "what there is: scenarios, mistakes, strategies, profiles, faults, checkers, models",
		Long: `Lists everything that has a name, each with a line: the scenarios and what can
be set in them, the mistakes that can be planted, the strategies of a hunt, the
profiles that draw faults and the kinds of fault they draw from, the checkers,
and the models.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.json() {
				a.print(newCatalogue())
			} else {
				a.listText(newCatalogue())
			}
			return nil
		},
	}
}

func (a *app) listText(c catalogue) {
	a.section("Scenarios", "seedbed run SCENARIO")
	for _, s := range c.Scenarios {
		a.rows([]listed{s.listed})
		var settings []listed
		for _, p := range s.Parameters {
			settings = append(settings, listed{"  --set " + p.ID + "=" + p.Default, p.Summary + ": " + p.Range()})
		}
		a.rows(settings)
	}
	a.section("Mistakes", "seedbed hunt SCENARIO --mistake ID")
	a.rows(listing(c.Mistakes, func(m listedMistake) listed { return listed{m.ID, m.Summary} }))
	a.section("Strategies", "seedbed hunt SCENARIO --strategy STRATEGY")
	a.rows(listing(c.Strategies, func(s explore.Strategy) listed { return listed{s.ID, s.Summary} }))
	a.section("Profiles", "--faults PROFILE")
	a.rows(listing(c.Profiles, func(p faults.Profile) listed { return listed{p.ID, p.Summary} }))
	a.section("Faults", "what profiles draw, and what a plan for --faults FILE is made of")
	a.rows(listing(c.Faults, func(k faults.Kind) listed { return listed{k.ID, k.Summary} }))
	a.section("Checkers", "what watches a run")
	a.rows(listing(c.Checkers, func(k checkers.Checker) listed { return listed{k.ID, k.Summary} }))
	a.section("Models", "seedbed check FILE --model MODEL")
	a.rows(c.Models)
}

// listing takes of each thing what is listed of it.
func listing[T any](all []T, of func(T) listed) []listed {
	rows := make([]listed, len(all))
	for i, one := range all {
		rows[i] = of(one)
	}
	return rows
}

func (a *app) section(title, use string) {
	fmt.Fprintf(a.out, "%s  %s\n", a.paint.bold.Sprint(title), a.paint.faint.Sprint(use))
}

func (a *app) rows(rows []listed) {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(table, "  %s\t%s\n", r.ID, r.Summary)
	}
	table.Flush()
	fmt.Fprintln(a.out)
}
