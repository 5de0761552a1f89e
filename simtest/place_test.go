package simtest

import (
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestATestHasADirectoryWhateverItsName(t *testing.T) {
	for name, want := range map[string]string{
		"TestRegister":          "testdata/seedbed/TestRegister",
		"TestRegister/a=1,b#01": "testdata/seedbed/TestRegister/a=1,b#01",
		`Test/a:b*c"d`:          "testdata/seedbed/Test/a_b_c_d",
		"Test/../..":            "testdata/seedbed/Test/_../_..",
		"Test//x":               "testdata/seedbed/Test/_/x",
	} {
		if got := filepath.ToSlash(savedDir(name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
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
