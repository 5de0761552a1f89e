package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Version is that of the JSON lines which [Encode] writes, and the newest that
// [Decode] reads.
const Version = 1

// A jsonHeader is the first line.
type jsonHeader struct {
	Version *int   `json:"seedbed-history"`
	Model   string `json:"model,omitempty"`
	Events  *int   `json:"events,omitempty"`
}

// A jsonEvent is any further line. What a line does not have is nil.
type jsonEvent struct {
	Client  *int    `json:"client"`
	At      *int64  `json:"at"`
	Event   string  `json:"event"`
	F       *string `json:"f,omitempty"`
	Key     *string `json:"key,omitempty"`
	Old     *string `json:"old,omitempty"`
	Value   *string `json:"value,omitempty"`
	Found   *bool   `json:"found,omitempty"`
	Applied *bool   `json:"applied,omitempty"`
}

func decodeJSON(r io.Reader) (*Recording, error) {
	d := &jsonDecoder{rec: newRecorder()}
	lines, err := eachLine(r, d.line)
	if err != nil {
		return nil, err
	}
	if d.header == nil {
		return nil, &LineError{1, errors.New("there is no header: the recording is empty")}
	}
	if said := d.header.Events; said != nil && *said != d.events {
		return nil, &LineError{lines, fmt.Errorf("the recording ends after %d events, and its header says %d: it is cut short, or was added to", d.events, *said)}
	}
	return d.rec.recording(JSONLines, d.header.Model)
}

type jsonDecoder struct {
	rec    *recorder
	header *jsonHeader // nil before the first line
	events int
	last   int64 // time of the latest event
}

func (d *jsonDecoder) line(text string) error {
	if d.header == nil {
		d.header = new(jsonHeader)
		return d.header.read(text)
	}
	d.events++
	var e jsonEvent
	if err := unmarshalStrictly(text, &e); err != nil {
		return err
	}
	if e.Client == nil || e.At == nil {
		return errors.New("want the fields client, at and event in each event")
	}
	if *e.At < d.last {
		return fmt.Errorf("at %d is before the event above it, at %d", *e.At, d.last)
	}
	d.last = *e.At
	return d.rec.takeJSON(e)
}

func (h *jsonHeader) read(text string) error {
	// The version comes first: a newer header may have fields of its own.
	var version struct {
		Version *int `json:"seedbed-history"`
	}
	if err := json.Unmarshal([]byte(text), &version); err != nil {
		return inWords(err)
	}
	switch v := version.Version; {
	case v == nil:
		return errors.New(`want a header such as {"seedbed-history":1,"model":"kv"}`)
	case *v > Version:
		return fmt.Errorf("version %d is newer than this program, which knows up to %d", *v, Version)
	case *v < 1:
		return fmt.Errorf("there is no version %d: want 1 to %d", *v, Version)
	}
	return unmarshalStrictly(text, h)
}

// unmarshalStrictly reads one JSON object with no field that is not known.
func unmarshalStrictly(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return inWords(err)
	}
	if rest := strings.TrimSpace(text[decoder.InputOffset():]); rest != "" {
		return fmt.Errorf("want one JSON object on a line, and after it there is %s", excerpt(rest))
	}
	return nil
}

// inWords says what is wrong with JSON without Go's names for it.
func inWords(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("field %q is a %s: want %s", wrong.Field, wrong.Value, jsonKind(wrong.Type.Kind().String()))
	case errors.As(err, &wrong):
		return fmt.Errorf("want a JSON object, not this: %s", wrong.Value)
	case errors.Is(err, io.ErrUnexpectedEOF), err.Error() == "unexpected end of JSON input":
		return errors.New("the line ends within a JSON object: it is cut short")
	default:
		return fmt.Errorf("not the JSON that was expected: %w", err)
	}
}

func jsonKind(kind string) string {
	switch kind {
	case "int", "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	default:
		return "a " + kind
	}
}

func (r *recorder) takeJSON(e jsonEvent) error {
	client, at := *e.Client, time.Duration(*e.At)
	switch e.Event {
	case "invoke":
		in, err := e.input()
		if err != nil {
			return err
		}
		return r.invoke(client, at, in)
	case "ok":
		out, err := e.output(r)
		if err != nil {
			return err
		}
		return r.end(client, at, OK, out)
	case "fail":
		return r.end(client, at, Failed, Output{})
	case "unknown":
		return r.end(client, at, Unknown, Output{})
	default:
		return fmt.Errorf("event %s: want invoke, ok, fail or unknown", excerpt(e.Event))
	}
}

func (e jsonEvent) input() (Input, error) {
	if e.F == nil {
		return Input{}, errors.New("an invocation without f: want read, write, append, cas or delete")
	}
	f := slices.Index(functionNames[:], *e.F)
	if f < 0 {
		return Input{}, fmt.Errorf("f %s: want read, write, append, cas or delete", excerpt(*e.F))
	}
	in := Input{F: Function(f), Key: text(e.Key), Value: text(e.Value), Old: text(e.Old)}
	if in.hasValue() != (e.Value != nil) {
		return in, fmt.Errorf("a %v with value: %v; a write, an append and a cas have one, and nothing else has", in.F, e.Value != nil)
	}
	if (in.F == CAS) != (e.Old != nil) {
		return in, fmt.Errorf("a %v with old: %v; a cas has one, and nothing else has", in.F, e.Old != nil)
	}
	return in, nil
}

// output is the answer. What the answer turns on has to be said: an answer
// that was forgotten is not the answer "nothing".
func (e jsonEvent) output(r *recorder) (Output, error) {
	if id, ok := r.open[*e.Client]; ok {
		switch in := r.history.operations[id].Input.(Input); {
		case in.F == Read && e.Found == nil:
			return Output{}, errors.New("the ok of a read without found: want true or false")
		case in.F == CAS && e.Applied == nil:
			return Output{}, errors.New("the ok of a cas without applied: want true or false")
		}
	}
	return Output{Value: text(e.Value), Found: e.Found != nil && *e.Found, Applied: e.Applied != nil && *e.Applied}, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
