package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// finding is a place in the code that breaks the law, as JSON.
type finding struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// vetObject is what vet found, as JSON.
type vetObject struct {
	Findings []finding `json:"findings"`
}

func (a *app) vetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "vet [PACKAGE]...",
		Short: "find code that makes a run more than a function of its seed",
		Long: `Reads the source of packages, the one in this directory if none is named, and
reports what breaks "one seed is one run" in code that runs inside a simulation:
an order taken from a map, the machine's clock, randomness that no seed decides,
goroutines and channels, real I/O. Inside are nodes, processes, what is handed to
the engine, and all that these call in the module; a test that only drives a
world is not. What exactly, and what stays silent, is in the documentation of
package vet (go doc seedbed.example/vet).

A comment //seedbed:allow REASON silences its own line and the next.

Exit codes: 0 nothing is found, 1 something is, 2 it can't be said.`,
		Example: `  seedbed vet ./...
  seedbed vet ./protocols/raft --format json
  go vet -vettool=$(which seedbed) ./...`,
		RunE: func(c *cobra.Command, packages []string) error {
			findings, err := vetPackages(c.Context(), packages)
			if err != nil {
				return err
			}
			if len(findings) > 0 {
				a.code = exitViolated
			}
			if a.json() {
				a.print(vetObject{emptyNotNull(findings)})
				return nil
			}
			for _, f := range findings {
				fmt.Fprintf(a.out, "%s:%d:%d: %s\n", f.File, f.Line, f.Column, f.Message)
			}
			return nil
		},
	}
}

// vetPackages lets the go command load the packages, and call this program for
// each of them: it keeps what is found for as long as nothing changes.
func vetPackages(ctx context.Context, packages []string) ([]finding, error) {
	for _, p := range packages {
		if strings.HasPrefix(p, "-") {
			return nil, fmt.Errorf("vet: want packages, as in: seedbed vet ./...; found %q", p)
		}
	}
	self, err := ownPath()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, "go", append([]string{"vet", "-vettool=" + self, "-json"}, packages...)...)
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	if err := command.Run(); err != nil {
		if said := strings.TrimSpace(complaints.String()); said != "" {
			return nil, fmt.Errorf("the packages can't be read:\n%s", said)
		}
		return nil, fmt.Errorf("the packages can't be read: go vet: %w", err)
	}
	return readFindings(&out)
}

// ownPath is where this program is to be found under the name that it was
// called by.
func ownPath() (string, error) {
	path, err := exec.LookPath(os.Args[0])
	if err != nil {
		return os.Executable()
	}
	return filepath.Abs(path)
}

// readFindings reads what go vet -json prints, an object for each package, and
// puts it in order. A package and the same with its tests find the same.
func readFindings(out io.Reader) ([]finding, error) {
	var all []finding
	for decoder := json.NewDecoder(out); ; {
		var byPackage map[string]map[string][]struct{ Posn, Message string }
		if err := decoder.Decode(&byPackage); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go vet -json: %w", err)
		}
		for _, byAnalyzer := range byPackage {
			for _, found := range byAnalyzer {
				for _, f := range found {
					file, line, column := splitPosition(f.Posn)
					all = append(all, finding{file, line, column, f.Message})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(all), nil
}

// splitPosition reads file:line:column, the file as seen from here.
func splitPosition(position string) (file string, line, column int) {
	rest, last := cutLast(position)
	file, middle := cutLast(rest)
	line, _ = strconv.Atoi(middle)
	column, _ = strconv.Atoi(last)
	if here, err := os.Getwd(); err == nil {
		if relative, err := filepath.Rel(here, file); err == nil && filepath.IsLocal(relative) {
			file = relative
		}
	}
	return file, line, column
}

// cutLast cuts text at its last colon.
func cutLast(text string) (before, after string) {
	i := max(strings.LastIndexByte(text, ':'), 0)
	return text[:i], strings.TrimPrefix(text[i:], ":")
}
