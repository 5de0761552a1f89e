package simtest

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/doctor"
	"seedbed.example/experiment"
)

// SameRun fails the test if two runs of one seed are not the same, and shows
// where they part. They do where something outside of the world decides too: an
// order taken from a map, the real clock, a variable that outlives a run.
func SameRun(t testing.TB, world World, seed uint64) {
	t.Helper()
	newProperty(t.Name(), world).sameRun(t, seed)
}

// sameRun runs a seed twice, compares, and returns the first run.
func (p *property) sameRun(t testing.TB, seed uint64) *experiment.Result {
	t.Helper()
	var runs [2]*experiment.Result
	for i := range runs {
		var err error
		if runs[i], err = p.scenario.Run(experiment.Config{Seed: seed, Record: true}); err != nil {
			t.Fatal(explained(err))
		}
	}
	first, second := lines(runs[0]), lines(runs[1])
	if at := parting(first, second); at >= 0 {
		t.Errorf("two runs of seed %d part at event %d (-first +second):\n%s", seed, at+1, cmp.Diff(around(first, at), around(second, at)))
	} else if runs[0].Hash != runs[1].Hash {
		t.Errorf("two runs of seed %d have the trace hashes %v and %v, though their traces read alike", seed, runs[0].Hash, runs[1].Hash)
	}
	return runs[0]
}

func lines(r *experiment.Result) []string {
	return strings.Split(strings.TrimSuffix(r.World.Trace().String(), "\n"), "\n")
}

// parting returns the index of the first line that differs, -1 if none does.
func parting(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// around returns a few lines before and after one, as one text.
func around(lines []string, at int) string {
	const before, after = 3, 4
	from := min(max(0, at-before), len(lines))
	return strings.Join(lines[from:min(at+after, len(lines))], "\n")
}

// doctor looks whether seeds are one run each, and if not, why, instead of
// hunting. What they came to goes into a file, if one is named, to be compared
// with other processes.
func (p *property) doctor(t *testing.T, asked settings) {
	t.Helper()
	examination := doctor.Examination{
		Scenario: p.scenario, Seeds: asked.doctor,
		Still: func(f func()) { synctest.Test(t, func(*testing.T) { f() }) },
		Seen: func(line doctor.Line) {
			line.Name = t.Name()
			if err := doctor.Tell(line); err != nil {
				t.Error(err)
			}
		},
	}
	report, err := examination.Run(t.Context())
	switch {
	case err != nil:
		t.Fatal(explained(err))
	case report.Finding != nil:
		t.Error(report.Finding)
	}
}
