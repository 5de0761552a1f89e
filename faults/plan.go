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
	"seedbed.example/sim"
)

// A Plan is what goes wrong in a run.
type Plan []Entry

// An Entry is one fault: what happens, from when, for how long.
type Entry struct {
	At    time.Duration // virtual time at which it strikes
	For   time.Duration // how long it lasts; 0 is to the end of the safety part, and beyond it outside the core
	Fault Fault
}

// A Fault is one kind of thing that can go wrong, with whom it strikes and how
// hard. The types in this package are all there are.
//
//seedbed:simulated
type Fault interface {
	// String tells the fault as a clause of a story: "nodes 1, 2 are cut off".
	String() string
	// strike lets it happen and returns what ends it.
	strike(in *Injector) (heal func())
	// check says what of it cannot be in a world of so many nodes.
	check(nodes int) error
}

// String tells the entry as a line of a story.
func (e Entry) String() string {
	if e.For == 0 {
		return fmt.Sprintf("from %v on, %v", e.At, e.Fault)
	}
	return fmt.Sprintf("from %v to %v, %v", e.At, e.At+e.For, e.Fault)
}

// String tells the plan as a story, a line each.
func (p Plan) String() string {
	lines := make([]string, len(p))
	for i, e := range p {
		lines[i] = e.String()
	}
	return strings.Join(lines, "\n")
}

// Check says what of the plan cannot be in a world of so many nodes, numbered
// from 1; nil if it all can.
func (p Plan) Check(nodes int) error {
	for i, e := range p {
		if e.Fault == nil {
			return fmt.Errorf("plan entry %d: no fault", i+1)
		}
		if e.At < 0 || e.For < 0 {
			return fmt.Errorf("plan entry %d (%s): at %v for %v: want times of 0 or more", i+1, KindOf(e.Fault), e.At, e.For)
		}
		if e.For == 0 && endless(e.Fault) {
			return fmt.Errorf("plan entry %d (%s): want for how long, above 0", i+1, KindOf(e.Fault))
		}
		if err := e.Fault.check(nodes); err != nil {
			return fmt.Errorf("plan entry %d (%s): %w", i+1, KindOf(e.Fault), err)
		}
	}
	return nil
}

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

// UnmarshalJSON reads what [Entry.MarshalJSON] writes. An unknown fault or
// field is an error.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var head wireEntry
	if err := json.Unmarshal(data, &head); err != nil {
		return jsonfile.Explain(err)
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

// Sort orders the plan by time, keeping the order of what happens at once.
func (p Plan) Sort() {
	slices.SortStableFunc(p, func(a, b Entry) int { return int(a.At - b.At) })
}

// checkNode says whether there is such a node.
func checkNode(node sim.NodeID, nodes int) error {
	if node == 0 {
		return fmt.Errorf("node: missing, or 0: there are nodes 1 to %d", nodes)
	}
	if node < 1 || int(node) > nodes {
		return fmt.Errorf("node %d: there are nodes 1 to %d", uint64(node), nodes)
	}
	return nil
}

func checkNodes(list []sim.NodeID, nodes int) error {
	for _, node := range list {
		if err := checkNode(node, nodes); err != nil {
			return err
		}
	}
	return nil
}

// endless reports whether a fault would have no effect but to lose what it
// touches if it had no end.
func endless(f Fault) bool {
	_, clog := f.(Clog)
	return clog
}
