package saga

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Sagas are what an orchestrator keeps: every order that it was given, and where
// it stands. It implements [outbox.State].
type Sagas struct {
	all []*Saga // in the order in which they were placed
}

// A Saga is an order, and where it stands: the command of that phase and step has
// been given.
type Saga struct {
	Order
	Phase Phase `json:"phase"`
	Step  int   `json:"step"` // of [Services]
}

// A Phase is in which direction a saga goes.
type Phase string

// Phases of a saga. Until every step is done it goes forward, and may turn back;
// from then on it goes forward only.
const (
	Placed     Phase = "placed" // and not begun
	Doing      Phase = "doing"
	Undoing    Phase = "undoing"
	Confirming Phase = "confirming"
	Completed  Phase = "completed"
	Aborted    Phase = "aborted"
)

// action is what is asked of services in a phase.
func (p Phase) action() Action {
	return map[Phase]Action{Doing: Do, Undoing: Undo, Confirming: Confirm}[p]
}

// Ended reports whether the saga has come to its end.
func (s *Saga) Ended() bool { return s.Phase == Completed || s.Phase == Aborted }

// Status is how the order stands for who has placed it.
func (s *Saga) Status() Status {
	switch s.Phase {
	case Completed:
		return Shipped
	case Aborted:
		return Rejected
	default:
		return Pending
	}
}

// service is whose turn it is.
func (s *Saga) service() string { return Services()[s.Step] }

// command is what is asked of it.
func (s *Saga) command() Command {
	if s.Phase == Doing {
		return s.Order.step(s.service())
	}
	return Command{Action: s.Phase.action(), Saga: s.ID}
}

// answers reports whether a reply is the one that the saga waits for.
func (s *Saga) answers(r Reply) bool {
	return r.Saga == s.ID && r.Service == s.service() && r.Action == s.Phase.action()
}

// All returns every saga, in the order in which they were placed.
func (s *Sagas) All() []*Saga { return s.all }

// find returns the saga of that name, nil if there is none.
func (s *Sagas) find(id string) *Saga {
	if i := slices.IndexFunc(s.all, func(saga *Saga) bool { return saga.ID == id }); i >= 0 {
		return s.all[i]
	}
	return nil
}

// Unfinished returns the first saga that has not ended, nil if all have.
func (s *Sagas) Unfinished() *Saga {
	if i := slices.IndexFunc(s.all, func(saga *Saga) bool { return !saga.Ended() }); i >= 0 {
		return s.all[i]
	}
	return nil
}

// change is that a saga stands so, as a line.
func (s Saga) change() string { return toJSON(s) }

// Apply implements [outbox.State].
func (s *Sagas) Apply(change string) error {
	var saga Saga
	if err := json.Unmarshal([]byte(change), &saga); err != nil {
		return fmt.Errorf("%q: %w", change, err)
	}
	if old := s.find(saga.ID); old != nil {
		*old = saga
	} else {
		s.all = append(s.all, &saga)
	}
	return nil
}

// Snapshot implements [outbox.State].
func (s *Sagas) Snapshot() string { return toJSON(s.all) }

// Restore implements [outbox.State].
func (s *Sagas) Restore(snapshot string) error { return json.Unmarshal([]byte(snapshot), &s.all) }

func toJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // numbers and text have a form
	}
	return string(text)
}
