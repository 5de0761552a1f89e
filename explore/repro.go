package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// ReproVersion is the version of the files that [Repro.WriteJSON] writes, and
// the newest that [ReadRepro] reads.
const ReproVersion = 2

// reproSuffix is how the names of repro files end.
const reproSuffix = ".repro.json"

// A Repro is one run as a file: everything that its course depends on, and
// what it is expected to show.
type Repro struct {
	Version    int                 `json:"seedbed-repro"`
	Scenario   string              `json:"scenario"`
	Parameters experiment.Values   `json:"parameters"` // every one, so that a default that changes changes no repro
	Mistake    string              `json:"mistake,omitempty"`
	Seed       uint64              `json:"seed"`
	Choices    string              `json:"choices,omitempty"`   // what answers choices, as [experiment.Config] has it
	Overrides  []choice.Override   `json:"overrides,omitempty"` // answers to single choices, over all that
	Plan       faults.Plan         `json:"plan"`
	Violation  *checkers.Violation `json:"violation"` // nil for a run that held
	TraceHash  sim.Hash            `json:"traceHash"`
	Versions   Versions            `json:"versions"` // of what it was found with
}

// NewRepro returns the repro of a run.
func NewRepro(r *experiment.Result) *Repro {
	repro := &Repro{
		Version: ReproVersion, Scenario: r.Scenario, Parameters: r.Values, Mistake: r.Config.Mistake,
		Seed: r.Config.Seed, Choices: r.Config.Choices, Overrides: r.Config.Overrides,
		Plan: r.Plan, TraceHash: r.Hash, Versions: currentVersions(),
	}
	if len(r.Violations) > 0 {
		repro.Violation = &r.Violations[0]
	}
	return repro
}

// Config returns the run that the repro is of.
func (r *Repro) Config() experiment.Config {
	plan := r.Plan
	if plan == nil {
		plan = faults.Plan{} // none at all, as opposed to one that is still to be drawn
	}
	return experiment.Config{
		Seed: r.Seed, Choices: r.Choices, Overrides: r.Overrides,
		Parameters: r.Parameters, Mistake: r.Mistake, Plan: plan,
		Guard: r.Violation != nil && r.Violation.Guarded(),
	}
}

// A Replay is what a repro came to when it was run again.
type Replay struct {
	Result *experiment.Result
	// SameTrace reports whether the run took the very same course. It does not
	// after a change of the code.
	SameTrace bool
	// SameViolation reports whether it shows what it is expected to: a
	// violation that the same checker sees, or none.
	SameViolation bool
}

// Replay runs the repro again, of the scenario that it names, recorded if asked.
// An error means that it can't be run: its mistake or a parameter is not known.
func (r *Repro) Replay(scenario *experiment.Scenario, record bool) (*Replay, error) {
	config := r.Config()
	config.Record = record
	result, err := scenario.Run(config)
	if err != nil {
		return nil, err
	}
	return &Replay{Result: result, SameTrace: result.Hash == r.TraceHash, SameViolation: r.expects(result.Verdict, result.Violations)}, nil
}

// Moved says, of a run that no longer shows its violation, whether that proves
// anything: not if its story has moved.
func (r *Replay) Moved() string {
	missed, unasked := r.Result.Missed(), r.Result.Unasked()
	switch {
	case r.Result.Verdict == checkers.Unknown:
		return "Whether it does could not be decided: the check ran out of time."
	case len(missed) == 0 && len(unasked) == 0 && r.Result.Config.Choices != "zero":
		return "Each fault struck, but the run rests on its seed, so that it may have moved: that proves little. A shrunk run proves more."
	case len(missed) == 0 && len(unasked) == 0:
		return "Each fault struck and each choice was asked for: this code, most likely, does not have the bug."
	}
	const most = 10
	var moved []string
	if len(missed) > 0 {
		moved = append(moved, fmt.Sprintf("%d of its %s did not strike", len(missed), count(len(r.Result.Plan), "fault")))
	}
	if len(unasked) > 0 {
		moved = append(moved, fmt.Sprintf("%d of its %s were never asked for", len(unasked), count(len(r.Result.Config.Overrides), "choice")))
	}
	text := fmt.Sprintf("The story has moved: %s. It may be mended or not; a hunt would tell.", strings.Join(moved, ", and "))
	for _, e := range missed[:min(most, len(missed))] {
		text += "\n  did not strike: " + e.String()
	}
	for _, o := range unasked[:min(most, len(unasked))] {
		text += "\n  never asked for: " + o.String()
	}
	return text
}

// expects reports whether that is what the run is expected to come to.
func (r *Repro) expects(verdict checkers.Verdict, violations []checkers.Violation) bool {
	if r.Violation == nil {
		return verdict == checkers.Holds
	}
	return slices.ContainsFunc(violations, func(v checkers.Violation) bool {
		return v.Shows(r.Violation)
	})
}

// WriteJSON writes the repro as [ReadRepro] reads it, an override and an entry of
// the plan a line.
func (r *Repro) WriteJSON(out io.Writer) error {
	short := *r
	short.Plan, short.Overrides = nil, nil
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(&short); err != nil {
		return err
	}
	plan, err := lines("plan", r.Plan)
	if err != nil {
		return err
	}
	if len(r.Overrides) > 0 {
		overrides, err := lines("overrides", r.Overrides)
		if err != nil {
			return err
		}
		plan = overrides + ",\n  " + plan
	}
	_, err = out.Write(bytes.Replace(text.Bytes(), []byte(`"plan": null`), []byte(plan), 1))
	return err
}

// lines writes a field of an object that is an array, an item a line.
func lines[T any](name string, items []T) (string, error) {
	if len(items) == 0 {
		return fmt.Sprintf("%q: []", name), nil
	}
	var all []string
	for _, item := range items {
		line, err := json.Marshal(item)
		if err != nil {
			return "", err
		}
		all = append(all, "\n    "+string(line))
	}
	return fmt.Sprintf("%q: [%s\n  ]", name, strings.Join(all, ",")), nil
}

// Save writes the repro into a file of dir whose name says what it is, and
// returns its path. A run has one name, so saving it again changes nothing.
func (r *Repro) Save(dir string) (path string, err error) {
	what := r.Scenario
	if _, name, ok := strings.Cut(r.Mistake, "."); ok {
		what += "-" + name
	}
	path = filepath.Join(dir, fmt.Sprintf("%s-%d-%v%s", what, r.Seed, r.TraceHash.String()[:8], reproSuffix))
	return path, r.SaveAs(path)
}

// SaveAs writes the repro into a file, in a directory that is made if it is not
// there. The file appears whole or not at all.
func (r *Repro) SaveAs(path string) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "*.part")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	if err := errors.Join(r.WriteJSON(temp), temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
