package checkers

import "fmt"

// A Decision is that somebody has learned what was decided.
type Decision struct {
	Who   string // who learned it: "node 2"
	Slot  uint64 // of which instance, from 1; 0 if there is only one
	Value string // what was decided
}

// Agreement finds decisions that break what a consensus promises (Lamport, "Paxos
// Made Simple", section 2.1). Decisions come in the order in which they were
// learned; the same may be learned again and again. Proposed is every value that
// anybody has proposed, in any slot; a protocol that fills slots with values of
// its own counts them too.
//
// Kinds:
//   - "two values decided": somebody learned another value of a slot than the
//     one that was learned first. Told once for each other value.
//   - "changed decision": the same, where it was learned by somebody who had
//     learned the first value.
//   - "never proposed": a value was decided that nobody has proposed. Told once
//     for each slot and value.
//
// It takes time in proportion to what it is given.
func Agreement(proposed []string, decisions []Decision) []Violation {
	return append(disagreements(decisions), inventions(proposed, decisions)...)
}

// disagreements finds each other value of a slot than the first.
func disagreements(decisions []Decision) []Violation {
	firsts := make(map[uint64]Decision) // by slot; looked up only, as the others
	knows := make(map[Decision]bool)    // who has learned the first value
	told := make(map[Decision]bool)     // by nobody
	var found []Violation
	for _, d := range decisions {
		first, decided := firsts[d.Slot]
		if !decided {
			first, firsts[d.Slot] = d, d
		}
		if d.Value == first.Value {
			knows[d] = true
			continue
		}
		other := Decision{Slot: d.Slot, Value: d.Value}
		if told[other] {
			continue
		}
		told[other] = true
		kind, message := "two values decided", fmt.Sprintf(
			"%s learned that %q was decided%s, and %s that it was %q", first.Who, first.Value, inSlot(d.Slot), d.Who, d.Value)
		if knows[Decision{d.Who, d.Slot, first.Value}] {
			kind, message = "changed decision", fmt.Sprintf(
				"%s learned that %q was decided%s, and later that it was %q", d.Who, first.Value, inSlot(d.Slot), d.Value)
		}
		found = append(found, Violation{Checker: "agreement", Kind: kind, Message: message})
	}
	return found
}

// inventions finds the values decided that nobody has proposed.
func inventions(proposed []string, decisions []Decision) []Violation {
	may := make(map[string]bool) // looked up only, as the other
	for _, value := range proposed {
		may[value] = true
	}
	told := make(map[Decision]bool) // by nobody
	var found []Violation
	for _, d := range decisions {
		value := Decision{Slot: d.Slot, Value: d.Value}
		if may[d.Value] || told[value] {
			continue
		}
		told[value] = true
		found = append(found, Violation{Checker: "agreement", Kind: "never proposed", Message: fmt.Sprintf(
			"%s learned that %q was decided%s, which nobody has proposed", d.Who, d.Value, inSlot(d.Slot))})
	}
	return found
}

// inSlot says where, if there is more than one place.
func inSlot(slot uint64) string {
	if slot == 0 {
		return ""
	}
	return fmt.Sprintf(" in slot %d", slot)
}
