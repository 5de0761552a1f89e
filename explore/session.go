package explore

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"seedbed.example/checkers"
	"seedbed.example/internal/jsonfile"
	"seedbed.example/sim"
)

// A Session is a hunt that can be interrupted, however hard, and taken up again:
// what it was asked and what it has found lie in a directory.
//
//	hunt.json      what is hunted
//	results.jsonl  a line for each failing run, and now and then one with how
//	               many runs have been made
//	lock           held by the hunt that is writing
type Session struct {
	Runs     uint64    // made so far, in earlier sittings
	Failures []Failure // found by them
	Unknown  []uint64  // seeds that they could not decide

	path     string
	lock     *flock.Flock
	results  *os.File
	failures int // of this sitting that have been written
	unknown  int
	written  time.Time
	err      error // of writing
}

const (
	sessionVersion = 1
	askedFile      = "hunt.json"
	resultsFile    = "results.jsonl"
	lockFile       = "lock"
)

// asked is what a session hunts, as it is kept. How many runs are wanted, and
// how many at a time, may differ from sitting to sitting.
type asked struct {
	Version    int               `json:"seedbed-hunt"`
	Scenario   string            `json:"scenario"`
	Mistake    string            `json:"mistake,omitempty"`
	Parameters map[string]string `json:"parameters,omitempty"`
	Strategy   string            `json:"strategy,omitempty"`
	Depth      int               `json:"depth,omitempty"`
	Plan       json.RawMessage   `json:"plan,omitempty"`
	From       uint64            `json:"from"`
}

// A result is a line of results.jsonl: one of its fields.
type result struct {
	Failure *failedRun `json:"failure,omitempty"`
	Unknown *uint64    `json:"unknown,omitempty"` // a seed
	Runs    *uint64    `json:"runs,omitempty"`    // made so far
}

// A failedRun is a failure in a line.
type failedRun struct {
	Seed       uint64               `json:"seed"`
	AfterRuns  uint64               `json:"afterRuns"`
	Choices    string               `json:"choices,omitempty"`
	Parameters map[string]string    `json:"parameters,omitempty"`
	Violations []checkers.Violation `json:"violations"`
	TraceHash  sim.Hash             `json:"traceHash"`
}

// resumable are the strategies by which a run hangs on its seed alone, and not on
// what others came to.
var resumable = []string{"", "random", "swarm"}

// OpenSession opens the session of a hunt in dir, or begins it. An error names
// what of the directory does not fit, or says that another hunt writes there. A
// session that is not run is to be closed.
func OpenSession(dir string, h *Hunt) (*Session, error) {
	if !slices.Contains(resumable, h.Strategy) {
		return nil, fmt.Errorf("a hunt by the strategy %s can't be resumed: what it runs next hangs on all it has seen", h.Strategy)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	s := &Session{path: filepath.Join(dir, resultsFile), lock: flock.New(filepath.Join(dir, lockFile))}
	switch free, err := s.lock.TryLock(); {
	case err != nil:
		return nil, err
	case !free:
		return nil, fmt.Errorf("%s: another hunt is writing there: wait until it is over, or take another directory", dir)
	}
	err := checkAsked(filepath.Join(dir, askedFile), h)
	if err == nil {
		err = s.load(h)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close lets others go on with the session.
func (s *Session) Close() error {
	var err error
	if s.results != nil {
		err = s.results.Close()
	}
	return errors.Join(err, s.lock.Unlock())
}

// checkAsked compares what is hunted with what the directory is of, or writes it
// down.
func checkAsked(path string, h *Hunt) error {
	want := asked{
		Version: sessionVersion, Scenario: h.Scenario.ID, Mistake: h.Config.Mistake, Parameters: h.Config.Parameters,
		Strategy: h.Strategy, Depth: h.Depth, From: h.From,
	}
	if h.Config.Plan != nil {
		plan, err := json.Marshal(h.Config.Plan)
		if err != nil {
			return err
		}
		want.Plan = plan
	}
	text, err := json.Marshal(want)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return os.WriteFile(path, append(text, '\n'), 0o644)
	}
	if err != nil {
		return err
	}
	var kept asked
	decoder := json.NewDecoder(bytes.NewReader(old))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&kept); err != nil {
		return fmt.Errorf("%s: %w", path, jsonfile.At(old, decoder.InputOffset(), err))
	}
	return differences(path, &kept, &want)
}

// differences names the first field in which two hunts differ.
func differences(path string, kept, want *asked) error {
	a, b := reflect.ValueOf(kept).Elem(), reflect.ValueOf(want).Elem()
	for i := range a.NumField() {
		had, has := fmt.Sprint(a.Field(i).Interface()), fmt.Sprint(b.Field(i).Interface())
		if had != has {
			field, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			return fmt.Errorf("%s: there is another hunt: its %s is %s, and here it is %s; take another directory", path, field, orNone(had), orNone(has))
		}
	}
	return nil
}

func orNone(text string) string {
	if text == "" || text == "[]" || text == "map[]" {
		return "none"
	}
	return text
}

// load reads what earlier sittings have found. A last line that was cut off is
// taken away. What was found in runs that had not been counted comes again: a line
// with fewer runs than that takes it back.
func (s *Session) load(h *Hunt) error {
	file, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	s.results = file
	in := bufio.NewReader(file)
	end := int64(0)
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		var r result
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("%s: line %d: %w", s.path, line, jsonfile.Explain(err))
		}
		switch {
		case r.Failure != nil && len(r.Failure.Violations) > 0:
			s.Failures = append(s.Failures, r.Failure.again(h))
		case r.Unknown != nil:
			s.Unknown = append(s.Unknown, *r.Unknown)
		case r.Runs != nil:
			s.Runs = *r.Runs
			s.takeBack(h)
		default:
			return fmt.Errorf("%s: line %d: want a failure with its violations, unknown, or runs", s.path, line)
		}
		end += int64(len(text))
	}
	s.takeBack(h)
	if err := file.Truncate(end); err != nil {
		return err
	}
	if _, err := file.Seek(end, io.SeekStart); err != nil {
		return err
	}
	s.write(result{Runs: &s.Runs}) // what was found beyond comes again
	return s.err
}

// takeBack forgets what was found in runs that are not counted.
func (s *Session) takeBack(h *Hunt) {
	s.Failures = slices.DeleteFunc(s.Failures, func(f Failure) bool { return f.AfterRuns > s.Runs })
	s.Unknown = slices.DeleteFunc(s.Unknown, func(seed uint64) bool { return seed >= h.From+s.Runs })
}

// again is the failure as the hunt that found it had it.
func (r *failedRun) again(h *Hunt) Failure {
	config := h.Config
	config.Seed, config.Choices, config.Parameters = r.Seed, r.Choices, r.Parameters
	return Failure{Seed: r.Seed, Config: config, AfterRuns: r.AfterRuns, Violations: r.Violations, Hash: r.TraceHash}
}

// Run hunts on from where the session stands, and keeps what it finds. The seeds
// of the hunt are how many the session wants in all. The report is of this
// sitting, but for its failures and unknowns, which are all there are.
func (s *Session) Run(ctx context.Context, h Hunt) (*Report, error) {
	defer s.Close()
	rest := h
	rest.From += s.Runs
	rest.KeepGoing = true
	if h.Seeds > 0 {
		rest.Seeds = h.Seeds - min(s.Runs, h.Seeds)
	}
	if h.Seeds > 0 && rest.Seeds == 0 {
		done := newReport(rest)
		done.finish(ctx)
		return s.whole(done), nil
	}
	rest.Progress = func(r *Report) {
		s.keep(r, time.Second)
		if h.Progress != nil {
			h.Progress(r)
		}
	}
	report, err := rest.Run(ctx)
	if err != nil {
		return nil, err
	}
	s.keep(report, 0)
	if s.err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, s.err)
	}
	return s.whole(report), nil
}

// whole puts what earlier sittings found in front of what this one has.
func (s *Session) whole(r *Report) *Report {
	for i := range r.Failures {
		r.Failures[i].AfterRuns += s.Runs
	}
	r.Earlier = s.Runs
	r.Failures = slices.Concat(s.Failures, r.Failures)
	r.Unknown = slices.Concat(s.Unknown, r.Unknown)
	return r
}

// keep writes what is new in the report, and how many runs have been made, if
// that is not known well enough: it need not be, because runs can be made again.
func (s *Session) keep(r *Report, every time.Duration) {
	for ; s.failures < len(r.Failures); s.failures++ {
		f := &r.Failures[s.failures]
		s.write(result{Failure: &failedRun{f.Seed, s.Runs + f.AfterRuns, f.Config.Choices, f.Config.Parameters, f.Violations, f.Hash}})
	}
	for ; s.unknown < len(r.Unknown); s.unknown++ {
		s.write(result{Unknown: &r.Unknown[s.unknown]})
	}
	if time.Since(s.written) >= every {
		made := s.Runs + r.Runs
		s.write(result{Runs: &made})
		s.written = time.Now()
	}
}

// write appends a line. The first error is kept.
func (s *Session) write(line result) {
	text, err := json.Marshal(line)
	if err == nil {
		_, err = s.results.Write(append(text, '\n'))
	}
	s.err = errors.Join(s.err, err)
}
