package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/mistake"
	"seedbed.example/zoo"
)

// A specimen is a mistake and the scenario that it is planted in.
type specimen struct {
	scenario *experiment.Scenario
	mistake  mistake.Mistake
}

// zooObject is a survey of the zoo as JSON.
type zooObject struct {
	Verdict  checkers.Verdict `json:"verdict"`
	Mistakes []zooEntry       `json:"mistakes"`
}

type zooEntry struct {
	*zoo.Finding
	Open  bool   `json:"open"`
	Tried uint64 `json:"triedRuns"`
}

func (a *app) zooCommand() *cobra.Command {
	survey := zoo.Survey{Shrinks: 3}
	var wanted []string
	c := &cobra.Command{
		Use:   "zoo",
		Short: "plant every mistake of every protocol, and see how hard each is to find",
		Long: `Plants every documented mistake, one at a time, and hunts it from several seeds
that lie far apart; and hunts the same protocol without the mistake over the same
seeds, where nothing must fail. It tells, for each mistake, where it is
documented, how many runs and seconds it took until one failed, which checkers
saw it, and how small the failing run became.

A mistake that no hunt finds within the limit is open: that is told as well, with
what was tried. Ctrl-C ends with what there is so far. Exit codes: 0 all were
found, 1 a correct twin failed, 3 a mistake is open.`,
		Example: `  seedbed zoo --starts 3
  seedbed zoo --mistake raft.staleLeaderRead --mistake raft.ackBeforeFsync
  seedbed zoo --starts 30 --twin 100000 --format json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			specimens, err := a.find(wanted)
			if err != nil {
				return err
			}
			switch {
			case survey.Starts < 1:
				return fmt.Errorf("--starts %d: want 1 or more", survey.Starts)
			case survey.Shrinks < 0:
				return fmt.Errorf("--shrinks %d: want 0 or more", survey.Shrinks)
			case survey.Limit <= 0:
				return fmt.Errorf("--limit %v: want some time", survey.Limit)
			case survey.Workers < 0 || survey.Workers > mostWorkers:
				return fmt.Errorf("--workers %d: want 0, for one on each core, to %d", survey.Workers, mostWorkers)
			}
			found, err := a.zoo(c.Context(), survey, specimens)
			if err != nil {
				return err
			}
			a.exitWith(found.Verdict)
			if a.json() {
				a.print(found)
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&wanted, "mistake", nil, "only this mistake, `ID` as in seedbed list; again for more (default: all)")
	c.Flags().IntVar(&survey.Starts, "starts", 30, "hunts for each mistake, `N`")
	c.Flags().DurationVar(&survey.Limit, "limit", 10*time.Minute, "real time for the hunts for one mistake, a `DURATION`")
	c.Flags().Uint64Var(&survey.Twin, "twin", 0, "runs that each correct twin makes at the least, `N`")
	c.Flags().IntVar(&survey.Shrinks, "shrinks", survey.Shrinks, "failing runs of each mistake that are shrunk, `N`")
	c.Flags().StringVar(&survey.Strategy, "strategy", "", "how runs are chosen, `NAME` as in seedbed list (default: one seed after another)")
	c.Flags().IntVar(&survey.Workers, "workers", 0, "runs at a time, `N` (default: one for each core)")
	return c
}

// find returns the mistakes of these names, all if there are none.
func (a *app) find(ids []string) ([]specimen, error) {
	var all []specimen
	var known []string
	for _, s := range a.scenarios {
		for _, m := range s.Mistakes {
			all = append(all, specimen{s, m})
			known = append(known, m.ID)
		}
	}
	if len(ids) == 0 {
		return all, nil
	}
	var found []specimen
	for _, id := range ids {
		i := slices.Index(known, id)
		if i < 0 {
			return nil, &unknownName{What: "mistake", Name: id, Known: known}
		}
		found = append(found, all[i])
	}
	return found, nil
}

// zoo hunts one mistake after another, and tells of each when it is done.
func (a *app) zoo(ctx context.Context, survey zoo.Survey, specimens []specimen) (*zooObject, error) {
	spinner := a.newSpinner()
	defer spinner.end()
	object := &zooObject{Verdict: checkers.Holds, Mistakes: []zooEntry{}}
	scenario := ""
	for i, s := range specimens {
		survey.Progress = func(doing string, r *explore.Report) {
			spinner.show(func() string {
				return fmt.Sprintf("%d of %d: %s, %s from seed %s on", i+1, len(specimens), doing, runs(r.Runs), comma(r.From))
			})
		}
		found, err := survey.Find(ctx, s.scenario, s.mistake)
		if err != nil && (!errors.Is(err, context.Canceled) || found.Hunts == 0) {
			if errors.Is(err, context.Canceled) {
				object.Verdict = worse(object.Verdict, checkers.Unknown)
				break
			}
			return nil, err
		}
		object.Mistakes = append(object.Mistakes, zooEntry{found, found.Open(), found.Tried()})
		object.Verdict = worse(object.Verdict, found.Verdict())
		if err != nil {
			object.Verdict = worse(object.Verdict, checkers.Unknown)
		}
		if !a.json() {
			spinner.end()
			spinner = a.newSpinner()
			if scenario != s.scenario.ID {
				scenario = s.scenario.ID
				fmt.Fprintf(a.out, "%s\n", a.paint.bold.Sprint(scenario))
			}
			a.zooText(found)
		}
		if err != nil {
			break
		}
	}
	return object, nil
}

// worse returns the verdict that says more against what was looked at.
func worse(a, b checkers.Verdict) checkers.Verdict {
	for _, v := range []checkers.Verdict{checkers.Violated, checkers.Unknown} {
		if a == v || b == v {
			return v
		}
	}
	return a
}

// zooText tells what came of the hunts for one mistake.
func (a *app) zooText(f *zoo.Finding) {
	fmt.Fprintf(a.out, "  %s: %s\n    %s\n", a.paint.bold.Sprint(f.ID), f.Summary, a.paint.faint.Sprint(f.Source))
	if f.Open() {
		fmt.Fprintf(a.out, "    open: not found in %s\n", runs(f.Tried()))
	} else {
		fmt.Fprintf(a.out, "    found by %d of %d hunts, the median in run %s (quartiles %s and %s) and %s s; seen by %s\n",
			len(f.Runs), f.Hunts, runsAt(f, 2), runsAt(f, 1), runsAt(f, 3), secondsAt(f), strings.Join(f.SeenBy(), ", "))
	}
	if len(f.Shrunk) > 0 {
		fmt.Fprintf(a.out, "    shrunk to %v\n", f.Shrunk[len(f.Shrunk)/2])
	}
	if f.TwinFailures+f.TwinUnknown > 0 {
		fmt.Fprintf(a.out, "    %s\n", a.paint.verdict(checkers.Violated))
	}
	fmt.Fprintf(a.out, "    the correct twin: %d of %s failed, %d unknown\n", f.TwinFailures, runs(f.TwinRuns), f.TwinUnknown)
}

// runsAt tells how many runs a hunt took at a quartile of all.
func runsAt(f *zoo.Finding, quartile int) string {
	if n, _, found := f.Quartile(quartile); found {
		return comma(n)
	}
	return "more than " + comma(f.GaveUp)
}

func secondsAt(f *zoo.Finding) string {
	if _, seconds, found := f.Quartile(2); found {
		return fmt.Sprintf("%.2f", seconds)
	}
	return "?"
}
