package main

import "testing"

func TestWhoSawAMistakeIsToldTheUsualCheckersFirst(t *testing.T) {
	got := seenBy(map[string]int{"never": 1, "always": 2, "liveness": 3, "invariants": 4, "panic": 0})
	if want := "invariants 4, liveness 3, always 2, never 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
