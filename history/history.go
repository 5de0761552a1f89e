package history

import (
	"fmt"
	"time"
)

// A History is operations in the order of their invocation. The zero value is
// empty and ready to use.
type History struct {
	operations []Operation
	sequence   uint64
}

// An Operation is one thing that a client asked of the system.
type Operation struct {
	Client  int
	Input   any // what was asked; a plain value, without pointers
	Output  any // what was answered; nil unless the outcome is OK
	Outcome Outcome
	Call    time.Duration // virtual time of the invocation
	Return  time.Duration // virtual time at which the client knew the outcome, or gave up

	// Virtual times tie, so the order of events is kept as well: Invoked and
	// Returned count all calls and returns of the history from 1. Returned is
	// 0 while the operation is under way.
	Invoked, Returned uint64
}

// An Outcome is how an operation ended.
type Outcome uint8

// How an operation may have ended.
const (
	Unknown Outcome = iota // it may have taken effect, at any time since its call, or may yet
	OK                     // it took effect between call and return
	Failed                 // it certainly did not and will not take effect
)

// String returns the outcome's name, as in JSON.
func (o Outcome) String() string {
	switch o {
	case OK:
		return "ok"
	case Failed:
		return "fail"
	default:
		return "unknown"
	}
}

// An ID names an operation of one history.
type ID int

// Invoke records that a client begins an operation.
func (h *History) Invoke(client int, now time.Duration, input any) ID {
	h.sequence++
	h.operations = append(h.operations, Operation{Client: client, Input: input, Call: now, Invoked: h.sequence})
	return ID(len(h.operations) - 1)
}

// Return records how an operation ended. Output matters only if it is OK.
func (h *History) Return(id ID, now time.Duration, outcome Outcome, output any) {
	h.sequence++
	op := &h.operations[id]
	op.Output, op.Outcome, op.Return, op.Returned = output, outcome, now, h.sequence
}

// Operations returns all operations in the order of their invocation. The
// caller must not change them.
func (h *History) Operations() []Operation { return h.operations }

// Len returns the number of operations.
func (h *History) Len() int { return len(h.operations) }

// Hash returns a digest of all that clients saw.
func (h *History) Hash() uint64 {
	digest := digest(14695981039346656037)
	for i := range h.operations {
		op := &h.operations[i]
		digest.word(uint64(op.Client))
		digest.word(op.Invoked)
		digest.word(op.Returned<<2 | uint64(op.Outcome))
		digest.word(uint64(op.Call))
		digest.word(uint64(op.Return))
		digest.value(op.Input)
		digest.value(op.Output)
	}
	return uint64(digest)
}

// digest is FNV-1a.
type digest uint64

func (d *digest) word(w uint64) { *d = (*d ^ digest(w)) * 1099511628211 }

func (d *digest) text(s string) {
	for i := range len(s) {
		d.word(uint64(s[i]))
	}
	d.word(0x100)
}

func (d *digest) flag(f bool) {
	if f {
		d.word(2)
	} else {
		d.word(1)
	}
}

func (d *digest) value(v any) {
	switch v := v.(type) {
	case nil:
		d.word(0)
	case Input:
		d.word(uint64(v.F))
		d.text(v.Key)
		d.text(v.Value)
		d.text(v.Old)
		if v.From != "" || v.To != "" || v.Amount != 0 { // else digests are those from before there were these
			d.text(v.From)
			d.text(v.To)
			d.word(uint64(v.Amount))
		}
	case Output:
		d.text(v.Value)
		d.flag(v.Found)
		d.flag(v.Applied)
	default:
		d.text(fmt.Sprintf("%v", v))
	}
}
