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
	Keys      int      // how many keys there are of which anything was told, each with a history of its own
	Undecided []string // keys on which time ran out, if the verdict is unknown; the others have an order
	Offence   *Offence // why a key has no order, if the verdict is violated
}

// firstTurn is how many steps of the model a key gets at first, for each of its
// operations.
const firstTurn = 50

// Linearizable judges a history by a model, key by key, within a budget of
// real time; 0 is no limit. What cannot be decided in time is reported as such.
// If keys are found to have no order, it tells of the one with the fewest
// operations; to look for a short account takes a little longer than the budget.
//
// It panics if the model does not accept the history: ask [models.Model.Accepts]
// about a history that comes from outside.
func Linearizable(h *history.History, model models.Model, budget time.Duration) Linearizability {
	if err := model.Accepts(h); err != nil {
		panic("checkers: " + err.Error())
	}
	var deadline time.Time
	if budget > 0 {
		deadline = time.Now().Add(budget)
	}
	left := model.Porcupine.Partition(forPorcupine(h.Operations()))
	result := Linearizability{Verdict: Holds, Keys: len(left)}
	// One key may be hard beyond all measure, and another easy. So each gets a
	// short turn, and those that are left a longer one, again and again.
	for s, turn := newSearch(model, deadline), firstTurn; len(left) > 0 && !s.over(); turn *= 10 {
		shortest, undecided := s.judgeAll(left, turn)
		if shortest != nil {
			result.Verdict, result.Offence = Violated, account(model, *shortest, h.Operations())
			return result
		}
		left = undecided
	}
	for _, operations := range left {
		result.Verdict = Unknown
		result.Undecided = append(result.Undecided, key(operations))
	}
	return result
}

// judgeAll gives each key a turn of so many steps for each of its operations. It
// returns the shortest that has no order,
// nil if there is none, and those that were not decided.
func (s *search) judgeAll(keys [][]porcupine.Operation, turn int) (shortest *conviction, undecided [][]porcupine.Operation) {
	for _, operations := range keys {
		c, result := s.convict(operations, turn*len(operations))
		switch {
		case result == porcupine.Unknown:
			undecided = append(undecided, operations)
		case result == porcupine.Illegal && (shortest == nil || len(operations) < len(shortest.operations)):
			shortest = &c
		}
	}
	return shortest, undecided
}

// Violations returns what was found broken.
func (l Linearizability) Violations() []Violation {
	if l.Offence == nil {
		return nil
	}
	return []Violation{{Checker: "linearizability", Kind: l.Offence.Kind, Message: l.Offence.String(), Offence: l.Offence}}
}

// String says in a line what was decided, and what was not.
func (l Linearizability) String() string {
	switch l.Verdict {
	case Violated:
		if l.Offence.Key == "" && l.Keys == 1 { // a register
			return "not linearizable: there is no order"
		}
		return fmt.Sprintf("not linearizable: key %q has no order (of %s)", l.Offence.Key, keys(l.Keys))
	case Unknown:
		return fmt.Sprintf("undecided: time ran out on %d of %s (%s); each other one has an order", len(l.Undecided), keys(l.Keys), quoted(l.Undecided))
	default:
		return fmt.Sprintf("linearizable: each key has an order (of %s)", keys(l.Keys))
	}
}

func keys(n int) string {
	if n == 1 {
		return "1 key"
	}
	return fmt.Sprintf("%d keys", n)
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
