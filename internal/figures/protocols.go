package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"seedbed.example/explore"
	"seedbed.example/scenarios"
)

// packagesOf are where the code of each scenario's protocol is.
var packagesOf = map[string][]string{
	"raft":          {"protocols/raft", "protocols/raft/kv"},
	"paxos":         {"protocols/paxos"},
	"primarybackup": {"protocols/replication/primarybackup"},
	"quorum":        {"protocols/replication/quorum"},
	"outbox":        {"protocols/outbox", "protocols/outbox/bank"},
	"saga":          {"protocols/saga"},
}

// timedRuns is how many runs of a scenario are timed.
const timedRuns = 3000

// protocols makes the table of what there is to run: how much there is to read,
// and how fast it runs.
func protocols(ctx context.Context) (string, error) {
	rows := table{{"scenario", "what it is", "mistakes", "lines of code, comments beside", "runs a second, all cores"}}
	for _, s := range scenarios.All() {
		code, comments := 0, 0
		for _, dir := range packagesOf[s.ID] {
			c, d, err := lines(dir)
			if err != nil {
				return "", err
			}
			code, comments = code+c, comments+d
		}
		if code == 0 {
			return "", fmt.Errorf("it is not known where the code of %s is", s.ID)
		}
		report, err := explore.Hunt{Scenario: s, From: 70_000_000, Seeds: timedRuns, KeepGoing: true}.Run(ctx)
		if err != nil {
			return "", err
		}
		row := []string{
			"`" + s.ID + "`", s.Summary, fmt.Sprint(len(s.Mistakes)),
			count(uint64(code)) + ", " + count(uint64(comments)), count(uint64(report.RunsPerSecond())),
		}
		rows = append(rows, row)
		fmt.Fprintln(os.Stderr, row)
	}
	return rows.String(), ctx.Err()
}

// lines counts the lines of code and of comments of a package, without its tests.
func lines(dir string) (code, comments int, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return 0, 0, err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, 0, err
		}
		for line := range bytes.Lines(text) {
			switch line = bytes.TrimSpace(line); {
			case bytes.HasPrefix(line, []byte("//")):
				comments++
			case len(line) > 0:
				code++
			}
		}
	}
	return code, comments, nil
}
