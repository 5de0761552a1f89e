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

// String tells the input as a call: write x=1.
func (in Input) String() string {
	key := in.Key
	if key != "" {
		key += " "
	}
	switch in.F {
	case Read, Delete:
		return fmt.Sprint(in.F, " ", in.Key)
	case CAS:
		return fmt.Sprintf("cas %s%q to %q", key, in.Old, in.Value)
	default:
		return fmt.Sprintf("%v %s%q", in.F, key, in.Value)
	}
}
