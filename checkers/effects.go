package checkers

import "fmt"

// An Effect is something that has happened outside of the system that was to
// bring it about: an event that was published, a mail sent, a card charged.
type Effect struct {
	Intent string // what was meant: the id of the event, the mail or the charge
	Where  string // who saw it happen: "broker"
}

// Effects finds effects that were lost, doubled, or meant by nobody. Committed is
// the intents that are certain, such as the rows that a transaction has put into
// an outbox (Richardson, "Microservices Patterns", 2018, section 3.3). Undecided
// is those of which it is not known whether they were committed: their effect may
// be missing, but not be there twice. An intent may be named again and again, and
// one that is in both is committed. To be asked once all that is committed has
// had the time it needs.
//
// Kinds, each told once for an intent:
//   - "ghost effect": an effect of what was never committed.
//   - "doubled effect": more than one effect of an intent, ghosts excepted.
//   - "lost effect": no effect of what was committed.
//
// It takes time in proportion to what it is given.
func Effects(committed, undecided []string, effects []Effect) []Violation {
	count := make(map[string]int) // by intent; looked up only, as the others
	first := make(map[string]Effect)
	meant := make(map[string]bool)
	for _, intents := range [][]string{committed, undecided} {
		for _, intent := range intents {
			meant[intent] = true
		}
	}
	var found []Violation
	tell := func(kind, format string, values ...any) {
		found = append(found, Violation{Checker: "effects", Kind: kind, Message: fmt.Sprintf(format, values...)})
	}
	for _, e := range effects {
		count[e.Intent]++
		switch {
		case count[e.Intent] == 1 && !meant[e.Intent]:
			tell("ghost effect", "%q took effect at %s, and was never committed", e.Intent, e.Where)
		case count[e.Intent] == 1:
			first[e.Intent] = e
		case count[e.Intent] == 2 && meant[e.Intent]:
			tell("doubled effect", "%q took effect at %s, and again at %s", e.Intent, first[e.Intent].Where, e.Where)
		}
	}
	for _, intent := range committed {
		if count[intent] == 0 {
			count[intent] = 1 // told
			tell("lost effect", "%q was committed, and has never taken effect", intent)
		}
	}
	return found
}
