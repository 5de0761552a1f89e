package saga

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
)

// ledgerRun gives a ledger commands of a few sagas, in any order and again and
// again, and returns what is wrong with it.
func ledgerRun(t *testing.T, seed choice.Source, rules *Rules) string {
	draw := choice.NewStream(seed, "test", "ledger")
	const total = 20
	l := NewLedger(map[string]int64{"a": total, "b": 0})
	stood := make(map[string]int)
	over := make(map[string]bool)
	for range 30 {
		saga := []string{"s", "t", "u"}[draw.N(3)]
		command := Command{Action: []Action{Do, Undo, Confirm}[draw.N(3)], Saga: saga}
		if command.Action == Do {
			command.From, command.To, command.Amount = "a", "b", 8
			if saga == "t" {
				command.From, command.To = "b", "a"
			}
		}
		if l.stage(saga) == confirmed && command.Action == Undo || l.stage(saga) != held && command.Action == Confirm {
			continue // no orchestrator does that
		}
		change, ok := l.decide(command, rules)
		if change != "" {
			if err := l.Apply(change + " " + command.String()); err != nil {
				t.Fatal(err)
			}
		}
		stands := l.stage(saga) == held || l.stage(saga) == confirmed
		switch {
		case l.Places["a"]+l.Places["b"]+l.Held() != total:
			return "it does not add up"
		case l.Overdrawn() != "":
			return l.Overdrawn() + " is overdrawn"
		case ok != (stands == (command.Action != Undo)):
			return "what is answered is not so"
		case stands && over[saga]:
			return "a step is done after its compensation"
		}
		over[saga] = over[saga] || command.Action == Undo
		if stood[saga] = 0; stands {
			stood[saga] = 1
		}
	}
	for _, e := range l.Journal {
		if stood[e.Saga]--; e.Compensated {
			stood[e.Saga] += 2
		}
	}
	for saga, more := range stood {
		if more != 0 {
			return "the journal of " + saga + " is not what has happened"
		}
	}
	var restored Ledger
	if err := restored.Restore(l.Snapshot()); err != nil {
		t.Fatal(err)
	}
	return cmp.Diff(l, &restored)
}

func TestALedgerAddsUpWhateverItIsTold(t *testing.T) {
	for seed := range choice.Seed(500) {
		if wrong := ledgerRun(t, seed, Correct()); wrong != "" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
	}
}

// Each rule of the ledger is one without which something is wrong with it.
func TestALedgerNeedsItsRules(t *testing.T) {
	for id, want := range map[string]string{
		"saga.compNotIdempotent": "it does not add up",
		"saga.compOvertakes":     "a step is done after its compensation",
		"saga.dirtyRead":         "b is overdrawn",
	} {
		rules := Correct()
		if !Mistakes().Plant(id, rules) {
			t.Fatal("no such mistake", id)
		}
		seen := make(map[string]bool)
		for seed := range choice.Seed(500) {
			seen[ledgerRun(t, seed, rules)] = true
		}
		if !seen[want] {
			t.Errorf("%s: %v, and not that %s", id, seen, want)
		}
	}
}
