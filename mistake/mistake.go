package mistake

// A Mistake is what is known of a documented way to get a protocol wrong.
type Mistake struct {
	ID      string    `json:"id"`              // protocol, dot, name: "raft.staleLeaderRead"
	Summary string    `json:"summary"`         // what is done wrong, and what comes of it
	Source  string    `json:"source"`          // where it is documented
	SeenBy  string    `json:"seenBy"`          // the checkers that should catch it
	Needs   []Setting `json:"needs,omitempty"` // parameters without which it cannot show, or hardly ever does
}

// A Setting is a parameter of a scenario, and its value.
type Setting struct {
	Parameter string `json:"parameter"`
	Value     string `json:"value"`
}

// Of is a mistake in rules of one type.
type Of[Rules any] struct {
	Mistake
	Plant func(*Rules) // replaces one rule
}

// List is the mistakes of one protocol.
type List[Rules any] []Of[Rules]

// Plant plants the mistake of that id in rules, and reports whether there is
// one. If there is none, as there is none of id "", the rules stay correct.
func (l List[Rules]) Plant(id string, rules *Rules) bool {
	for _, m := range l {
		if m.ID == id {
			m.Plant(rules)
			return true
		}
	}
	return false
}

// Known returns what is known of each mistake, in the list's order.
func (l List[Rules]) Known() []Mistake {
	known := make([]Mistake, len(l))
	for i, m := range l {
		known[i] = m.Mistake
	}
	return known
}
