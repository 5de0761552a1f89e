package simtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/explore"
	"seedbed.example/sim"
)

// A listener keeps what a test would say.
type listener struct {
	testing.TB
	said []string
}

func (l *listener) Helper() {}
func (l *listener) Logf(format string, args ...any) {
	l.said = append(l.said, fmt.Sprintf(format, args...))
}
func (l *listener) Errorf(format string, args ...any) { l.Logf(format, args...) }

func TestWhatAHuntHasNotTestedIsComplainedAboutByName(t *testing.T) {
	report := &explore.Report{
		Runs: worthAsking, Struck: map[string]int{"crash": 7, "pause": 0},
		Situations: []sim.Situation{{Name: "a snapshot", Asked: 9}, {Name: "a leader", Asked: 9, Held: 1}},
	}
	heard := &listener{}
	newProperty("TestX", fairWorld).complain(heard, report)
	if len(heard.said) != 2 || !strings.HasPrefix(heard.said[0], `Sometimes("a snapshot") never held in 100 runs`) ||
		!strings.HasPrefix(heard.said[1], "no fault of the kind pause struck in 100 runs") {
		t.Error(strings.Join(heard.said, "\n"))
	}
	heard.said, report.Runs = nil, worthAsking-1
	if newProperty("TestX", fairWorld).complain(heard, report); len(heard.said) > 0 {
		t.Errorf("after fewer runs: %v", heard.said)
	}
}

func TestProgressIsToldNowAndThen(t *testing.T) {
	often, seldom := &listener{}, &listener{}
	tellOften, tellSeldom := progress(often, 0), progress(seldom, time.Hour)
	for runs := range uint64(3) {
		tellOften(&explore.Report{Runs: runs})
		tellSeldom(&explore.Report{Runs: runs})
	}
	var told []string
	for _, line := range often.said {
		before, _, _ := strings.Cut(line, ",")
		told = append(told, before)
	}
	if diff := cmp.Diff([]string{"0 seeds so far", "1 seeds so far", "2 seeds so far"}, told); diff != "" {
		t.Error(diff)
	}
	if len(seldom.said) > 0 {
		t.Error(seldom.said)
	}
}
