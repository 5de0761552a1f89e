package main

import (
	"path/filepath"
	"testing"

	"seedbed.example/scenarios"
)

// Every scenario has its row, of code that is there.
func TestTheCodeOfEachScenarioIsKnown(t *testing.T) {
	for _, s := range scenarios.All() {
		code := 0
		for _, dir := range packagesOf[s.ID] {
			c, comments, err := lines(filepath.Join("..", "..", filepath.FromSlash(dir)))
			if err != nil || c == 0 || comments == 0 {
				t.Errorf("%s: %d lines of code, %d of comments, %v", dir, c, comments, err)
			}
			code += c
		}
		if code == 0 {
			t.Errorf("%s has no code", s.ID)
		}
	}
}
