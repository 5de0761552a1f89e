package values

import (
	"maps"
	"slices"

	"seedbed.example/history"
	"seedbed.example/protocols/encoding"
)

// A Map holds a value at each key that has one. It must not be nil.
type Map map[string]string

// Apply carries an operation out and returns its answer.
func (m Map) Apply(in history.Input) (out history.Output) {
	value, found := m[in.Key]
	switch in.F {
	case history.Read:
		return history.Output{Value: value, Found: found}
	case history.Write:
		m[in.Key] = in.Value
	case history.Append:
		m[in.Key] = value + in.Value
	case history.CAS:
		if out.Applied = found && value == in.Old; out.Applied {
			m[in.Key] = in.Value
		}
	case history.Delete:
		delete(m, in.Key)
	}
	return out
}

// Append appends all keys and values to b: the same bytes for the same map.
func (m Map) Append(b []byte) []byte {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		b = encoding.AppendText(encoding.AppendText(b, key), m[key])
	}
	return b
}

// Parse returns the map of which Append has made these bytes.
func Parse(data []byte) (Map, error) {
	m, r := make(Map), encoding.Reader{Data: data}
	for len(r.Data) > 0 {
		key := r.Text()
		m[key] = r.Text()
	}
	return m, r.End()
}

// AppendInput appends what a client asks for to b.
func AppendInput(b []byte, in history.Input) []byte {
	b = encoding.AppendUvarint(b, uint64(in.F))
	for _, text := range [...]string{in.Key, in.Value, in.Old} {
		b = encoding.AppendText(b, text)
	}
	return b
}

// ReadInput reads what a client asks for, as [AppendInput] appends it.
func ReadInput(r *encoding.Reader) history.Input {
	return history.Input{F: history.Function(r.Uvarint()), Key: r.Text(), Value: r.Text(), Old: r.Text()}
}
