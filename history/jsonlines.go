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
	From    *string `json:"from,omitempty"`
	To      *string `json:"to,omitempty"`
	Amount  *int64  `json:"amount,omitempty"`
	Found   *bool   `json:"found,omitempty"`
	Applied *bool   `json:"applied,omitempty"`
}

// jsonFields is the names of all fields of a header or an event.
var jsonFields = []string{"seedbed-history", "model", "events", "client", "at", "event", "f", "key", "old", "value", "from", "to", "amount", "found", "applied"}

func decodeJSON(r io.Reader) (*Recording, error) {
	d := &jsonDecoder{rec: newRecorder()}
	lines, _, err := eachLine(r, d.line)
	if err != nil {
		return nil, err
	}
	if d.header == nil {
		return nil, &LineError{1, errors.New("there is no header: the recording is empty")}
	}
	if said := d.header.Events; said != nil && *said != d.events {
		return nil, &LineError{lines, fmt.Errorf("the recording ends after %d events, and its header says %d: it is cut short, or was added to", d.events, *said)}
	}
	return d.rec.recording(JSONLines, d.header.Model, lines)
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
	fields, err := unmarshalStrictly(text, &e)
	if err != nil {
		return err
	}
	if e.Client == nil || e.At == nil {
		return errors.New("want the fields client, at and event in each event")
	}
	if *e.At < d.last {
		return fmt.Errorf("at %d after %d: times begin at 0 and never decrease", *e.At, d.last)
	}
	d.last = *e.At
	return d.rec.takeJSON(e, fields)
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
	_, err := unmarshalStrictly(text, h)
	return err
}

// unmarshalStrictly reads one JSON object, and returns the names of its fields.
// Each has to be one that is known, as it is spelt, and not null.
func unmarshalStrictly(text string, into any) (fields []string, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return nil, inWords(err)
	}
	if rest := strings.TrimSpace(text[decoder.InputOffset():]); rest != "" {
		return nil, fmt.Errorf("want one JSON object on a line, and after it there is %s", excerpt(rest))
	}
	return fieldsOf(text)
}

// fieldsOf returns the names of the fields of a JSON object. Package json takes
// the last of two fields with one name, AT for at, and null for anything; this
// refuses them.
func fieldsOf(text string) (fields []string, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.Token() // the brace
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, inWords(err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, inWords(err)
		}
		field := name.(string)
		switch {
		case slices.Contains(fields, field):
			return nil, fmt.Errorf("two fields %q", field)
		case !slices.Contains(jsonFields, field):
			return nil, fmt.Errorf("unknown field %q", field)
		case string(value) == "null":
			return nil, fmt.Errorf("field %q is null: leave it out if there is nothing to say", field)
		}
		fields = append(fields, field)
	}
	return fields, nil
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

// takeJSON puts an event into the history; fields is what its line has.
func (r *recorder) takeJSON(e jsonEvent, fields []string) error {
	client, at := *e.Client, time.Duration(*e.At)
	var in Input
	var err error
	switch e.Event {
	case "invoke":
		in, err = e.input()
	case "ok", "fail", "unknown":
		in, err = r.underWay(client)
	default:
		err = fmt.Errorf("event %s: want invoke, ok, fail or unknown", excerpt(e.Event))
	}
	if err == nil {
		err = e.check(fields, in.F)
	}
	if err != nil {
		return err
	}
	switch e.Event {
	case "invoke":
		return r.invoke(client, at, in)
	case "ok":
		return r.end(client, at, OK, Output{Value: value(e.Value), Found: value(e.Found), Applied: value(e.Applied)})
	case "fail":
		return r.end(client, at, Failed, Output{})
	default:
		return r.end(client, at, Unknown, Output{})
	}
}

func (e jsonEvent) input() (Input, error) {
	f, err := functionNamed(value(e.F))
	if err != nil {
		return Input{}, fmt.Errorf("an invoke with %w", err)
	}
	return Input{
		F: f, Key: value(e.Key), Value: value(e.Value), Old: value(e.Old),
		From: value(e.From), To: value(e.To), Amount: value(e.Amount),
	}, nil
}

// check checks that an event of an f has the fields that it needs and no
// others, and that they are text. What an answer turns on has to be said: one
// that was forgotten is not the answer "nothing".
func (e jsonEvent) check(fields []string, f Function) error {
	needed := append([]string{"client", "at", "event"}, e.tells(f)...)
	for _, field := range needed {
		if !slices.Contains(fields, field) {
			return fmt.Errorf("the %s of a %v without %s", e.Event, f, field)
		}
	}
	for _, field := range fields {
		if !slices.Contains(needed, field) && (field != "key" || e.Event != "invoke") {
			return fmt.Errorf("the %s of a %v with %s: want only %s", e.Event, f, field, strings.Join(needed, ", "))
		}
	}
	return allText(value(e.Key), value(e.Value), value(e.Old), value(e.From), value(e.To))
}

// tells returns what fields an event of an f has of its own.
func (e jsonEvent) tells(f Function) []string {
	switch {
	case e.Event == "invoke":
		return append([]string{"f"}, functions[f].asks...)
	case e.Event == "ok" && f.answers() == "found" && value(e.Found):
		return []string{"found", "value"}
	case e.Event == "ok" && f.answers() != "":
		return []string{f.answers()}
	default:
		return nil
	}
}

// value returns what a field says, or nothing if the line does not have it.
func value[T any](field *T) (said T) {
	if field != nil {
		said = *field
	}
	return said
}
