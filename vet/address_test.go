package vet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVerbsAreReadFromAFormat(t *testing.T) {
	for format, want := range map[string]string{
		"": "", "none": "", "%d": "d", "%+v of %5.2f%%": "vf", "%": "", "%d and %": "d", "%06x%q": "xq", "%é": "é",
		"%*d": "", "%d %[1]d": "",
	} {
		if diff := cmp.Diff(want, string(verbs(format))); diff != "" {
			t.Errorf("%q: %s", format, diff)
		}
	}
}

// There is one verb for each argument that fmt takes.
func FuzzVerbs(f *testing.F) {
	for _, format := range []string{"%d", "%+v of %5.2f%%", "%5 %d", "%.+d", "%.", "%\xff%d", "%!%v", "%10000000d%d", "%.0000000001d"} {
		f.Add(format)
	}
	f.Fuzz(func(t *testing.T, format string) {
		if strings.ContainsAny(format, "*[(") {
			return
		}
		arguments := make([]any, len(verbs(format)))
		for i := range arguments {
			arguments[i] = i
		}
		text := fmt.Sprintf(format, arguments...)
		if strings.Contains(text, "(MISSING)") || strings.Contains(text, "%!(EXTRA") {
			t.Errorf("%q has %d verbs, and fmt prints %q", format, len(arguments), text)
		}
	})
}
