package history

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// An ednEvent is what an EDN map says of an operation.
type ednEvent struct {
	client int
	kind   string // ":invoke", ":ok", ":fail" or ":info"
	f      string
	key    *ednValue // nil if it has none
	value  ednValue  // nil in EDN if it has none
	at     time.Duration
}

// decodeEDN reads maps, one after another or in one vector, and gives those of
// clients to take.
func decodeEDN(r io.Reader, format Format, model string, take func(*recorder, ednEvent) error) (*Recording, error) {
	reader, rec := newEDNReader(r), newRecorder()
	closing, err := reader.enter()
	if err != nil && err != io.EOF {
		return nil, err
	}
	for {
		v, err := reader.element(closing)
		if err == io.EOF {
			return rec.recording(format, model)
		}
		if err != nil {
			return nil, err
		}
		event, ofClient, err := readEvent(v)
		if err == nil && ofClient {
			err = take(rec, event)
		}
		if err != nil {
			return nil, &LineError{v.line, err}
		}
	}
}

// enter takes the bracket that all maps lie in, if there is one, and returns
// the bracket that closes it; 0 if there is none.
func (r *ednReader) enter() (closing byte, err error) {
	c, err := r.begin()
	switch c {
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	default:
		return 0, err
	}
	r.input.Discard(1)
	return closing, nil
}

// element reads the next value up to the closing bracket, or up to the end if
// that is 0; then it is [io.EOF].
func (r *ednReader) element(closing byte) (ednValue, error) {
	c, err := r.begin()
	if err == io.EOF && closing != 0 {
		return ednValue{}, r.errorf("the recording ends before the %q that closes it: it is cut short", closing)
	}
	if err != nil || closing == 0 || c != closing {
		if err != nil {
			return ednValue{}, err
		}
		return r.next()
	}
	r.input.Discard(1)
	if c, err := r.begin(); err == nil {
		return ednValue{}, r.errorf("%q after the recording was closed", c)
	} else {
		return ednValue{}, err
	}
}

// readEvent reads a map, and reports whether it is of a client: of a process
// whose name is a number.
func readEvent(v ednValue) (e ednEvent, ofClient bool, err error) {
	if v.kind != ednMap {
		return e, false, fmt.Errorf("%s: want a map, such as {:process 0, :type :invoke, :f :read, :value nil}", excerpt(v.String()))
	}
	e.value = ednValue{text: "nil"}
	var process ednValue
	for i := 0; i+1 < len(v.items); i += 2 {
		value := v.items[i+1]
		switch v.items[i].text {
		case ":process":
			process = value
		case ":type":
			e.kind = value.text
		case ":f":
			e.f = value.text
		case ":key":
			e.key = &value
		case ":value":
			e.value = value
		case ":time":
			if e.at, err = readTime(value); err != nil {
				return e, false, err
			}
		}
	}
	switch process.kind {
	case ednKeyword:
		return e, false, nil
	case ednNumber:
		e.client, err = strconv.Atoi(process.text)
	}
	if err != nil || process.kind != ednNumber {
		return e, false, fmt.Errorf(":process %s: want a number, or a keyword such as :nemesis", excerpt(process.String()))
	}
	switch e.kind {
	case ":invoke", ":ok", ":fail", ":info":
		return e, true, nil
	default:
		return e, false, fmt.Errorf(":type %s: want :invoke, :ok, :fail or :info", excerpt(e.kind))
	}
}

func readTime(v ednValue) (time.Duration, error) {
	ns, err := strconv.ParseInt(v.text, 10, 64)
	if v.kind != ednNumber || err != nil {
		return 0, fmt.Errorf(":time %s: want whole nanoseconds", excerpt(v.String()))
	}
	return time.Duration(ns), nil
}

// take puts an event into the history; out is read from it only if it is :ok.
func (r *recorder) take(e ednEvent, f Function, in func() (Input, error), out func() (Output, error)) error {
	if e.kind == ":invoke" {
		input, err := in()
		if err != nil {
			return err
		}
		return r.invoke(e.client, e.at, input)
	}
	if err := r.returns(e.client, f); err != nil {
		return err
	}
	switch e.kind {
	case ":ok":
		output, err := out()
		if err != nil {
			return err
		}
		return r.end(e.client, e.at, OK, output)
	case ":fail":
		return r.end(e.client, e.at, Failed, Output{})
	default:
		return r.end(e.client, e.at, Unknown, Output{})
	}
}

// jepsenEvent is an event of a register, or of one of many registers with
// keys. Jepsen puts a key into the value: [KEY VALUE]. Registers hold no
// vectors, so the value of a read or a write has a key if it is a vector, and
// that of a cas if the second of its two parts is.
func jepsenEvent(r *recorder, e ednEvent) error {
	f, err := registerFunction(e.f)
	if err != nil {
		return err
	}
	key, value, err := splitKey(f, e.value)
	if err != nil {
		return err
	}
	in := func() (Input, error) { return jepsenInput(f, key, value) }
	out := func() (Output, error) { return jepsenOutput(f, value) }
	if err := r.keyed(e, key); err != nil {
		return err
	}
	return r.take(e, f, in, out)
}

// keyed checks that a return has the key of its call.
func (r *recorder) keyed(e ednEvent, key string) error {
	id, ok := r.open[e.client]
	if !ok || e.kind != ":ok" {
		return nil
	}
	if in := r.history.operations[id].Input.(Input); in.Key != key {
		return fmt.Errorf("client %d returns with key %q, and what it has under way is %v", e.client, key, in)
	}
	return nil
}

func splitKey(f Function, v ednValue) (key string, value ednValue, err error) {
	pair := v.kind == ednSequence && len(v.items) == 2
	if !pair || f == CAS && v.items[1].kind != ednSequence {
		return "", v, nil
	}
	key, err = scalar("key", v.items[0])
	return key, v.items[1], err
}

func jepsenInput(f Function, key string, v ednValue) (Input, error) {
	in := Input{F: f, Key: key}
	var err error
	switch {
	case f == Read:
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

func jepsenOutput(f Function, v ednValue) (Output, error) {
	if f != Read {
		return Output{Applied: f == CAS}, nil
	}
	if v.isNil() {
		return Output{}, nil
	}
	value, err := scalar("value", v)
	return Output{Value: value, Found: true}, err
}

// scalar returns a value that has no parts, as text: the number 1 and the
// string "1" are the same.
func scalar(what string, v ednValue) (string, error) {
	if v.kind == ednSequence || v.kind == ednMap || v.isNil() {
		return "", fmt.Errorf("%s %s: want a number, a string or a keyword", what, excerpt(v.String()))
	}
	return v.text, nil
}
