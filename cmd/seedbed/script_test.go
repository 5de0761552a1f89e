package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/gotooltest"
	"github.com/rogpeppe/go-internal/testscript"

	"seedbed.example/scenarios"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"seedbed": program(scenarios.All()),
		"depot":   program(depotScenarios()),
	})
}

// program is the whole program, which knows these scenarios.
func program(known scenarios.List) func() {
	return func() { os.Exit(Main(context.Background(), known, os.Args[1:], os.Stdout, os.Stderr)) }
}

// TestScripts runs the stories under testdata/script: what a person types, and
// what comes back. `exits CODE seedbed ...` wants that exit code. With
// SCRIPT_UPDATE=1 what a script compares output with is written anew.
func TestScripts(t *testing.T) { runScripts(t, "testdata/script") }

// TestCommandsAssumeNothingOfAScenario runs the program on one that is unlike
// Raft.
func TestCommandsAssumeNothingOfAScenario(t *testing.T) { runScripts(t, "testdata/depot") }

func runScripts(t *testing.T, directory string) {
	params := testscript.Params{
		Files:         scripts(t, directory),
		UpdateScripts: os.Getenv("SCRIPT_UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOCACHE", goCache(t)) // for scripts in which the go command runs
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
		},
	}
	if err := gotooltest.Setup(&params); err != nil { // vet calls the go command, and that calls it
		t.Fatal(err)
	}
	setup := params.Setup
	params.Setup = func(env *testscript.Env) error {
		program, err := exec.LookPath("seedbed")
		env.Setenv("SEEDBED", program)
		return errors.Join(err, setup(env))
	}
	testscript.Run(t, params)
}

// scripts lists the stories in a directory: in short, the one in which the most goes
// on at a time.
func scripts(t *testing.T, directory string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(directory, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if hunt := filepath.Join(directory, "hunt.txt"); testing.Short() && slices.Contains(files, hunt) {
		return []string{hunt}
	}
	return files
}

// goCache is where the go command keeps what it has built.
func goCache(t *testing.T) string {
	t.Helper()
	directory, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(directory))
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits: %v", err)
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
