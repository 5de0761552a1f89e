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
	"seedbed.example/sim"
)

// defaultSeeds is how many seeds a hunt looks at if it is not told.
const defaultSeeds = 10_000

// huntObject is a hunt as JSON.
type huntObject struct {
	Scenario         string               `json:"scenario"`
	Seed             uint64               `json:"seed"` // the first one
	Mistake          string               `json:"mistake,omitempty"`
	Strategy         string               `json:"strategy,omitempty"`
	Verdict          checkers.Verdict     `json:"verdict"`
	Violations       []checkers.Violation `json:"violations"` // of the first failure
	Runs             uint64               `json:"runs"`
	Failures         int                  `json:"failures"`
	Seeds            []uint64             `json:"seeds"`        // that failed
	UnknownSeeds     []uint64             `json:"unknownSeeds"` // whose verdict is unknown
	FirstFailure     *firstFailure        `json:"firstFailure"`
	Shrunk           *shrunkObject        `json:"shrunk,omitempty"`      // the first failure, as it is in its repro
	EarlierRuns      uint64               `json:"earlierRuns,omitempty"` // of a hunt that was resumed
	*grouped                              // of a hunt that kept going
	RunsPerSecond    float64              `json:"runsPerSecond"`
	TraceHash        sim.Hash             `json:"traceHash"` // over all runs, whatever their order
	Events           uint64               `json:"events"`
	Messages         uint64               `json:"messages"`
	Operations       uint64               `json:"operations"`
	SimulatedSeconds float64              `json:"simulatedSeconds"`
	WallSeconds      float64              `json:"wallSeconds"`
	Struck           map[string]int       `json:"struck"`     // how often each kind of fault struck
	Situations       []sim.Situation      `json:"situations"` // worth testing, and how often they came up
	Figures          []explore.Figure     `json:"figures"`    // how the strategy's search stands
	Corpus           []keptObject         `json:"corpus"`     // repros that were run first
}

type firstFailure struct {
	Seed      uint64 `json:"seed"`
	AfterRuns uint64 `json:"afterRuns"`
	Repro     string `json:"repro"` // path of the file
	*kept     `json:"-"`
	*grouped  `json:"-"`
	mended    bool // it was found by an earlier sitting, and holds now
}

// kept is what is told of the run in the repro file.
type kept struct {
	result *experiment.Result
	shrunk *shrunkObject // nil if it is the run that was found
}

func (a *app) huntCommand() *cobra.Command {
	var asked request
	var hunt explore.Hunt
	var length time.Duration
	var repros, corpus, resume string
	shrink := true
	c := &cobra.Command{
		Use:   "hunt SCENARIO",
		Short: "look for a seed that breaks a scenario, on all cores",
		Long: fmt.Sprintf(`Runs a scenario with one seed after another, on all cores, until a run breaks a
promise or %d seeds have held. The first failing run is shrunk to the few faults
and operations that matter and written into a repro file, and the line that
replays it is printed. What is found does not depend on how many cores look.
Ctrl-C ends a hunt with what it has found so far.

A strategy chooses the runs in another way: see seedbed list. Whatever it finds
is a repro file as well. An exhaustive hunt is over when it has made every run
within its bounds, and says so; it takes a small world if it is given none.`, defaultSeeds),
		Example: `  seedbed hunt raft --mistake raft.staleLeaderRead
  seedbed hunt raft --seeds 100000
  seedbed hunt raft --for 10m --faults chaos --keep-going
  seedbed hunt raft --mistake raft.voteNotPersisted --strategy pct
  seedbed hunt raft --strategy exhaustive --depth 1
  seedbed hunt raft --corpus repros`,
		Args: one("a scenario", "seedbed hunt raft"),
		RunE: func(c *cobra.Command, args []string) error {
			scenario, config, err := asked.resolve(a.scenarios, args[0])
			if err != nil {
				return err
			}
			hunt.Scenario, hunt.Config = scenario, config
			if err := checkLength(c, hunt, length); err != nil {
				return err
			}
			if corpus != "" {
				if hunt.Corpus, err = explore.OpenCorpus(corpus, scenario); err != nil {
					return err
				}
			}
			ctx, stop := huntContext(c, length, &hunt)
			defer stop()
			if resume != "" {
				hunt.KeepGoing, repros = true, resume
			}
			report, err := a.hunt(ctx, hunt, length, resume)
			if err != nil {
				return err
			}
			if domain, ok := unasked(hunt.Domains, report); ok {
				return fmt.Errorf("--domains %s: no choice of this domain is asked in this world; usual ones are %s",
					domain, strings.Join(explore.DefaultDomains, ", "))
			}
			found, err := a.keepFirst(c.Context(), report, hunt, shrink, repros)
			if err != nil {
				return fmt.Errorf("seed %d failed, and its repro could not be written: %w", report.Failures[0].Seed, err)
			}
			if found != nil && hunt.KeepGoing && shrink {
				if found.grouped, err = a.group(c.Context(), report, hunt, repros); err != nil {
					return fmt.Errorf("the failures could not be sorted: %w", err)
				}
			}
			a.exitWith(report.Verdict())
			if a.json() {
				a.print(newHuntObject(report, hunt.Corpus, found))
			} else {
				a.corpusText(hunt.Corpus)
				a.huntText(report, found, asked.again(args[0], report))
			}
			return nil
		},
	}
	asked.flags(c)
	c.Flags().Uint64Var(&hunt.Seeds, "seeds", defaultSeeds, "how many seeds to look at, `N`")
	c.Flags().DurationVar(&length, "for", 0, "look for so long instead, such as 10m; a real `DURATION`")
	c.Flags().Uint64Var(&hunt.From, "from", 0, "the first seed, `N`")
	c.Flags().IntVar(&hunt.Workers, "workers", 0, "runs at a time, `N` (default: one for each core)")
	c.Flags().BoolVar(&hunt.KeepGoing, "keep-going", false, "look further after the first failure")
	c.Flags().BoolVar(&shrink, "shrink", true, "shrink what is found; --shrink=false keeps it as it was found")
	c.Flags().StringVar(&hunt.Strategy, "strategy", "", "how runs are chosen, `NAME` as in seedbed list (default: one seed after another)")
	c.Flags().IntVar(&hunt.Depth, "depth", 0, "for pct, changes of priority in a run; for exhaustive, deviations from the benign run, `N` (default 3 and 2)")
	c.Flags().StringSliceVar(&hunt.Domains, "domains", nil, "for exhaustive: `DOMAINS` of choices that deviate (default \""+strings.Join(explore.DefaultDomains, ",")+"\")")
	c.Flags().StringVar(&corpus, "corpus", "", "run the repro files of this `DIRECTORY` first, and look for more only if none shows its violation")
	c.Flags().StringVar(&resume, "resume", "", "keep what is found in this `DIRECTORY`, and go on from where a hunt that was kept there stands; keeps going")
	c.Flags().StringVar(&repros, "repros", "repros", "write repro files into this `DIRECTORY`")
	c.MarkFlagsMutuallyExclusive("seeds", "for")
	c.MarkFlagsMutuallyExclusive("resume", "corpus")
	c.MarkFlagsMutuallyExclusive("resume", "repros")
	return c
}

// unasked returns one of the domains that an exhaustive hunt was to vary, and of
// which it had nothing to vary.
func unasked(domains []string, r *explore.Report) (domain string, ok bool) {
	for _, f := range r.Figures {
		if slices.Contains(domains, f.Name) && f.Value == 0 && !r.Interrupted && r.Runs > 1 {
			return f.Name, true
		}
	}
	return "", false
}

// mostWorkers is far beyond the cores of any machine.
const mostWorkers = 4096

// checkLength refuses hunts that would look at nothing: that would always hold.
func checkLength(c *cobra.Command, hunt explore.Hunt, length time.Duration) error {
	switch {
	case hunt.Workers < 0 || hunt.Workers > mostWorkers:
		return fmt.Errorf("--workers %d: want 1 to %d", hunt.Workers, mostWorkers)
	case hunt.Depth < 0 || c.Flags().Changed("depth") && hunt.Depth == 0:
		return fmt.Errorf("--depth %d: want 1 or more", hunt.Depth)
	case hunt.Depth > 0 && hunt.Strategy != "pct" && hunt.Strategy != "exhaustive":
		return errors.New("--depth is for --strategy pct or exhaustive")
	case hunt.Domains != nil && hunt.Strategy != "exhaustive":
		return errors.New("--domains is for --strategy exhaustive")
	case hunt.Seeds == 0:
		return fmt.Errorf("--seeds 0: want 1 or more, or --for and how long")
	case c.Flags().Changed("for") && length <= 0:
		return fmt.Errorf("--for %v: want a time above 0, such as 10m", length)
	}
	return nil
}

// huntContext ends a hunt that is given a time instead of a number of seeds.
func huntContext(c *cobra.Command, length time.Duration, hunt *explore.Hunt) (context.Context, func()) {
	if !c.Flags().Changed("for") {
		return c.Context(), func() {}
	}
	hunt.Seeds = 0
	return context.WithTimeout(c.Context(), length)
}

// hunt goes on with a session, if there is one; else it runs the corpus, if there
// is one, and then what the strategy chooses.
// If the corpus shows a violation, that is what was found, unless the hunt is
// to keep going.
func (a *app) hunt(ctx context.Context, hunt explore.Hunt, length time.Duration, resume string) (*explore.Report, error) {
	progress := a.newProgress(hunt, length)
	defer progress.end()
	hunt.Progress = progress.show
	if resume != "" {
		session, err := explore.OpenSession(resume, &hunt)
		if err != nil {
			return nil, err
		}
		return session.Run(ctx, hunt)
	}
	if hunt.Corpus == nil {
		return hunt.Run(ctx)
	}
	first := hunt
	first.Strategy, first.Seeds, first.KeepGoing = "replay", 0, true
	report, err := first.Run(ctx)
	if err != nil || hunt.Strategy == "replay" || len(report.Failures) > 0 && !hunt.KeepGoing {
		return report, err
	}
	return hunt.Run(ctx)
}

// keepFirst shrinks the first failure, if there is one, and writes its repro,
// unless that is where it comes from.
func (a *app) keepFirst(ctx context.Context, report *explore.Report, hunt explore.Hunt, shrink bool, dir string) (*firstFailure, error) {
	if len(report.Failures) == 0 {
		return nil, nil
	}
	first := report.Failures[0]
	found := &firstFailure{Seed: first.Seed, AfterRuns: first.AfterRuns}
	switch {
	case report.Stuck:
		return found, nil // to run it again would not end either
	case report.Strategy == "replay":
		found.Repro = hunt.Corpus.Kept[first.AfterRuns-1].Path
		return found, nil
	}
	var err error
	found.kept = new(kept)
	if shrink {
		found.result, found.shrunk, err = a.shrink(ctx, explore.Shrink{Scenario: hunt.Scenario, Workers: hunt.Workers}, first.Config)
	}
	if !shrink {
		found.result, err = hunt.Scenario.Run(first.Config)
	}
	switch {
	case errors.Is(err, explore.ErrNothing):
		found.kept, found.mended = nil, true
		return found, nil
	case err != nil:
		return nil, err
	}
	found.Repro, err = explore.NewRepro(found.result).Save(dir)
	return found, err
}

func newHuntObject(r *explore.Report, corpus *explore.Corpus, found *firstFailure) huntObject {
	object := huntObject{
		Scenario: r.Scenario, Seed: r.From, Mistake: r.Mistake, Strategy: r.Strategy, Verdict: r.Verdict(), Violations: []checkers.Violation{},
		Runs: r.Runs, Failures: len(r.Failures), Seeds: []uint64{}, UnknownSeeds: emptyNotNull(r.Unknown), FirstFailure: found,
		RunsPerSecond: r.RunsPerSecond(), TraceHash: r.Digest, Events: r.Counts.Events, Messages: r.Counts.Messages,
		Operations: r.Operations, SimulatedSeconds: r.Simulated.Seconds(), WallSeconds: r.Wall().Seconds(),
		EarlierRuns: r.Earlier, Struck: r.Struck, Situations: emptyNotNull(r.Situations), Figures: emptyNotNull(r.Figures), Corpus: newCorpusObject(corpus),
	}
	for _, f := range r.Failures {
		object.Seeds = append(object.Seeds, f.Seed)
	}
	if len(r.Failures) > 0 {
		object.Violations = r.Failures[0].Violations
	}
	if found != nil && found.kept != nil {
		object.Shrunk = found.shrunk
	}
	if found != nil {
		object.grouped = found.grouped
	}
	return object
}

// huntText tells a hunt for people. Again is how its first failure is run, ""
// where only its repro can say that.
func (a *app) huntText(r *explore.Report, found *firstFailure, again string) {
	name := r.Scenario
	if r.Mistake != "" {
		name += ", with the mistake " + r.Mistake
	}
	fmt.Fprintf(a.out, "%s: %s\n", name, a.paint.verdict(r.Verdict()))
	fmt.Fprintf(a.out, "%s in %s (%s a second), %s simulated, %s messages; trace hash of all %v\n",
		runs(r.Runs), short(r.Wall()), comma(uint64(r.RunsPerSecond())), short(r.Simulated), comma(r.Counts.Messages), r.Digest)
	if settings := a.settings(r.Scenario, r.Mistake); settings != "" {
		fmt.Fprintf(a.out, "The mistake brings its own parameters, if you set no other: %s\n", settings)
	}
	if len(r.Figures) > 0 {
		fmt.Fprintf(a.out, "%s: %s\n", r.Strategy, figuresText(r.Figures))
	}
	if r.Earlier > 0 {
		fmt.Fprintf(a.out, "%s had been made before; what they found is counted in.\n", runs(r.Earlier))
	}
	if r.Interrupted {
		fmt.Fprintln(a.out, "It was called off before it was done.")
	}
	if len(r.Unknown) > 0 {
		fmt.Fprintf(a.out, "Undecided in the time there was: seeds %s\n", seeds(r.Unknown))
	}
	if silent := r.Silent(); len(silent) > 0 && len(r.Failures) == 0 { // a hunt that was over early has not tested much
		fmt.Fprintf(a.out, "%s %s\n", a.paint.doubtful.Sprint("Never came up in any run, so never tested:"), strings.Join(silent, "; "))
	}
	if found == nil {
		return
	}
	first := r.Failures[0]
	if found.kept == nil {
		a.violationsText(first.Violations)
	} else {
		a.violationsText(found.result.Violations)
		a.planText(found.result)
	}
	fmt.Fprintln(a.out)
	if len(r.Failures) > 1 {
		var failing []uint64
		for _, f := range r.Failures {
			failing = append(failing, f.Seed)
		}
		fmt.Fprintf(a.out, "%s runs failed: seeds %s\n", comma(uint64(len(r.Failures))), seeds(failing))
	}
	if found.grouped != nil {
		a.groupsText(found.grouped)
		fmt.Fprintln(a.out)
	}
	fmt.Fprintf(a.out, "Seed %d was the first to fail, after %s.\n", first.Seed, runs(first.AfterRuns))
	if found.kept != nil && found.shrunk != nil {
		fmt.Fprintln(a.out, found.shrunk)
	}
	if found.mended {
		fmt.Fprintln(a.out, "An earlier sitting has found it; now that run holds: the code has changed since. Begin anew in another directory.")
	}
	if found.Repro != "" {
		fmt.Fprintf(a.out, "Replay: %s replay %s\n", self(), quote(found.Repro))
	}
	if again != "" {
		fmt.Fprintf(a.out, "Again:  %s\n", again)
	}
}

// settings are the parameters that a mistake needs.
func (a *app) settings(scenario, mistake string) string {
	s, err := a.scenarios.Find(scenario)
	if err != nil {
		return ""
	}
	m, _ := s.Mistake(mistake)
	var words []string
	for _, need := range m.Needs {
		words = append(words, need.Parameter+"="+need.Value)
	}
	return strings.Join(words, ", ")
}

// figuresText lists figures: "states seen 1,234, runs kept 56".
func figuresText(figures []explore.Figure) string {
	var words []string
	for _, f := range figures {
		words = append(words, f.Name+" "+comma(f.Value))
	}
	return strings.Join(words, ", ")
}

func runs(n uint64) string {
	if n == 1 {
		return "1 run"
	}
	return comma(n) + " runs"
}

// seeds lists seeds, the first of them if there are many.
func seeds(all []uint64) string {
	const most = 10
	var words []string
	for _, s := range all[:min(most, len(all))] {
		words = append(words, fmt.Sprint(s))
	}
	text := strings.Join(words, ", ")
	if more := len(all) - most; more > 0 {
		text += fmt.Sprintf(" and %s more", comma(uint64(more)))
	}
	return text
}
