package history

import "fmt"

// jepsenEDN is Jepsen's history.edn of a register, or of many with keys. Jepsen
// puts a key into the value: [KEY VALUE]. Registers hold no vectors, so the
// value of a read or a write has a key if it is a vector, and that of a cas if
// the second of its two parts is.
var jepsenEDN = ednFormat{
	format: JepsenEDN, model: "cas-register",
	function: registerFunction, input: jepsenInput, output: jepsenOutput,
}

func jepsenInput(f Function, e ednEvent) (Input, error) {
	key, v, err := splitKey(f, e.value)
	in := Input{F: f, Key: key}
	switch {
	case err != nil:
	case f == Read:
		err = e.asksNothing(v)
	case f == Write:
		in.Value, err = scalar("value", v)
	case v.kind == ednSequence && len(v.items) == 2:
		if in.Old, err = scalar("value", v.items[0]); err == nil {
			in.Value, err = scalar("value", v.items[1])
		}
	default:
		err = fmt.Errorf(":value %s of a cas: want [OLD NEW]", excerpt(v.String()))
	}
	return in, err
}

func jepsenOutput(f Function, e ednEvent) (Output, error) {
	if f != Read {
		return Output{Applied: f == CAS}, nil
	}
	_, v, err := splitKey(f, e.value)
	if err != nil || v.isNil() {
		return Output{}, err
	}
	value, err := scalar("value", v)
	return Output{Value: value, Found: true}, err
}

func splitKey(f Function, v ednValue) (key string, value ednValue, err error) {
	pair := v.kind == ednSequence && len(v.items) == 2
	if !pair || f == CAS && v.items[1].kind != ednSequence {
		return "", v, nil
	}
	key, err = scalar("key", v.items[0])
	return key, v.items[1], err
}

// scalar returns a value that has no parts, as it is written: the number 1 and
// the string "1" are not the same.
func scalar(what string, v ednValue) (string, error) {
	if v.kind == ednSequence || v.kind == ednMap || v.isNil() {
		return "", fmt.Errorf("%s %s: want a number, a string or a keyword", what, excerpt(v.String()))
	}
	return v.String(), nil
}
