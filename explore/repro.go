package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// A Repro is one run as a file: everything that its course depends on, and
// what it is expected to show.
type Repro struct {
	Version    int                 `json:"seedbed-repro"`
	Scenario   string              `json:"scenario"`
	Parameters experiment.Values   `json:"parameters"` // every one, so that a default that changes changes no repro
	Mistake    string              `json:"mistake,omitempty"`
	Seed       uint64              `json:"seed"`
	Choices    string              `json:"choices,omitempty"`   // what answers choices: the seed, or "zero"
	Muted      []choice.Muted      `json:"muted,omitempty"`     // choices that go the benign way always
	Overrides  []choice.Override   `json:"overrides,omitempty"` // answers to single choices, over all that
	Plan       faults.Plan         `json:"plan"`
	Violation  *checkers.Violation `json:"violation"` // nil for a run that held
	TraceHash  sim.Hash            `json:"traceHash"`
}

// NewRepro returns the repro of a run.
func NewRepro(r *experiment.Result) *Repro {
	repro := &Repro{
		Version: ReproVersion, Scenario: r.Scenario, Parameters: r.Values, Mistake: r.Config.Mistake,
		Seed: r.Config.Seed, Choices: r.Config.Choices, Muted: r.Config.Muted, Overrides: r.Config.Overrides,
		Plan: r.Plan, TraceHash: r.Hash,
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
		Seed: r.Seed, Choices: r.Choices, Muted: r.Muted, Overrides: r.Overrides,
		Parameters: r.Parameters, Mistake: r.Mistake, Plan: plan,
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
	same := r.Violation == nil && result.Verdict == checkers.Holds
	for _, v := range result.Violations {
		same = same || r.Violation != nil && v.Checker == r.Violation.Checker && v.Kind == r.Violation.Kind
	}
	return &Replay{Result: result, SameTrace: result.Hash == r.TraceHash, SameViolation: same}, nil
}

// WriteJSON writes the repro as [ReadRepro] reads it, an entry of the plan a
// line.
func (r *Repro) WriteJSON(out io.Writer) error {
	short := *r
	short.Plan = nil
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(&short); err != nil {
		return err
	}
	var plan strings.Builder
	plan.WriteString(`"plan": [`)
	for i, entry := range r.Plan {
		line, err := json.Marshal(entry)
		if err != nil {
			return err
		}
		if i > 0 {
			plan.WriteByte(',')
		}
		plan.WriteString("\n    " + string(line))
	}
	if len(r.Plan) > 0 {
		plan.WriteString("\n  ")
	}
	plan.WriteByte(']')
	_, err := out.Write(bytes.Replace(text.Bytes(), []byte(`"plan": null`), []byte(plan.String()), 1))
	return err
}

// Save writes the repro into a file of dir whose name says what it is, and
// returns its path. A run has one name, so saving it again changes nothing.
func (r *Repro) Save(dir string) (path string, err error) {
	what := r.Scenario
	if _, name, ok := strings.Cut(r.Mistake, "."); ok {
		what += "-" + name
	}
	path = filepath.Join(dir, fmt.Sprintf("%s-%d-%v.repro.json", what, r.Seed, r.TraceHash.String()[:8]))
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
