package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"seedbed.example/explore"
	"seedbed.example/scenarios"
	"seedbed.example/zoo"
)

// repros is how many repro files the survival of edits is measured with.
const reproCount = 30

// survival makes the table of how many repro files still show their violation
// after each of the edits.
func survival(ctx context.Context) (string, error) {
	dir, err := os.MkdirTemp("", "survival")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	repros, err := saveRepros(ctx, filepath.Join(dir, "repros"))
	if err != nil {
		return "", err
	}
	rows := table{{"edit of Raft", "repros that still show their violation", "by the very same course"}}
	all := 0
	for i := range edits {
		shown, same, err := replayAfter(ctx, &edits[i], filepath.Join(dir, fmt.Sprint("edit", i)), repros)
		if err != nil {
			return "", fmt.Errorf("%s: %w", edits[i].what, err)
		}
		all += shown
		rows = append(rows, []string{edits[i].what, fmt.Sprintf("%d of %d", shown, len(repros)), fmt.Sprint(same)})
		fmt.Fprintln(os.Stderr, rows[len(rows)-1])
	}
	rows = append(rows, []string{"all ten", fmt.Sprintf("%d of %d", all, len(edits)*len(repros)), ""})
	return rows.String(), nil
}

// saveRepros finds and shrinks failing runs, of one mistake after the other, and
// returns the files.
func saveRepros(ctx context.Context, dir string) ([]string, error) {
	var paths []string
	raft := scenarios.Raft()
	for start := uint64(0); len(paths) < reproCount; start++ {
		for _, m := range raft.Mistakes[:min(len(raft.Mistakes), reproCount-len(paths))] {
			config, err := failing(ctx, raft, m.ID, start*zoo.Apart)
			if err != nil {
				return nil, err
			}
			shrunk, err := explore.Shrink{Scenario: raft}.Run(ctx, config)
			if err != nil {
				return nil, err
			}
			path, err := explore.NewRepro(shrunk.Result).Save(dir)
			if err != nil {
				return nil, err
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// replayAfter builds the program with an edit and counts the repros that still
// show their violation, and those that take the very same course.
func replayAfter(ctx context.Context, e *edit, root string, repros []string) (shown, same int, err error) {
	if err := os.CopyFS(root, os.DirFS(".")); err != nil {
		return 0, 0, err
	}
	if err := e.apply(root); err != nil {
		return 0, 0, err
	}
	program := filepath.Join(root, "seedbed")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/seedbed")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("%w\n%s", err, out)
	}
	for _, path := range repros {
		var told struct {
			Replay *struct{ SameViolation, SameTrace bool }
		}
		out, err := exec.CommandContext(ctx, program, "replay", path, "--format", "json").Output()
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			return 0, 0, err
		}
		if err := json.NewDecoder(bytes.NewReader(out)).Decode(&told); err != nil || told.Replay == nil {
			return 0, 0, fmt.Errorf("%s: %v: %s", path, err, out)
		}
		if told.Replay.SameViolation {
			shown++
		}
		if told.Replay.SameTrace {
			same++
		}
	}
	return shown, same, nil
}
