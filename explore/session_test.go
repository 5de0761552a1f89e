package explore_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
)

// sit is one sitting of a hunt for heads, kept in dir.
func sit(t *testing.T, dir string, h explore.Hunt, ctx context.Context) (*explore.Report, error) {
	t.Helper()
	h.Scenario = coin(nil)
	session, err := explore.OpenSession(dir, &h)
	if err != nil {
		return nil, err
	}
	return session.Run(ctx, h)
}

// told is what a hunt finds that does not hang on time.
func told(r *explore.Report) []explore.Failure {
	for i := range r.Failures {
		r.Failures[i].Config.Parameters = nil    // nil or empty: the same
		r.Failures[i].Violations[0].Message = "" // of the first of each sitting only
	}
	return r.Failures
}

// However a hunt is cut into sittings, and however hard each ends, it finds in
// the end what one sitting finds.
func TestASessionFindsWhatOneHuntFinds(t *testing.T) {
	whole, err := explore.Hunt{Scenario: coin(nil), From: 7, Seeds: 20_000, KeepGoing: true}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Failures) < 4 {
		t.Fatalf("only %d runs failed: the test says little", len(whole.Failures))
	}
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	interrupted, err := sit(t, dir, explore.Hunt{From: 7, Seeds: 20_000, Progress: func(r *explore.Report) {
		if r.Runs == 300 {
			cancel() // Ctrl-C
		}
	}}, ctx)
	if err != nil || interrupted.Runs < 300 || interrupted.Runs > 19_000 {
		t.Fatalf("called off after 300 runs: %v, %+v", err, interrupted)
	}
	// A failure that was written, and then the machine went down in the midst
	// of the next line.
	file, err := os.OpenFile(filepath.Join(dir, "results.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"failure":{"seed":19999,"afterRuns":19993,"violations":[{"checker":"coin"}],"traceHash":"0000000000000001"}}` + "\n" + `{"ru`); err != nil {
		t.Fatal(err)
	}
	file.Close()
	rest, err := sit(t, dir, explore.Hunt{From: 7, Seeds: 20_000}, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rest.Earlier+rest.Runs != 20_000 || rest.Earlier != interrupted.Runs {
		t.Errorf("%d runs and then %d, want 20000 in all", rest.Earlier, rest.Runs)
	}
	if diff := cmp.Diff(told(whole), told(rest)); diff != "" {
		t.Errorf("(-one hunt +sittings):\n%s", diff)
	}
	again, err := sit(t, dir, explore.Hunt{From: 7, Seeds: 20_000}, t.Context())
	if err != nil || again.Runs != 0 {
		t.Fatalf("nothing was left: %v, %d runs", err, again.Runs)
	}
	if diff := cmp.Diff(told(whole), told(again)); diff != "" {
		t.Errorf("read again (-one hunt +session):\n%s", diff)
	}
}

func TestASessionIsOfOneHunt(t *testing.T) {
	dir := t.TempDir()
	if _, err := sit(t, dir, explore.Hunt{Seeds: 10}, t.Context()); err != nil {
		t.Fatal(err)
	}
	for want, h := range map[string]explore.Hunt{
		"its mistake is none, and here it is coin.spin": {Seeds: 10, Config: experiment.Config{Mistake: "coin.spin"}},
		"its from is 0, and here it is 5":               {Seeds: 10, From: 5},
		"by the strategy guided can't be resumed":       {Seeds: 10, Strategy: "guided"},
	} {
		if _, err := sit(t, dir, h, t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
	if r, err := sit(t, dir, explore.Hunt{Seeds: 25}, t.Context()); err != nil || r.Runs != 15 {
		t.Errorf("with more seeds: %v, %+v", err, r)
	}
}

func TestABadSessionIsRefusedWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ file, text, want string }{
		"no JSON":          {"results.jsonl", "{\"runs\":3}\nnonsense\n", "results.jsonl: line 2: "},
		"nothing known":    {"results.jsonl", "{}\n", "results.jsonl: line 1: want a failure"},
		"another file":     {"hunt.json", `{"name":"x"}`, "hunt.json: line 1: "},
		"a newer version":  {"hunt.json", `{"seedbed-hunt":2,"scenario":"coin","from":0}`, "its seedbed-hunt is 2, and here it is 1"},
		"failure of words": {"results.jsonl", `{"failure":"no"}` + "\n", "results.jsonl: line 1: "},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, test.file)
			if err := os.WriteFile(path, []byte(test.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := sit(t, dir, explore.Hunt{Seeds: 10}, t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
			if left, err := os.ReadFile(path); err != nil || string(left) != test.text {
				t.Errorf("the file has become %q, %v", left, err)
			}
		})
	}
}

// Two hunts that write into one directory would each spoil what the other finds.
func TestOneHuntAtATimeWritesIntoADirectory(t *testing.T) {
	dir := t.TempDir()
	h := explore.Hunt{Scenario: coin(nil), Seeds: 1}
	first, err := explore.OpenSession(dir, &h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := explore.OpenSession(dir, &h); err == nil || !strings.Contains(err.Error(), "another hunt is writing there") {
		t.Errorf("the second may write as well: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := explore.OpenSession(dir, &h)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	again.Close()
}
