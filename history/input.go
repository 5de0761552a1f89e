package history

import "fmt"

// An Input is what a client asks of a store of values by key. A register is a
// store with the one key "".
type Input struct {
	F     Function
	Key   string
	Value string // what to write or append; the new value of a cas
	Old   string // the value that a cas expects
}

// An Output is the answer to an [Input].
type Output struct {
	Value   string // what was read
	Found   bool   // a read: whether there was anything
	Applied bool   // a cas: whether it found the old value
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
)

var functionNames = [...]string{"read", "write", "append", "cas", "delete"}

// String returns the function's name, as in JSON.
func (f Function) String() string {
	if int(f) < len(functionNames) {
		return functionNames[f]
	}
	return fmt.Sprintf("Function(%d)", uint8(f))
}

// hasValue reports whether a Value means anything to it.
func (f Function) hasValue() bool { return f == Write || f == Append || f == CAS }

// String tells the input as a call: write x "1".
func (in Input) String() string {
	call := in.F.String()
	if in.Key != "" {
		call += " " + in.Key
	}
	switch {
	case in.F == CAS:
		return fmt.Sprintf("%s %q to %q", call, in.Old, in.Value)
	case in.F.hasValue():
		return fmt.Sprintf("%s %q", call, in.Value)
	default:
		return call
	}
}
