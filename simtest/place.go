package simtest

import (
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"unicode"
	"unicode/utf8"
)

// packagePath is the import path of the package under test.
func packagePath() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return strings.TrimSuffix(info.Path, ".test")
	}
	return ""
}

// packageDir is the directory of the package under test, in which the go
// command runs its tests, as one names it from the root of the module:
// "./examples/register".
func packageDir() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	for root := here; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			if below, err := filepath.Rel(root, here); err == nil && below != "." {
				return "./" + filepath.ToSlash(below)
			}
			return "."
		}
		if root == filepath.Dir(root) {
			return "."
		}
	}
}

// fromRoot names a file of the package's directory from the root of the module.
func fromRoot(file string) string { return path.Join(packageDir(), filepath.ToSlash(file)) }

// longestElement is how much of a test's name becomes the name of a directory:
// most systems take 255 bytes.
const longestElement = 120

// savedDir is where failures of a test are kept, beside the test. A name that
// cannot be a directory's is changed, and told apart from others by its digest.
func savedDir(test string) string {
	elements := strings.Split(test, "/")
	for i, name := range elements {
		element := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-=.#+,", r) {
				return r
			}
			return '_'
		}, name)
		if strings.Trim(element, ".") == "" {
			element = "_" + element // a name like .. would lead out of the directory
		}
		for len(element) > longestElement {
			_, last := utf8.DecodeLastRuneInString(element)
			element = element[:len(element)-last]
		}
		if element != name {
			digest := fnv.New32a()
			digest.Write([]byte(name))
			element += fmt.Sprintf("-%08x", digest.Sum32())
		}
		elements[i] = element
	}
	return filepath.Join("testdata", "seedbed", filepath.Join(elements...))
}

// again is the line that runs one test, or sub-test, again.
func again(test string) string {
	elements := strings.Split(test, "/")
	for i, element := range elements {
		elements[i] = "^" + regexp.QuoteMeta(element) + "$"
	}
	return "go test -run " + quote(strings.Join(elements, "/")) + " " + packageDir()
}

// quote makes text one word for a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
