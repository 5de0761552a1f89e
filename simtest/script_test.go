package simtest

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the stories under testdata/script: what a test of a user
// prints, keeps and does the next time.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}
