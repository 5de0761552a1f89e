package sim_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/sim"
)

// notes makes a node that notes something so many seconds after it has started.
func notes(at map[int]string) func() sim.Node {
	return func() sim.Node {
		return &node{start: func(env sim.Env) {
			for second := range 20 {
				if text, ok := at[second]; ok {
					env.After(time.Duration(second)*time.Second, func() { env.Log("%s", text) })
				}
			}
		}}
	}
}

func TestARoleLastsUntilItsNodeStepsDownTakesAnotherOrCrashes(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	w.AddNode("node 1", notes(map[int]string{1: "became leader of term 1", 3: "steps down in term 2", 4: "has become a leader", 5: "became leader of term 3", 6: "became leader of term 4"}))
	w.AddNode("node 2", notes(map[int]string{2: "became primary of view 2"}))
	w.At(8*time.Second, func() { w.Crash(1) })
	w.RunFor(10 * time.Second)
	var told []string
	for _, r := range w.Trace().Roles() {
		told = append(told, fmt.Sprintf("%v: %s from %v to %v", r.Node, r.Name, r.Began, r.Ended))
		if note := w.Trace().Events[r.Event-1]; note.Node != r.Node || note.At != r.Began || note.Detail != "became "+r.Name {
			t.Errorf("role %+v began with %v", r, note)
		}
	}
	expect(t, "roles", told, []string{
		"1: leader of term 1 from 1s to 3s",
		"2: primary of view 2 from 2s to 0s",
		"1: leader of term 3 from 5s to 6s",
		"1: leader of term 4 from 6s to 8s",
	})
}

func TestARoleHoldsFromItsBeginningUntilJustBeforeItsEnd(t *testing.T) {
	over := sim.Role{Began: 2, Ended: 4}
	lasting := sim.Role{Began: 2}
	for at, want := range map[time.Duration][2]bool{1: {false, false}, 2: {true, true}, 3: {true, true}, 4: {false, true}} {
		expect(t, fmt.Sprint("at ", int(at)), [2]bool{over.Holds(at), lasting.Holds(at)}, want)
	}
}

func TestARunThatIsNotRecordedHasNoRoles(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	w.AddNode("node 1", notes(map[int]string{1: "became leader of term 1"}))
	w.RunFor(10 * time.Second)
	if roles := w.Trace().Roles(); len(roles) > 0 {
		t.Errorf("it has %v", roles)
	}
}
