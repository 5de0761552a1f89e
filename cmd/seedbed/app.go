package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"seedbed.example/checkers"
	"seedbed.example/scenarios"
	"seedbed.example/vet"
)

// Exit codes.
const (
	exitHolds    = 0
	exitViolated = 1
	exitUsage    = 2
	exitUnknown  = 3
)

// app is one invocation of the program.
type app struct {
	scenarios scenarios.List
	out, err  io.Writer
	format    string
	paint     palette
	code      int // what to exit with if there is no error
}

// Main runs the program, which knows these scenarios, and returns its exit
// code.
func Main(ctx context.Context, known scenarios.List, args []string, out, errOut io.Writer) int {
	if vet.CalledByGo(args) {
		vet.ServeGo()
	}
	a := &app{scenarios: known, out: out, err: errOut, paint: newPalette(out)}
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	if err := root.ExecuteContext(ctx); err != nil {
		if wantsJSON(args) { // what is wrong may stand in front of that
			a.format = "json"
		}
		a.complain(err)
		return exitUsage
	}
	return a.code
}

// complain tells what is wrong with what was asked: on standard error, and
// with --format json as an object on standard output too.
func (a *app) complain(err error) {
	fmt.Fprintf(a.err, "seedbed: %v\n", err)
	for _, line := range hints(err) {
		fmt.Fprintln(a.err, line)
	}
	if a.json() {
		a.print(map[string]any{"error": err.Error(), "hints": hints(err)})
	}
}

// wantsJSON reports whether arguments ask for JSON, also those of which another
// is wrong.
func wantsJSON(args []string) bool {
	for i, arg := range args {
		if arg == "--format=json" || arg == "--format" && i+1 < len(args) && args[i+1] == "json" {
			return true
		}
	}
	return false
}

func (a *app) json() bool { return a.format == "json" }

// print writes an object as JSON.
func (a *app) print(object any) {
	encoder := json.NewEncoder(a.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(object); err != nil {
		fmt.Fprintf(a.err, "seedbed: %v\n", err)
	}
}

// exitWith settles the exit code by what was found.
func (a *app) exitWith(verdict checkers.Verdict) {
	switch verdict {
	case checkers.Holds:
		a.code = exitHolds
	case checkers.Violated:
		a.code = exitViolated
	default:
		a.code = exitUnknown
	}
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "seedbed",
		Short: "break distributed systems from a seed",
		Long: `Seedbed runs a whole cluster in one thread on virtual time: nodes, clients,
network, disks, clocks and their faults. One seed is one run, to the last event.

Plant a documented mistake in Raft, and let seeds look for a run that shows it:

  seedbed hunt raft --mistake raft.staleLeaderRead

It ends with a repro file and the line that replays it. Without a mistake the
same hunt finds nothing. To see what there is to run, plant and break:

  seedbed list

Exit codes: 0 holds, 1 violated, 2 the question makes no sense, 3 unknown.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          a.onlyHelp,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if a.format != "text" && a.format != "json" {
				return &unknownName{What: "format", Name: a.format, Known: []string{"text", "json"}}
			}
			return nil
		},
	}
	root.Version = version()
	root.SetFlagErrorFunc(aboutFlag)
	root.PersistentFlags().StringVar(&a.format, "format", "text", "text for people, or json: one object on standard output")
	root.AddCommand(
		a.listCommand(), a.runCommand(), a.huntCommand(), a.replayCommand(), a.shrinkCommand(), a.checkCommand(), a.vetCommand(),
		a.doctorCommand(), a.doctorRunsCommand(), a.zooCommand(), a.compareCommand(),
	)
	return root
}

// onlyHelp is what a command does that is nothing without one of its own: it
// says which there are. That is no object, so as JSON the question makes no sense.
func (a *app) onlyHelp(c *cobra.Command, _ []string) error {
	if a.json() {
		return fmt.Errorf("want one of the commands that %s --help lists", c.CommandPath())
	}
	return c.Help()
}

// one says that a command takes exactly one argument, in words.
func one(what, example string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return fmt.Errorf("%s: want %s, as in: %s", c.Name(), what, example)
		case len(args) > 1:
			return fmt.Errorf("%s: want %s and nothing else, found %q", c.Name(), what, args)
		}
		return nil
	}
}

// writeFile writes a file whole or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	mode := fs.FileMode(0o644)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() && !info.IsDir() { // a device or a pipe stays what it is
			return writeInto(path, write)
		}
		if info.Mode().IsRegular() {
			mode = info.Mode().Perm()
		}
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".seedbed-*")
	if err != nil {
		return &os.PathError{Op: "write", Path: path, Err: errors.Unwrap(err)}
	}
	if err := errors.Join(write(temp), temp.Chmod(mode), temp.Close()); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// writeInto writes what is not a file.
func writeInto(path string, write func(io.Writer) error) error {
	out, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(out), out.Close())
}

// isTerminal reports whether a person reads w as it is written.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
