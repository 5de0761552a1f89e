package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/scenarios"
)

// request is what run, hunt and doctor have in common: which scenario, and how.
type request struct {
	mistakes []string // one at the most
	faults   string
	nodes    int
	set      []string
}

func (r *request) flags(c *cobra.Command) {
	c.Flags().StringArrayVar(&r.mistakes, "mistake", nil, "plant this documented `ID`, such as raft.staleLeaderRead")
	c.Flags().StringVar(&r.faults, "faults", "", "a profile that draws faults from the seed, or a `FILE` with a plan (default: the scenario's profile)")
	c.Flags().IntVar(&r.nodes, "nodes", 0, "how many servers; short for --set nodes=`N`")
	c.Flags().StringArrayVar(&r.set, "set", nil, "set a parameter of the scenario, `NAME=VALUE`; can be repeated")
}

// resolve finds the scenario and turns the flags into a configuration.
func (r *request) resolve(all scenarios.List, id string) (*experiment.Scenario, experiment.Config, error) {
	config := experiment.Config{Parameters: make(map[string]string)}
	scenario, err := all.Find(id)
	if err != nil {
		return nil, config, err
	}
	if config.Mistake, err = r.planted(all, scenario); err != nil {
		return nil, config, err
	}
	for _, assignment := range r.set {
		name, value, ok := strings.Cut(assignment, "=")
		if !ok {
			return nil, config, fmt.Errorf("--set %s: want NAME=VALUE", assignment)
		}
		config.Parameters[name] = value
	}
	if r.nodes != 0 {
		config.Parameters["nodes"] = fmt.Sprint(r.nodes)
	}
	if err := r.resolveFaults(&config); err != nil {
		return nil, config, err
	}
	return scenario, config, scenario.Check(config)
}

// planted returns the mistake that is to be planted, "" if none is.
func (r *request) planted(all scenarios.List, in *experiment.Scenario) (string, error) {
	switch len(r.mistakes) {
	case 0:
		return "", nil
	case 1:
	default:
		return "", fmt.Errorf("--mistake %s: a run has one mistake; seedbed zoo hunts several, one after another", strings.Join(r.mistakes, " --mistake "))
	}
	id := r.mistakes[0]
	for _, other := range all {
		if _, known := other.Mistake(id); known && other.ID != in.ID {
			return "", fmt.Errorf("%s is a mistake of the scenario %s, not of %s", id, other.ID, in.ID)
		}
	}
	return id, nil
}

// resolveFaults takes a profile by its name, and anything else as a file.
func (r *request) resolveFaults(config *experiment.Config) error {
	if r.faults == "" {
		return nil
	}
	if _, ok := faults.FindProfile(r.faults); ok {
		config.Parameters["faults"] = r.faults
		return nil
	}
	file, err := os.Open(r.faults)
	if errors.Is(err, fs.ErrNotExist) && filepath.Ext(r.faults) == "" {
		unknown := &unknownName{What: "profile", Name: r.faults}
		for _, p := range faults.Profiles() {
			unknown.Known = append(unknown.Known, p.ID)
		}
		return unknown
	}
	if err != nil {
		return err
	}
	defer file.Close()
	plan, err := faults.ReadPlan(file)
	if err != nil {
		return fmt.Errorf("%s: %w", r.faults, err)
	}
	if plan == nil {
		plan = faults.Plan{}
	}
	config.Plan = plan
	return nil
}

// again is the command that makes the first failing run of a hunt once more.
// It is "" for runs of which a seed is not all.
func (r *request) again(scenario string, report *explore.Report) string {
	if len(report.Failures) == 0 {
		return ""
	}
	first, same := report.Failures[0], *r
	plain := first.Config.Choices == "" && len(first.Config.Overrides) == 0 && (first.Config.Plan == nil || r.faults != "")
	if !plain {
		return ""
	}
	if profile, ok := first.Config.Parameters["faults"]; ok && r.faults == "" {
		same.faults = profile // the strategy's
	}
	return fmt.Sprintf("%s --seed %d", same.line("run", scenario), first.Seed)
}

// words are the command that asks the same again.
func (r *request) words(command, scenario string) []string {
	words := []string{command, scenario}
	for _, id := range r.mistakes {
		words = append(words, "--mistake", id)
	}
	if r.faults != "" {
		words = append(words, "--faults", r.faults)
	}
	if r.nodes != 0 {
		words = append(words, "--nodes", fmt.Sprint(r.nodes))
	}
	for _, s := range r.set {
		words = append(words, "--set", s)
	}
	return words
}

// line is the command that asks the same again, for a person to paste.
func (r *request) line(command, scenario string) string {
	line := self()
	for _, word := range r.words(command, scenario) {
		line += " " + quote(word)
	}
	return line
}
