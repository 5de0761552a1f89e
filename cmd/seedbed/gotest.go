package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
)

// A testFile is what a test of Go has left beside itself: an input of a fuzz
// test, or a failure that simtest has saved.
type testFile struct {
	path string
	dir  string // of the package
	test string // full name of the sub-test that runs the file
}

// findTestFile says whose file it is, if it is a test's: it lies in
// testdata/fuzz/FuzzName or testdata/seedbed/TestName of the test's package.
func findTestFile(path string) (f testFile, ok bool) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return f, false
	}
	elements := strings.Split(filepath.ToSlash(whole), "/")
	for i := len(elements) - 4; i > 0; i-- {
		if elements[i] == "testdata" && slices.Contains([]string{"fuzz", "seedbed"}, elements[i+1]) {
			dir := filepath.FromSlash(strings.Join(elements[:i], "/"))
			return testFile{path, dir, strings.Join(elements[i+2:], "/")}, true
		}
	}
	return f, false
}

// testObject is a replay by go test as JSON.
type testObject struct {
	Test    string           `json:"test"`
	Dir     string           `json:"dir"`
	Verdict checkers.Verdict `json:"verdict"`
	Output  string           `json:"output"`
}

// replayTest lets go test run a file again, and passes on what it says.
func (a *app) replayTest(c *cobra.Command, file testFile, told telling) error {
	if told.html != "" {
		return errors.New("a picture can be made of a run of a scenario; of a test's run there is --trace FILE, and its failure is explained as it is")
	}
	if _, err := os.Stat(file.path); err != nil {
		return err
	}
	var pattern []string
	for _, element := range strings.Split(file.test, "/") {
		pattern = append(pattern, "^"+regexp.QuoteMeta(element)+"$")
	}
	test := exec.CommandContext(c.Context(), "go", "test", "-count=1", "-v", "-run", strings.Join(pattern, "/"), ".")
	var output bytes.Buffer
	if told.trace != "" {
		trace, err := filepath.Abs(told.trace)
		if err != nil {
			return err
		}
		test.Env = append(os.Environ(), "SEEDBED_TRACE="+trace)
	}
	test.Dir, test.Stdout, test.Stderr = file.dir, &output, &output
	if !a.json() {
		test.Stdout, test.Stderr = io.MultiWriter(a.out, &output), a.err
	}
	err := test.Run()
	object := testObject{Test: file.test, Dir: file.dir, Verdict: checkers.Holds, Output: output.String()}
	var failed *exec.ExitError
	switch ran := strings.Contains(output.String(), filepath.Base(file.path)); {
	case err != nil && !errors.As(err, &failed):
		return err
	case err != nil && strings.Contains(output.String(), "--- FAIL: "):
		object.Verdict = checkers.Violated
	case err != nil:
		return fmt.Errorf("go test in %s could not run it: %w", file.dir, err)
	case !ran:
		return fmt.Errorf("go test in %s knows no test %s: the file belongs to a test that is there no more, or goes by another name", file.dir, file.test)
	}
	a.exitWith(object.Verdict)
	if a.json() {
		a.print(object)
	}
	return nil
}
