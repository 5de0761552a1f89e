package explore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// letter is the message of the scenario letters.
type letter struct{ number int }

// sender sends three letters, and a fourth one if the first was answered late
// or never. A last one is under way when the run ends.
type sender struct {
	env      sim.Env
	answered bool
}

func (s *sender) Start(env sim.Env) {
	if s.env = env; env.ID() != 1 {
		return
	}
	for i := range 3 {
		env.After(time.Duration(i+1)*100*time.Millisecond, func() { env.Send(2, letter{i}) })
	}
	env.After(350*time.Millisecond, func() {
		if !s.answered {
			env.Send(2, letter{3})
		}
	})
	env.After(time.Second-time.Nanosecond, func() { env.Send(2, letter{4}) })
}

func (s *sender) Receive(from sim.NodeID, m sim.Message) {
	if s.answered = true; s.env.ID() == 2 && m.(letter).number == 0 {
		s.env.Send(from, letter{0})
	}
}

// letters is a scenario in which every run counts as failed, so that a report
// tells of all of them. It has no parameters.
func letters() *experiment.Scenario {
	return &experiment.Scenario{
		ID: "letters",
		Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
			nodes := []sim.NodeID{
				w.AddNode("node 1", func() sim.Node { return &sender{} }),
				w.AddNode("node 2", func() sim.Node { return &sender{} }),
			}
			return experiment.Setup{Nodes: nodes, Span: time.Second, Check: func() (checkers.Verdict, []checkers.Violation) {
				return checkers.Violated, []checkers.Violation{{Checker: "all"}}
			}}
		},
	}
}

// course is what a run deviates in, as text.
func course(config experiment.Config) string {
	var words []string
	for _, o := range config.Overrides {
		words = append(words, fmt.Sprint(o.Domain, " ", o.Subject, " ", o.Index, "=", o.Value))
	}
	for _, e := range config.Plan {
		if _, point := e.Fault.(faults.Point); point {
			words = append(words, e.Fault.String())
		}
	}
	return strings.Join(words, "; ")
}

// exhaust returns the courses of all runs that an exhaustive search makes, and
// its figures.
func exhaust(t *testing.T, depth int, domains ...string) (courses []string, report *explore.Report) {
	t.Helper()
	report = run(t, explore.Hunt{Scenario: letters(), Strategy: "exhaustive", Depth: depth, Domains: domains, Seeds: 10_000, KeepGoing: true})
	for _, f := range report.Failures {
		if f.Config.Choices == "zero" {
			courses = append(courses, course(f.Config))
		}
	}
	return courses, report
}

func TestAnExhaustiveSearchMakesEverySetOfDeviationsOnce(t *testing.T) {
	const first, answer = "network loss 1->2 letter 0=999999", "network loss 2->1 letter 0=999999"
	letter := func(i int) string { return fmt.Sprintf("network loss 1->2 letter %d=999999", i) }
	got, report := exhaust(t, 2, "network loss")
	want := []string{
		"",
		first, answer, letter(1), letter(2), letter(3), // the last of them is under way at the end: the fourth letter is not sent
		// Without the first letter there is no answer, and a fourth letter.
		first + "; " + letter(1), first + "; " + letter(2), first + "; " + letter(3), first + "; " + letter(4),
		answer + "; " + letter(1), answer + "; " + letter(2), answer + "; " + letter(3), answer + "; " + letter(4),
		letter(1) + "; " + letter(2), letter(1) + "; " + letter(3),
		letter(2) + "; " + letter(3),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +made):\n%s", diff)
	}
	if diff := cmp.Diff([]explore.Figure{{Name: "complete up to deviations", Value: 2}, {Name: "cut as repeats"}, {Name: "network loss", Value: 5}}, report.Figures); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

// A letter that is late beyond the end of the run changes nothing.
func TestRunsThatAreRepeatsAreNotDeviatedFromAgain(t *testing.T) {
	courses, report := exhaust(t, 2, "network delay")
	cut := report.Figures[1]
	if cut.Value == 0 {
		t.Fatal("none was cut")
	}
	hashes := make(map[sim.Hash]int)
	repeats := uint64(0)
	for _, f := range report.Failures[1:] {
		if hashes[f.Hash]++; hashes[f.Hash] > 1 {
			repeats++
		}
	}
	if cut.Value != repeats {
		t.Errorf("%d cut of %d repeats among %d runs:\n%s", cut.Value, repeats, len(courses), strings.Join(courses, "\n"))
	}
}

// The hash knows nothing of what messages say, so where anything but the
// network deviates, equal hashes need not be equal runs.
func TestNothingIsCutWhereMessagesMayDiffer(t *testing.T) {
	_, report := exhaust(t, 1, "network delay", "rand")
	want := []explore.Figure{{Name: "complete up to deviations", Value: 1}, {Name: "cut as repeats"}, {Name: "network delay", Value: 5}, {Name: "rand"}}
	if diff := cmp.Diff(want, report.Figures); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func TestAServerCrashesAfterEachMessageThatItSends(t *testing.T) {
	got, _ := exhaust(t, 1, explore.CrashDomain)
	want := []string{
		"",
		"once node 1 has sent 1 letter, node 1 goes down for 100ms",
		"once node 2 has sent 1 letter, node 2 goes down for 100ms",
		"once node 1 has sent 2 letter, node 1 goes down for 100ms",
		"once node 1 has sent 3 letter, node 1 goes down for 100ms",
		"once node 1 has sent 4 letter, node 1 goes down for 100ms",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +made):\n%s", diff)
	}
}

func TestAnExhaustiveSearchThatIsCutShortSaysHowFarItIsComplete(t *testing.T) {
	hunt := explore.Hunt{Scenario: letters(), Strategy: "exhaustive", Depth: 2, Domains: []string{"network loss"}, Seeds: 9, KeepGoing: true}
	report := run(t, hunt)
	if complete := report.Figures[0]; report.Runs != 9 || complete.Value != 1 {
		t.Errorf("after %d runs it is complete up to %d deviations: want 1", report.Runs, complete.Value)
	}
}

// What nodes and clients draw is the same in every run: it is that of the first
// seed.
func TestAnExhaustiveSearchKeepsWhatItsFirstSeedDraws(t *testing.T) {
	bad := failing(t, 1)[0]
	for seed, want := range map[uint64]int{bad: 2, bad + 1: 0} {
		report := run(t, explore.Hunt{Scenario: coin(nil), Strategy: "exhaustive", From: seed, Seeds: 10, KeepGoing: true})
		if report.Runs != 2 || len(report.Failures) != want {
			t.Errorf("seed %d: %d of %d runs failed: want %d of 2, the seed's own and the benign one", seed, len(report.Failures), report.Runs, want)
		}
	}
}
