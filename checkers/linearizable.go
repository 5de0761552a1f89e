package checkers

import (
	"fmt"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
	"seedbed.example/models"
)

// A Linearizability is what a check for it came to.
type Linearizability struct {
	Verdict   Verdict
	Keys      int      // how many there are, each with a history of its own
	Undecided []string // keys on which time ran out, if the verdict is unknown; the others have an order
	Offence   *Offence // why a key has no order, if the verdict is violated
}

// firstTurn is the real time that a key gets at first.
const firstTurn = 20 * time.Millisecond

// Linearizable judges a history by a model, key by key, within a budget of
// real time; 0 is no limit. It ends with the first key that is found to have no
// order. To look for a short account of that takes [accountBudget] more at most.
// What cannot be decided in time is reported as such.
//
// It panics if the model does not accept the history: ask [models.Model.Accepts]
// about a history that comes from outside.
func Linearizable(h *history.History, model models.Model, budget time.Duration) Linearizability {
	if err := model.Accepts(h); err != nil {
		panic("checkers: " + err.Error())
	}
	left := models.Partition(h)
	result := Linearizability{Verdict: Holds, Keys: len(left)}
	// One key may be hard beyond all measure, and another easy. So each gets a
	// short turn, and those that are left a longer one, again and again.
	s := newSearch(model, budget)
	for turn := firstTurn; len(left) > 0 && !s.over(); turn *= 10 {
		parts := left
		left = nil
		for _, part := range parts {
			switch s.judge(part.Operations, turn) {
			case porcupine.Illegal:
				result.Verdict, result.Offence = Violated, account(model, part)
				return result
			case porcupine.Unknown:
				left = append(left, part)
			}
		}
	}
	for _, part := range left {
		result.Verdict = Unknown
		result.Undecided = append(result.Undecided, part.Key)
	}
	return result
}

// Violations returns what was found broken.
func (l Linearizability) Violations() []Violation {
	if l.Offence == nil {
		return nil
	}
	return []Violation{{"linearizability", l.Offence.String()}}
}

// String says in a line what was decided, and what was not.
func (l Linearizability) String() string {
	switch l.Verdict {
	case Violated:
		return fmt.Sprintf("not linearizable: of %d keys, %q has no order", l.Keys, l.Offence.Key)
	case Unknown:
		return fmt.Sprintf("undecided: time ran out on %d of %d keys (%s); the others are linearizable", len(l.Undecided), l.Keys, quoted(l.Undecided))
	default:
		return fmt.Sprintf("linearizable: each of %d keys has an order", l.Keys)
	}
}

func quoted(keys []string) string {
	const most = 10
	var b strings.Builder
	for i, key := range keys {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(keys)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", key)
	}
	return b.String()
}
