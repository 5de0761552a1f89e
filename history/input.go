package history

import (
	"fmt"
	"slices"
	"strings"
)

// An Input is what a client asks of a store of values by key, of a consensus, a
// queue, a counter or a bank of that key. A register is a store with the one key
// "".
type Input struct {
	F        Function
	Key      string
	Value    string // what to write, append, propose or enqueue; the new value of a cas
	Old      string // the value that a cas expects
	From, To string // the account that a transfer takes from; the one that it or a deposit gives to
	Amount   int64  // what to add, deposit or transfer
}

// An Output is the answer to an [Input].
type Output struct {
	Value   string // what was read, decided or dequeued
	Found   bool   // a read, propose or dequeue: whether there was anything
	Applied bool   // a cas: whether it found the old value; a transfer: whether there were the funds
}

// A Function is what can be asked.
type Function uint8

// What can be asked.
const (
	Read Function = iota
	Write
	Append
	CAS
	Delete
	Propose  // to have a value decided; answered with the decided one
	Enqueue  // to put a value at the end of a queue
	Dequeue  // to take the value at the front of a queue
	Add      // to add an amount to a counter
	Deposit  // to bring an amount into an account from outside
	Transfer // to move an amount from one account to another, if it is there
)

// functions is what each [Function] is called, and the fields of [Input] and
// [Output] that mean anything to it, as JSON names them. Where "found" is
// answered, "value" is as well if there was anything.
var functions = [...]struct {
	name    string
	asks    []string
	answers string
}{
	Read:     {"read", nil, "found"},
	Write:    {"write", []string{"value"}, ""},
	Append:   {"append", []string{"value"}, ""},
	CAS:      {"cas", []string{"old", "value"}, "applied"},
	Delete:   {"delete", nil, ""},
	Propose:  {"propose", []string{"value"}, "found"},
	Enqueue:  {"enqueue", []string{"value"}, ""},
	Dequeue:  {"dequeue", nil, "found"},
	Add:      {"add", []string{"amount"}, ""},
	Deposit:  {"deposit", []string{"to", "amount"}, ""},
	Transfer: {"transfer", []string{"from", "to", "amount"}, "applied"},
}

// Functions returns every function there is.
func Functions() []Function {
	all := make([]Function, len(functions))
	for i := range all {
		all[i] = Function(i)
	}
	return all
}

// functionNamed returns the function of that name.
func functionNamed(name string) (Function, error) {
	var names []string
	for _, f := range Functions() {
		if f.String() == name {
			return f, nil
		}
		names = append(names, f.String())
	}
	last := len(names) - 1
	return 0, fmt.Errorf("f %s: want %s or %s", excerpt(name), strings.Join(names[:last], ", "), names[last])
}

// String returns the function's name, as in JSON.
func (f Function) String() string {
	if f.known() {
		return functions[f].name
	}
	return fmt.Sprintf("Function(%d)", uint8(f))
}

func (f Function) known() bool { return int(f) < len(functions) }

// asks reports whether a field of [Input] means anything to it.
func (f Function) asks(field string) bool {
	return f.known() && slices.Contains(functions[f].asks, field)
}

// answers returns which field of [Output] its answer begins with; "" if it has
// none.
func (f Function) answers() string {
	if f.known() {
		return functions[f].answers
	}
	return ""
}

// meaning returns what of an input means anything to its function.
func (in Input) meaning() Input {
	means := Input{F: in.F, Key: in.Key}
	if in.F.asks("value") {
		means.Value = in.Value
	}
	if in.F.asks("old") {
		means.Old = in.Old
	}
	if in.F.asks("from") {
		means.From = in.From
	}
	if in.F.asks("to") {
		means.To = in.To
	}
	if in.F.asks("amount") {
		means.Amount = in.Amount
	}
	return means
}

// meaning returns what of an output means anything as the answer of an f.
func (out Output) meaning(f Function) Output {
	switch {
	case f.answers() == "applied":
		return Output{Applied: out.Applied}
	case f.answers() == "found" && out.Found:
		return Output{Value: out.Value, Found: true}
	default:
		return Output{}
	}
}

// String tells the input as a call: write x "1".
func (in Input) String() string {
	call := in.F.String()
	if in.Key != "" {
		call += " " + in.Key
	}
	if in.F.asks("amount") {
		call = fmt.Sprintf("%s %d", call, in.Amount)
	}
	if in.F.asks("from") {
		call = fmt.Sprintf("%s from %q", call, in.From)
	}
	switch {
	case in.F.asks("to"):
		return fmt.Sprintf("%s to %q", call, in.To)
	case in.F.asks("old"):
		return fmt.Sprintf("%s %q to %q", call, in.Old, in.Value)
	case in.F.asks("value"):
		return fmt.Sprintf("%s %q", call, in.Value)
	default:
		return call
	}
}
