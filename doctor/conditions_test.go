package doctor

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConditionsKeepWhatTheEnvironmentSays(t *testing.T) {
	env := []string{"GOMAXPROCS=4", "GODEBUG=gctrace=0"}
	got := Conditions{Threads: 8, SeededRand: true}.environment(env)
	want := []string{"GOMAXPROCS=4", "GODEBUG=gctrace=0", "GOMAXPROCS=8", "GODEBUG=gctrace=0,randautoseed=0"} // the last one counts
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(env) != 2 {
		t.Error(env)
	}
}
