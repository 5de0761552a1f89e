package checkers

import (
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
)

func TestAnAccountOfALongHistoryIsShort(t *testing.T) {
	told := 0
	for seed := range 60 {
		result := Linearizable(stale(seed, 200, 20*choice.Percent), kv(), 0)
		if result.Verdict != Violated {
			continue
		}
		told++
		if o := result.Offence; len(o.Window) > 12 || ordered(o.Window, "kv") {
			t.Errorf("seed %d: %d operations: %v", seed, len(o.Window), o)
		}
	}
	if told < 50 {
		t.Errorf("of 60 histories only %d are offences", told)
	}
}

// On a machine so slow that a step takes a hundred times as long, an account
// reads the same.
func TestAnAccountDoesNotDependOnTheMachine(t *testing.T) {
	slow := kv()
	step := slow.Porcupine.Step
	slow.Porcupine.Step = func(state, input, output any) (bool, any) {
		waste()
		return step(state, input, output)
	}
	for seed := range 3 {
		h := stale(seed, 100, 20*choice.Percent)
		if diff := cmp.Diff(Linearizable(h, kv(), 0), Linearizable(h, slow, 0)); diff != "" {
			t.Errorf("seed %d (-fast +slow):\n%s", seed, diff)
		}
	}
}

var wasted uint64

func waste() {
	for i := range uint64(10_000) {
		wasted = wasted*31 + i
	}
}

// When its steps are used up, an account ends, and what it tells of has no
// order.
func TestAnAccountThatMayCostLittleIsStillTrue(t *testing.T) {
	s := newSearch(kv(), time.Time{})
	c, _ := s.judgeAll(s.model.Partition(forPorcupine(stale(1, 100, 20*choice.Percent).Operations())), 1<<20)
	for _, steps := range []int{0, 1, 10, 100, 300} {
		a := newAccountant(kv())
		a.left = steps
		few, at := a.firstOffence(*c)
		if kept := a.shorten(few, at); porcupine.CheckOperations(kv().Porcupine, kept) {
			t.Errorf("after %d steps: %v has an order", steps, kept)
		}
		if a.left > 0 {
			t.Errorf("of %d steps %d are left", steps, a.left)
		}
	}
}
