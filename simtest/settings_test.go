package simtest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// environment is a getenv over a list of NAME=value.
func environment(list ...string) func(string) string {
	return func(name string) string {
		for _, entry := range list {
			if key, value, _ := strings.Cut(entry, "="); key == name {
				return value
			}
		}
		return ""
	}
}

func TestTheEnvironmentSaysWhatToRun(t *testing.T) {
	got, err := readSettings(environment("SEEDBED_SEEDS=100000", "SEEDBED_FOR=1m30s", "SEEDBED_DOCTOR=3", "SEEDBED_DOCTOR_OUT=out"))
	if err != nil {
		t.Fatal(err)
	}
	want := settings{seeds: 100_000, length: 90 * time.Second, doctor: 3, doctorOut: "out"}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{})); diff != "" {
		t.Error(diff)
	}
	if got, err := readSettings(environment("SEEDBED_SEED=0")); err != nil || got != (settings{one: true}) {
		t.Errorf("seed 0 is asked for as %+v, %v", got, err)
	}
	if got, err := readSettings(environment()); err != nil || got != (settings{}) {
		t.Errorf("an empty environment asks for %+v, %v", got, err)
	}
}

func TestABadVariableIsRefusedByName(t *testing.T) {
	for _, entry := range []string{
		"SEEDBED_SEED=18446744073709551616", "SEEDBED_SEED=0x2a", "SEEDBED_SEEDS=0", "SEEDBED_SEEDS=many",
		"SEEDBED_FOR=10", "SEEDBED_FOR=-1s", "SEEDBED_DOCTOR=0", "SEEDBED_DOCTOR_OUT=out",
	} {
		name, _, _ := strings.Cut(entry, "=")
		if _, err := readSettings(environment(entry)); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

// A seed to be repeated is not forgotten over a doctor that wants many.
func TestOneSeedAndADoctorAreRefusedTogether(t *testing.T) {
	if _, err := readSettings(environment("SEEDBED_SEED=1", "SEEDBED_DOCTOR=3")); err == nil || !strings.Contains(err.Error(), "unset one of them") {
		t.Errorf("%v", err)
	}
}

func TestShortTestsLookAtATenthOfTheSeedsAndAtLeastTen(t *testing.T) {
	for seeds, want := range map[Seeds]Seeds{1: 1, 10: 10, 50: 10, 100: 10, 1000: 100} {
		if got := seeds.short(); got != want {
			t.Errorf("of %d seeds: %d, want %d", seeds, got, want)
		}
	}
}
