package history

import (
	"errors"
	"fmt"
)

// porcupineKV is Porcupine's key-value logs: :get, :put and :append with :key
// and :value in strings. A key that is not there reads as the empty string, so
// no other value may be empty.
var porcupineKV = ednFormat{
	format: PorcupineKV, model: "kv",
	function: storeFunction, input: storeInput, output: storeOutput,
}

func storeFunction(word string) (Function, error) {
	switch word {
	case ":get":
		return Read, nil
	case ":put":
		return Write, nil
	case ":append":
		return Append, nil
	default:
		return 0, fmt.Errorf(":f %s: want :get, :put or :append", excerpt(word))
	}
}

func storeInput(f Function, e ednEvent) (Input, error) {
	if e.key == nil || e.key.kind != ednString {
		return Input{}, errors.New("there is no :key that is a string")
	}
	in := Input{F: f, Key: e.key.text}
	if f == Read {
		return in, e.asksNothing(e.value)
	}
	if e.value.kind != ednString || e.value.text == "" {
		return in, fmt.Errorf(":value %s of a %s: want a string that is not empty", excerpt(e.value.String()), e.f)
	}
	in.Value = e.value.text
	return in, nil
}

func storeOutput(f Function, e ednEvent) (Output, error) {
	if f != Read {
		return Output{}, nil
	}
	if e.value.kind != ednString {
		return Output{}, fmt.Errorf(":value %s that was read: want a string", excerpt(e.value.String()))
	}
	return Output{Value: e.value.text, Found: e.value.text != ""}, nil
}
