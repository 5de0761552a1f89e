package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// self is how a person calls this program: what is printed must work when it
// is pasted. A program that go run has built is gone when it ends.
func self() string {
	path, err := os.Executable()
	if err != nil {
		return "seedbed"
	}
	if strings.Contains(path, "go-build") {
		if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
			return "go run " + info.Path
		}
	}
	if found, err := exec.LookPath(filepath.Base(path)); err == nil && found == path {
		return filepath.Base(path)
	}
	return quote(os.Args[0])
}

// quote makes text one word for a shell.
func quote(text string) string {
	if text != "" && !strings.ContainsAny(text, " \t\n'\"\\$`&|;<>()*?[]{}#~!") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
