package vet

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
)

// CalledByGo reports whether the arguments are those with which go vet calls
// the program that its flag -vettool names: flags only, or flags and a file.
func CalledByGo(arguments []string) bool {
	last := len(arguments) - 1
	if last < 0 || slices.ContainsFunc(arguments[:last], func(a string) bool { return !strings.HasPrefix(a, "-") }) {
		return false
	}
	return arguments[last] == "-V=full" || arguments[last] == "-flags" || strings.HasSuffix(arguments[last], "vet.cfg")
}

// ServeGo does for one package what go vet asks for in the arguments of this
// program, and ends it.
func ServeGo() { unitchecker.Main(Analyzer) }
