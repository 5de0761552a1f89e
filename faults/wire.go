package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"seedbed.example/internal/jsonfile"
)

// wireEntry is an entry's part that every fault shares, in JSON.
type wireEntry struct {
	At    string `json:"at"`
	For   string `json:"for,omitempty"`
	Fault string `json:"fault"`
}

// MarshalJSON writes the entry as one flat object:
// {"at":"1.2s","for":"300ms","fault":"partition","groups":[[1,2],[3,4,5]]}.
func (e Entry) MarshalJSON() ([]byte, error) {
	head := wireEntry{At: e.At.String(), Fault: KindOf(e.Fault)}
	if e.For > 0 {
		head.For = e.For.String()
	}
	first, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	rest, err := json.Marshal(e.Fault)
	if err != nil {
		return nil, err
	}
	if string(rest) == "{}" {
		return first, nil
	}
	return append(append(first[:len(first)-1], ','), rest[1:]...), nil
}

// UnmarshalJSON reads what [Entry.MarshalJSON] writes. An unknown fault, an
// unknown field, and one that is there twice are errors.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var head wireEntry
	if err := json.Unmarshal(data, &head); err != nil {
		return jsonfile.Explain(err)
	}
	if key := repeatedKey(data); key != "" {
		return fmt.Errorf("%s: it is there twice", key)
	}
	at, err := time.ParseDuration(head.At)
	if err != nil {
		return fmt.Errorf("at: %q is not a duration such as 1.5s", head.At)
	}
	var length time.Duration
	if head.For != "" {
		if length, err = time.ParseDuration(head.For); err != nil {
			return fmt.Errorf("for: %q is not a duration such as 300ms", head.For)
		}
	}
	kind, ok := FindKind(head.Fault)
	if !ok {
		return fmt.Errorf("fault: there is no %q; known are %s", head.Fault, strings.Join(kindNames(), ", "))
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for _, name := range []string{"at", "for", "fault"} {
		delete(fields, name)
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	fault, err := kind.decode(rest)
	if err != nil {
		return fmt.Errorf("%s: %w", head.Fault, jsonfile.Explain(err))
	}
	*e = Entry{At: at, For: length, Fault: fault}
	return nil
}

// repeatedKey returns a key that an object has twice, whether in capitals or
// not, "" if there is none. The object is well-formed.
func repeatedKey(object []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, err := decoder.Token() // the brace
	var keys []string
	for err == nil && decoder.More() {
		key, _ := decoder.Token()
		name := fmt.Sprint(key)
		if slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, name) }) {
			return name
		}
		keys = append(keys, name)
		var value json.RawMessage
		err = decoder.Decode(&value)
	}
	return ""
}

// maxPlanBytes bounds what ReadPlan takes in.
const maxPlanBytes = 16 << 20

// ReadPlan reads a plan as JSON: an array of entries. Errors name the line.
func ReadPlan(in io.Reader) (Plan, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxPlanBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxPlanBytes {
		return nil, fmt.Errorf("plan is larger than %d bytes", maxPlanBytes)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if token, err := decoder.Token(); err != nil {
		return nil, jsonfile.At(data, decoder.InputOffset(), err)
	} else if token != json.Delim('[') {
		return nil, jsonfile.At(data, decoder.InputOffset(), fmt.Errorf("want a JSON array of faults, found %v", token))
	}
	var plan Plan
	for decoder.More() {
		start := decoder.InputOffset()
		var e Entry
		if err := decoder.Decode(&e); err != nil {
			return nil, jsonfile.At(data, start+leading(data[start:]), fmt.Errorf("entry %d: %w", len(plan)+1, err))
		}
		plan = append(plan, e)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, jsonfile.At(data, decoder.InputOffset(), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, jsonfile.At(data, decoder.InputOffset(), errors.New("text after the end of the plan"))
	}
	return plan, nil
}

// leading counts the blanks and commas before the next value.
func leading(data []byte) int64 {
	return int64(len(data) - len(bytes.TrimLeft(data, " \t\r\n,")))
}

// WriteJSON writes the plan as ReadPlan reads it, an entry a line.
func (p Plan) WriteJSON(out io.Writer) error {
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, e := range p {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		b.Write(line)
		if i < len(p)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	_, err := out.Write(b.Bytes())
	return err
}
