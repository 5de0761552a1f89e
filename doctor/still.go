package doctor

import (
	"testing"
	"testing/synctest"
)

// StandStill runs f with a wall clock that stands still, and ends the program.
// It is for a process that was started to make a [Batch]. Package time has such
// a clock only inside of a test, so f runs in one; a word of package testing on
// standard output comes of it.
func StandStill(f func()) {
	inside := func(t *testing.T) { synctest.Test(t, func(*testing.T) { f() }) }
	testing.Main(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "still", F: inside}}, nil, nil)
}
