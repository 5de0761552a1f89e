package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"seedbed.example/scenarios"
)

// The commands of docs/lessons.md do what they are there for: a hunt for a mistake
// finds it, and nothing else finds anything.
func TestLessons(t *testing.T) {
	text, err := os.ReadFile("../../docs/lessons.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("`seedbed ([^`]+)`").FindAllStringSubmatch(string(text), -1)
	if len(commands) < 10 {
		t.Fatalf("only %d commands were found", len(commands))
	}
	for _, command := range commands {
		t.Run(command[1], func(t *testing.T) {
			args, want := strings.Fields(command[1]), 0
			switch {
			case strings.Contains(command[1], "--mistake"):
				args, want = append(args, "--shrink=false", "--repros", t.TempDir()), 1
			case args[0] == "hunt":
				args = append(args, "--seeds", "200") // the last word counts
			}
			var out bytes.Buffer
			if code := Main(context.Background(), scenarios.All(), args, &out, &out); code != want {
				t.Errorf("exit code %d, want %d:\n%s", code, want, &out)
			}
		})
	}
}
