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
	value  ednValue  // the zero value, which is nil, if it has none
	at     time.Duration
}

// An ednFormat is a way to write operations down in EDN.
type ednFormat struct {
	format   Format
	model    string
	function func(word string) (Function, error)
	// input is what an event asks, or as the return of anything but a read
	// repeats.
	input func(f Function, e ednEvent) (Input, error)
	// output is what an :ok answers.
	output func(f Function, e ednEvent) (Output, error)
}

// decodeEDN reads maps, one after another or in one vector.
func decodeEDN(r io.Reader, format ednFormat) (*Recording, error) {
	reader, rec := newEDNReader(r), newRecorder()
	closing, err := reader.enter()
	if err != nil && err != io.EOF {
		return nil, err
	}
	for {
		v, err := reader.element(closing)
		if err == io.EOF {
			return rec.recording(format.format, format.model, reader.line)
		}
		if err != nil {
			return nil, err
		}
		event, ofClient, err := readEvent(v)
		if err == nil && ofClient {
			err = rec.takeEDN(format, event)
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
	r.take()
	return closing, nil
}

// element reads the next value up to the closing bracket, or up to the end if
// that is 0; then it is [io.EOF].
func (r *ednReader) element(closing byte) (ednValue, error) {
	c, err := r.begin()
	switch {
	case err == io.EOF && closing != 0:
		return ednValue{}, r.errorf("the recording ends before the %q that closes it: it is cut short", closing)
	case err != nil:
		return ednValue{}, err
	case closing == 0 || c != closing:
		return r.next()
	}
	r.take()
	if c, err = r.begin(); err == nil {
		err = r.errorf("%q after the recording was closed", c)
	}
	return ednValue{}, err
}

// readEvent reads a map, and reports whether it is of a client: of a process
// whose name is a number.
func readEvent(v ednValue) (e ednEvent, ofClient bool, err error) {
	if v.kind != ednMap {
		return e, false, fmt.Errorf("%s: want a map, such as {:process 0, :type :invoke, :f :read, :value nil}", excerpt(v.String()))
	}
	fields := make(map[string]ednValue) // looked up only
	for i := 0; i < len(v.items); i += 2 {
		name := v.items[i].String()
		if _, twice := fields[name]; twice {
			return e, false, fmt.Errorf("two values of %s", excerpt(name))
		}
		fields[name] = v.items[i+1]
	}
	if e.client, ofClient, err = readProcess(fields[":process"]); err != nil || !ofClient {
		return e, false, err
	}
	if at, ok := fields[":time"]; ok {
		if e.at, err = readTime(at); err != nil {
			return e, false, err
		}
	}
	e.f, e.value = fields[":f"].String(), fields[":value"]
	if key, ok := fields[":key"]; ok {
		e.key = &key
	}
	switch e.kind = fields[":type"].String(); e.kind {
	case ":invoke", ":ok", ":fail", ":info":
		return e, true, nil
	default:
		return e, false, fmt.Errorf(":type %s: want :invoke, :ok, :fail or :info", excerpt(e.kind))
	}
}

func readProcess(v ednValue) (client int, ofClient bool, err error) {
	if v.kind == ednKeyword {
		return 0, false, nil
	}
	client, err = strconv.Atoi(v.text)
	if v.kind != ednNumber || err != nil {
		return 0, false, fmt.Errorf(":process %s: want a number, or a keyword such as :nemesis", excerpt(v.String()))
	}
	return client, true, nil
}

func readTime(v ednValue) (time.Duration, error) {
	ns, err := strconv.ParseInt(v.text, 10, 64)
	if v.kind != ednNumber || err != nil {
		return 0, fmt.Errorf(":time %s: want whole nanoseconds", excerpt(v.String()))
	}
	return time.Duration(ns), nil
}

// takeEDN puts an event into the history. A return repeats its call; but what
// one that is not :ok has for a value may be an error.
func (r *recorder) takeEDN(format ednFormat, e ednEvent) error {
	f, err := format.function(e.f)
	if err != nil {
		return err
	}
	if e.kind != ":invoke" {
		if err := r.returns(e.client, f); err != nil {
			return err
		}
	}
	switch e.kind {
	case ":fail":
		return r.end(e.client, e.at, Failed, Output{})
	case ":info":
		return r.end(e.client, e.at, Unknown, Output{})
	}
	in, err := format.input(f, e)
	if err != nil {
		return err
	}
	if e.kind == ":invoke" {
		return r.invoke(e.client, e.at, in)
	}
	if err := r.answers(e.client, in); err != nil {
		return err
	}
	out, err := format.output(f, e)
	if err != nil {
		return err
	}
	return r.end(e.client, e.at, OK, out)
}

// asksNothing checks that a read is called without a value.
func (e ednEvent) asksNothing(value ednValue) error {
	if e.kind == ":invoke" && !value.isNil() {
		return fmt.Errorf(":value %s of a read: want nil", excerpt(value.String()))
	}
	return nil
}
