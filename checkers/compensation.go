package checkers

import (
	"fmt"
	"strings"
)

// A Saga is a transaction in steps, each of which can be compensated (Garcia-Molina
// and Salem, "Sagas", 1987). It has come to an end, or should have.
type Saga struct {
	ID    string
	Steps []string // what it is to do, each named once
}

// A SagaRecord is that a step took effect, or its compensation. What changes
// nothing, such as a request that was known to be a repeated one, or a
// compensation that found nothing to undo, is not recorded.
type SagaRecord struct {
	Saga, Step  string
	Compensated bool // else it was done
}

// AllOrCompensated finds sagas that have ended otherwise than they may: with
// every step done and none of them compensated, or with nothing done that is not
// compensated. Records come in the order in which they took effect.
//
// Kinds:
//   - "half done": when all is over, some steps stand, done and not compensated,
//     and others do not. Told once for a saga.
//   - "done again": a step was done that stood already, or that had been
//     compensated before, as by a request that its compensation has overtaken.
//   - "compensated without cause": a compensation of what did not stand: it was
//     never done, or is compensated already.
//   - "no such step": a record of a saga or of a step that nobody has declared.
//
// In what order steps are done and compensated is the saga's own affair. A saga
// that may still go on is not to be given. It takes time in proportion to what
// it is given.
func AllOrCompensated(sagas []Saga, records []SagaRecord) []Violation {
	j := sagaJudge{steps: make(map[sagaStep]stepState)}
	for _, saga := range sagas {
		for _, step := range saga.Steps {
			j.steps[sagaStep{saga.ID, step}] = pending
		}
	}
	for _, r := range records {
		j.take(r)
	}
	for _, saga := range sagas {
		j.end(saga)
	}
	return j.found
}

type sagaStep struct{ saga, step string }

type stepState uint8

const (
	unheardOf stepState = iota // nobody has declared it
	pending
	standing // done, and not compensated
	undone   // done and compensated
)

type sagaJudge struct {
	steps map[sagaStep]stepState // looked up only
	found []Violation
}

func (j *sagaJudge) tell(kind, format string, values ...any) {
	j.found = append(j.found, Violation{Checker: "compensation", Kind: kind, Message: fmt.Sprintf(format, values...)})
}

// take goes on by one record.
func (j *sagaJudge) take(r SagaRecord) {
	at := sagaStep{r.Saga, r.Step}
	before := j.steps[at]
	switch {
	case before == unheardOf:
		j.tell("no such step", "saga %q has no step %q, and it was %s", r.Saga, r.Step, deed(r))
		return
	case !r.Compensated && before == standing:
		j.tell("done again", "saga %q: %q was done twice", r.Saga, r.Step)
	case !r.Compensated && before == undone:
		j.tell("done again", "saga %q: %q was done after it had been compensated", r.Saga, r.Step)
	case r.Compensated && before == pending:
		j.tell("compensated without cause", "saga %q: %q was compensated, and had not been done", r.Saga, r.Step)
	case r.Compensated && before == undone:
		j.tell("compensated without cause", "saga %q: %q was compensated twice", r.Saga, r.Step)
	}
	if j.steps[at] = standing; r.Compensated {
		j.steps[at] = undone
	}
}

func deed(r SagaRecord) string {
	if r.Compensated {
		return "compensated"
	}
	return "done"
}

// end judges what has become of a saga.
func (j *sagaJudge) end(saga Saga) {
	var stands, missing []string
	for _, step := range saga.Steps {
		switch j.steps[sagaStep{saga.ID, step}] {
		case standing:
			stands = append(stands, fmt.Sprintf("%q", step))
		case undone:
			missing = append(missing, fmt.Sprintf("%q was compensated", step))
		default:
			missing = append(missing, fmt.Sprintf("%q was not done", step))
		}
	}
	if len(stands) > 0 && len(missing) > 0 {
		j.tell("half done", "saga %q has ended half done, with %s in place, but %s", saga.ID, strings.Join(stands, ", "), strings.Join(missing, ", "))
	}
}
