package saga

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Ledger is what a participant keeps: how much is where, and what each saga has
// done of it. It implements [outbox.State].
type Ledger struct {
	Places  map[string]int64  `json:"places"`
	Sagas   map[string]*Entry `json:"sagas"`
	Journal []Effect          `json:"journal"` // in the order in which they happened
}

// An Entry is a saga in a ledger.
type Entry struct {
	Stage  Stage  `json:"stage"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Amount int64  `json:"amount,omitempty"`
	Dirty  bool   `json:"dirty,omitempty"` // the amount is at its goal already
}

// A Stage is how far a saga is at one service.
type Stage string

// How far it may be.
const (
	none      Stage = ""          // never heard of
	held      Stage = "held"      // done, and may be compensated
	confirmed Stage = "confirmed" // done for good
	undone    Stage = "undone"    // compensated, or not to be done any more
	refused   Stage = "refused"   // not done
)

// An Effect is that a step was done, or compensated.
type Effect struct {
	Saga        string `json:"saga"`
	Compensated bool   `json:"compensated,omitempty"`
}

// NewLedger returns a ledger with so much at each place.
func NewLedger(places map[string]int64) *Ledger {
	return &Ledger{Places: maps.Clone(places), Sagas: make(map[string]*Entry)}
}

// Changes of a ledger. A change is a word and a line of a command.
const (
	hold    = "hold"    // takes the amount away from where it is
	move    = "move"    // and gives it to its goal at once
	settle  = "settle"  // gives what is held to its goal
	release = "release" // gives it back
	bury    = "bury"    // the saga is over before it began
	refuse  = "refuse"
)

// decide returns what a command changes, "" for nothing, and whether what it asks
// for is then so.
func (l *Ledger) decide(c Command, rules *Rules) (change string, ok bool) {
	stage := l.stage(c.Saga)
	switch c.Action {
	case Do:
		return l.decideDo(c, stage, rules)
	case Confirm:
		if stage == held {
			change = settle
		}
		return change, stage == held || stage == confirmed
	default:
		switch {
		case stage == held, stage == undone && rules.UndoAgain():
			change = release
		case stage == none && rules.Tombstone():
			change = bury
		}
		return change, stage != confirmed
	}
}

func (l *Ledger) decideDo(c Command, stage Stage, rules *Rules) (change string, ok bool) {
	switch {
	case stage != none:
		return "", stage == held || stage == confirmed
	case l.Places[c.From] < c.Amount:
		return refuse, false
	case rules.Lock():
		return hold, true
	default:
		return move, true
	}
}

// stage returns how far a saga is.
func (l *Ledger) stage(saga string) Stage {
	if e := l.Sagas[saga]; e != nil {
		return e.Stage
	}
	return none
}

// Apply implements [outbox.State].
func (l *Ledger) Apply(text string) error {
	change, line, _ := strings.Cut(text, " ")
	c, err := parseCommand(line)
	if err != nil {
		return err
	}
	e := l.Sagas[c.Saga]
	if e == nil {
		e = &Entry{From: c.From, To: c.To, Amount: c.Amount}
		l.Sagas[c.Saga] = e
	}
	switch change {
	case hold, move:
		e.Stage, e.Dirty = held, change == move
		l.Places[e.From] -= e.Amount
		if e.Dirty {
			l.Places[e.To] += e.Amount
		}
		l.Journal = append(l.Journal, Effect{Saga: c.Saga})
	case settle:
		e.Stage = confirmed
		if !e.Dirty {
			l.Places[e.To] += e.Amount
		}
	case release:
		e.Stage = undone
		l.Places[e.From] += e.Amount
		if e.Dirty {
			l.Places[e.To] -= e.Amount
		}
		l.Journal = append(l.Journal, Effect{c.Saga, true})
	case bury:
		e.Stage = undone
	case refuse:
		e.Stage = refused
	default:
		return fmt.Errorf("%q: no such change", text)
	}
	return nil
}

// Held returns how much is nobody's, because a saga may still be compensated.
func (l *Ledger) Held() (sum int64) {
	for _, e := range l.Sagas {
		if e.Stage == held && !e.Dirty {
			sum += e.Amount
		}
	}
	return sum
}

// Standing returns the sagas whose step is done and not compensated, in order of
// their names.
func (l *Ledger) Standing() (sagas []string) {
	for _, id := range slices.Sorted(maps.Keys(l.Sagas)) {
		if stage := l.stage(id); stage == held || stage == confirmed {
			sagas = append(sagas, id)
		}
	}
	return sagas
}

// Overdrawn returns a place that has less than nothing, "" if none has.
func (l *Ledger) Overdrawn() string {
	for _, place := range slices.Sorted(maps.Keys(l.Places)) {
		if l.Places[place] < 0 {
			return place
		}
	}
	return ""
}

// Snapshot implements [outbox.State].
func (l *Ledger) Snapshot() string { return toJSON(l) }

// Restore implements [outbox.State].
func (l *Ledger) Restore(snapshot string) error {
	*l = Ledger{}
	return json.Unmarshal([]byte(snapshot), l)
}
