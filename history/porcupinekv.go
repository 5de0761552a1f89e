package history

import (
	"errors"
	"fmt"
)

// porcupineEvent is an event of Porcupine's key-value logs: :get, :put and
// :append with :key and :value in strings. A key that is not there reads as the
// empty string, so no other value may be empty.
func porcupineEvent(r *recorder, e ednEvent) error {
	f, err := storeFunction(e.f)
	if err != nil {
		return err
	}
	if e.key == nil || e.key.kind != ednString {
		return errors.New("there is no :key that is a string")
	}
	if err := r.keyed(e, e.key.text); err != nil {
		return err
	}
	in := func() (Input, error) { return storeInput(f, e) }
	out := func() (Output, error) { return storeOutput(f, e) }
	return r.take(e, f, in, out)
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
	in := Input{F: f, Key: e.key.text}
	if f == Read {
		return in, nil
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
