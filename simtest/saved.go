package simtest

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/explore"
)

// savedSuffix is how the names of saved failures end, "….repro.json" if they were saved here.
const savedSuffix = ".json"

// saved returns the files of failures that are kept for a test, in the order
// of their names.
func saved(test string) ([]string, error) {
	dir := savedDir(test)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), savedSuffix) {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

// runSaved runs what earlier failures have left, each as a sub-test, and
// reports whether to go on and hunt: not while one of them still fails, which
// would be found again, and not if -run asks for them alone.
func (p *property) runSaved(t *testing.T) (hunt bool) {
	t.Helper()
	files, err := saved(p.test)
	if err != nil {
		t.Fatal(err)
	}
	hunt = true
	only := chosen(p.test)
	for _, file := range files {
		name := filepath.Base(file)
		alone := only != nil && only.MatchString(name) && !only.MatchString(seedTest(0))
		held := t.Run(name, func(t *testing.T) { p.rerun(t, file, again(t.Name())) })
		hunt = hunt && held && !alone
	}
	if t.Failed() {
		t.Log("What is saved still fails. New seeds are looked at when it is mended, or its file is removed.")
	}
	return hunt
}

// rerun runs a saved failure and fails while it does.
func (p *property) rerun(t testing.TB, file, repeats string) {
	t.Helper()
	repro, err := explore.OpenRepro(file)
	if err != nil {
		t.Error(err)
		return
	}
	replay, err := repro.Replay(p.scenario, true)
	if err == nil {
		err = p.writeTrace(replay.Result)
	}
	switch {
	case err != nil:
		t.Errorf("%s: %v", fromRoot(file), explained(err))
	case replay.Result.Verdict == checkers.Violated:
		t.Errorf("%s still fails, %s: %s\n\nAgain: %s", fromRoot(file), course(replay), toldWhole(replay.Result), repeats)
	case replay.Result.Verdict == checkers.Unknown:
		t.Errorf("%s: %s", fromRoot(file), undecided)
	default:
		t.Logf("%s holds now, %s. %s", fromRoot(file), course(replay), replay.Moved())
	}
}

// course tells whether a replay has taken the same course as when it was saved.
func course(r *explore.Replay) string {
	if r.SameTrace {
		return "by the same course"
	}
	return "by another course than when it was saved"
}

// chosen is what -run asks for of the sub-tests of a test; nil if it asks for
// all of them.
func chosen(test string) *regexp.Regexp {
	run := flag.Lookup("test.run")
	if run == nil {
		return nil
	}
	depth := strings.Count(test, "/") + 1
	elements := strings.Split(run.Value.String(), "/")
	if len(elements) <= depth {
		return nil
	}
	pattern, err := regexp.Compile(elements[depth])
	if err != nil {
		return nil // it has a slash in brackets, which only the go command understands
	}
	return pattern
}
