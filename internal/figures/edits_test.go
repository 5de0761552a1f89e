package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each edit finds what it edits, and changes it.
func TestEveryEditFindsItsPlace(t *testing.T) {
	raft := filepath.Join("..", "..", "protocols", "raft")
	for i := range edits {
		e := &edits[i]
		root := t.TempDir()
		if err := os.CopyFS(filepath.Join(root, "protocols", "raft"), os.DirFS(raft)); err != nil {
			t.Fatal(err)
		}
		if err := e.apply(root); err != nil {
			t.Errorf("%s: %v", e.what, err)
			continue
		}
		file := e.file
		if file == "" {
			file = "messages.go"
		}
		text, err := os.ReadFile(filepath.Join(root, "protocols", "raft", file))
		if err != nil || !strings.Contains(string(text), e.new) {
			t.Errorf("%s: %s does not hold what is new: %v", e.what, file, err)
		}
	}
	if err := (&edit{"nothing", "node.go", "this is nowhere", ""}).apply(filepath.Join("..", "..")); err == nil {
		t.Error("what is nowhere was edited")
	}
}
