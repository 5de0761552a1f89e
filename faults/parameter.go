package faults

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A Parameter is something that a fault of a kind says: a field of its type,
// whose tags say what for ("says"), and what it may be ("range") where the
// type alone does not.
type Parameter struct {
	ID      string `json:"id"` // as a plan file names it
	Summary string `json:"summary"`
	Range   string `json:"range"`

	field       int
	optional    bool
	least, most int64    // of a number or a length of time
	words       []string // that a word may be; none is any
}

// parametersOf reads the parameters of a kind off the type of its faults.
func parametersOf(sample Fault) []Parameter {
	t := reflect.TypeOf(sample)
	all := make([]Parameter, t.NumField())
	for i := range all {
		f := t.Field(i)
		id, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		p := Parameter{ID: id, Summary: f.Tag.Get("says"), field: i, optional: option == "omitempty"}
		p.readRange(f.Type, f.Tag.Get("range"))
		p.Range = p.want("the number of nodes", reflect.Zero(f.Type).Interface())
		all[i] = p
	}
	return all
}

// readRange reads the tag "range": "1..10", "1ms..1h" or "crash|pause".
func (p *Parameter) readRange(t reflect.Type, tag string) {
	least, most, between := strings.Cut(tag, "..")
	switch {
	case between && t == reflect.TypeFor[Duration]():
		p.least, p.most = int64(mustParse(time.ParseDuration, least)), int64(mustParse(time.ParseDuration, most))
	case between:
		p.least, p.most = int64(mustParse(strconv.Atoi, least)), int64(mustParse(strconv.Atoi, most))
	case tag != "":
		p.words = strings.Split(tag, "|")
	}
}

// mustParse reads a part of a tag. The tags are of this package.
func mustParse[T any](parse func(string) (T, error), text string) T {
	v, err := parse(text)
	if err != nil {
		panic(err)
	}
	return v
}

// want tells what the parameter may be, in a world of so many nodes.
func (p *Parameter) want(nodes string, v any) string {
	switch v.(type) {
	case sim.NodeID:
		return "1 to " + nodes
	case []sim.NodeID, [][]sim.NodeID:
		return "nodes 1 to " + nodes + ", each once"
	case choice.Rate:
		if p.optional {
			return "0% to 100%"
		}
		return "above 0%, up to 100%"
	case Duration:
		return short(time.Duration(p.least)) + " to " + short(time.Duration(p.most))
	case int:
		return fmt.Sprintf("%d to %d", p.least, p.most)
	case network.Latency:
		return fmt.Sprintf("such as constant 1ms; uniform 1ms..5ms; exponential 1ms+4ms; lognormal 2ms 50%%; times up to %s", short(network.MaxLatency))
	case bool:
		return "true or false"
	case []string:
		return "names, each once"
	default:
		if len(p.words) > 0 {
			return strings.Join(p.words, " or ")
		}
		return "a name"
	}
}

// short returns a length of time without minutes and seconds of nothing: 1h.
func short(d time.Duration) string {
	text := d.String()
	if hours, whole := strings.CutSuffix(text, "h0m0s"); whole {
		return hours + "h"
	}
	if minutes, whole := strings.CutSuffix(text, "m0s"); whole {
		return minutes + "m"
	}
	return text
}

// check says what a value of the parameter cannot be, in a world of that shape.
func (p *Parameter) check(v reflect.Value, s Shape) error {
	value := v.Interface()
	want := func(bad string) error {
		return fmt.Errorf("%s: %s: want %s", p.ID, bad, p.want(strconv.Itoa(s.Nodes), value))
	}
	if v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
		if p.optional {
			return nil
		}
		return want("missing, or " + nothing(value))
	}
	if bad := p.bad(value, s); bad != "" {
		return want(bad)
	}
	return nil
}

// nothing is how a plan file writes a value of this type that says nothing.
func nothing(value any) string {
	switch value.(type) {
	case sim.NodeID, int:
		return "0"
	case choice.Rate, Duration:
		return fmt.Sprint(value)
	default:
		return "empty"
	}
}

// bad returns what of a value is out of range, "" if all of it is within.
func (p *Parameter) bad(value any, s Shape) string {
	switch value := value.(type) {
	case sim.NodeID:
		if value < 1 || int(value) > s.Nodes {
			return strconv.FormatUint(uint64(value), 10)
		}
	case []sim.NodeID:
		for i, node := range value {
			if node < 1 || int(node) > s.Nodes {
				return strconv.FormatUint(uint64(node), 10)
			}
			if slices.Contains(value[:i], node) {
				return fmt.Sprintf("node %v is there twice", node)
			}
		}
	case [][]sim.NodeID:
		for _, group := range value {
			if bad := p.bad(group, s); bad != "" {
				return bad
			}
		}
	case choice.Rate:
		if value < 0 || value > choice.Always {
			return value.String()
		}
	case Duration:
		if int64(value) < p.least || int64(value) > p.most {
			return value.String()
		}
	case int:
		if int64(value) < p.least || int64(value) > p.most {
			return strconv.Itoa(value)
		}
	case string:
		if len(p.words) > 0 && !slices.Contains(p.words, value) {
			return strconv.Quote(value)
		}
	case []string:
		for i, name := range value {
			if name == "" || slices.Contains(value[:i], name) {
				return fmt.Sprintf("%q is empty or there twice", name)
			}
		}
	}
	return ""
}
