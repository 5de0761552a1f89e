package simtest

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestATestHasADirectoryWhateverItsName(t *testing.T) {
	for name, want := range map[string]string{
		"TestRegister":          "testdata/seedbed/TestRegister",
		"TestRegister/a=1,b#01": "testdata/seedbed/TestRegister/a=1,b#01",
		`Test/a:b*c"d`:          "testdata/seedbed/Test/a_b_c_d-bb3059c1",
		"Test/../..":            "testdata/seedbed/Test/_..-a3d4a70d/_..-a3d4a70d",
		"Test//x":               "testdata/seedbed/Test/_-811c9dc5/x",
	} {
		if got := filepath.ToSlash(savedDir(name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	long := strings.Repeat("ä", 200)
	if dir := filepath.Base(savedDir("Test/" + long)); len(dir) > 140 || !utf8.ValidString(dir) {
		t.Errorf("a long name is kept in %s, of %d bytes", dir, len(dir))
	}
	for _, two := range [][2]string{{"Test/a:b", "Test/a?b"}, {"Test/" + long, "Test/" + long + "x"}} {
		if savedDir(two[0]) == savedDir(two[1]) {
			t.Errorf("%s and %s are kept in one directory", two[0], two[1])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if dir := filepath.ToSlash(savedDir(name)); !strings.HasPrefix(dir, "testdata/seedbed/") {
			t.Fatalf("%q is kept in %s", name, dir)
		}
	})
}

func TestTheLineThatRepeatsATestIsOneForAShell(t *testing.T) {
	want := `go test -run '^TestX$/^it'\''s_1\.5$' ./simtest`
	if got := again("TestX/it's_1.5"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := packagePath(), "seedbed.example/simtest"; got != want {
		t.Errorf("the package is %s, want %s", got, want)
	}
}
