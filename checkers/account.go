package checkers

import (
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/history"
	"seedbed.example/models"
)

// An accountant looks for a short account of why operations have no order. What
// that may cost is counted in steps of its search, so that the account is the
// same on every machine; when they are used up, it is as short as it has become.
type accountant struct {
	*search
	left    int // steps that may still be taken
	attempt int // steps that the next question may take
}

const (
	// accountSteps is how many steps an account may take. A few thousand are
	// enough as a rule.
	accountSteps = 1_000_000
	// accountEnd ends an account in real time. Only values of enormous length
	// make steps so slow.
	accountEnd = 10 * time.Second
)

func newAccountant(model models.Model) *accountant {
	return &accountant{newSearch(model, time.Now().Add(accountEnd)), accountSteps, accountSteps / 10}
}

// account tells why operations on a key have no order; all is the whole history.
func account(model models.Model, c conviction, all []history.Operation) *Offence {
	a := newAccountant(model)
	kept, at := a.firstOffence(c)
	kept = a.shorten(kept, at)
	onKey := slices.DeleteFunc(slices.Clone(all), func(op history.Operation) bool { return input(&op).Key != key(kept) })
	return newOffence(onKey, kept, at)
}

// illegal reports whether operations are found to have no order, as far as that
// can be found in the steps of an attempt. Questions become easier as operations
// become fewer, so later on one that is much harder than the last that found no
// order is given up.
func (a *accountant) illegal(operations []porcupine.Operation) bool {
	if a.left <= 0 || a.over() {
		a.left = 0
		return false
	}
	found := a.judge(operations, min(a.attempt, a.left))
	a.left -= found.steps + len(operations) // to ask is work too
	if found.result != porcupine.Illegal {
		return false
	}
	a.attempt = min(a.attempt, 1000+2*found.steps)
	return true
}

// firstOffence finds the first return at which operations have no order any
// more, and operations that have none then. If that takes too much, it is the
// last return.
func (a *accountant) firstOffence(c conviction) (operations []porcupine.Operation, at int64) {
	all := returns(c.operations)
	for _, at := range all {
		if at <= c.ordered || a.left <= 0 {
			continue
		}
		if few, found := a.withFewReads(until(c.operations, at), at); found {
			return few, at
		}
	}
	last := all[len(all)-1]
	return until(c.operations, last), last
}

// withFewReads looks for operations that have no order, the fewer the easier:
// first with the reads that may have to do with what the culprit saw, then with
// the latest ones, and with twice as many, up to all.
func (a *accountant) withFewReads(operations []porcupine.Operation, at int64) (few []porcupine.Operation, found bool) {
	if few = onlyRelated(operations, at); a.illegal(few) {
		return certain(few), true
	}
	for latest := 1; ; latest *= 2 {
		early := max(len(operations)-latest, 0)
		if few, _ = withLess(operations, 0, early, otherReads(at)); a.illegal(few) {
			return certain(few), true
		}
		if early == 0 {
			return nil, false
		}
	}
}

// shorten makes operations that have no order fewer, so that they still have
// none; at is when the culprit returned, which stays. To leave out a write could
// make an offence of what is none; so it only ever asks for less: reads and
// refusals are left out, and any other operation's outcome is taken for unknown,
// so that it may be anywhere or nowhere. Then what nobody can have seen is left
// out. Operations that may be anywhere make a question hard, and without reads
// few of them are seen; so reads come first.
func (a *accountant) shorten(operations []porcupine.Operation, at int64) []porcupine.Operation {
	kept := a.spare(operations, otherReads(at))
	return a.spare(kept, func(op *porcupine.Operation) bool { return op.Return != at && known(op.Output) })
}

// spare asks for less of those operations that may be spared, large pieces
// first. What is needed stays needed when others are left out, so that no piece
// has to be tried twice.
func (a *accountant) spare(kept []porcupine.Operation, may func(*porcupine.Operation) bool) []porcupine.Operation {
	for size := len(kept); size > 0; size /= 2 {
		for from := 0; from < len(kept) && a.left > 0; {
			to := min(from+size, len(kept))
			if less, changed := withLess(kept, from, to, may); changed && a.illegal(less) {
				kept = certain(less)
			} else {
				from = to
			}
		}
	}
	return kept
}

// certain leaves out what nobody can have seen, where it is certain that the
// rest has no order either.
func certain(operations []porcupine.Operation) []porcupine.Operation {
	if rest, same := withoutUnseen(operations); same {
		return rest
	}
	return operations
}
