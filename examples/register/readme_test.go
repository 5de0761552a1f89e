package register_test

import (
	"os"
	"strings"
	"testing"
)

// The README shows this example, and it must be this one.
func TestTheReadmeShowsThisExample(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("register_test.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```go\n"+string(source)+"```\n") {
		t.Error("the README's first protocol is not examples/register/register_test.go")
	}
}
