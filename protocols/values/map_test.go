package values

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/history"
	"seedbed.example/protocols/encoding"
)

func expect[T any](t rapid.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAMapCarriesOutEveryFunction(t *testing.T) {
	m := make(Map)
	for _, step := range []struct {
		in   history.Input
		want history.Output
	}{
		{history.Input{F: history.Read, Key: "a"}, history.Output{}},
		{history.Input{F: history.CAS, Key: "a", Old: "", Value: "0"}, history.Output{}},
		{history.Input{F: history.Write, Key: "a", Value: "1"}, history.Output{}},
		{history.Input{F: history.Read, Key: "a"}, history.Output{Value: "1", Found: true}},
		{history.Input{F: history.Append, Key: "a", Value: "2"}, history.Output{}},
		{history.Input{F: history.CAS, Key: "a", Old: "1", Value: "x"}, history.Output{}},
		{history.Input{F: history.CAS, Key: "a", Old: "12", Value: "3"}, history.Output{Applied: true}},
		{history.Input{F: history.Append, Key: "b", Value: "4"}, history.Output{}},
		{history.Input{F: history.Read, Key: "b"}, history.Output{Value: "4", Found: true}},
		{history.Input{F: history.Delete, Key: "b"}, history.Output{}},
		{history.Input{F: history.Read, Key: "b"}, history.Output{}},
		{history.Input{F: history.Write, Key: "c", Value: ""}, history.Output{}},
		{history.Input{F: history.Read, Key: "c"}, history.Output{Found: true}},
		{history.Input{F: history.Read, Key: "a"}, history.Output{Value: "3", Found: true}},
	} {
		expect(t, "answer to "+step.in.String(), m.Apply(step.in), step.want)
	}
}

func drawInput(t *rapid.T) history.Input {
	text := rapid.StringN(0, 3, -1)
	return history.Input{
		F:   rapid.SampledFrom([]history.Function{history.Read, history.Write, history.Append, history.CAS, history.Delete}).Draw(t, "f"),
		Key: text.Draw(t, "key"), Value: text.Draw(t, "value"), Old: text.Draw(t, "old"),
	}
}

func TestInputsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		r := encoding.Reader{Data: AppendInput(nil, in)}
		expect(t, "input", ReadInput(&r), in)
		expect(t, "rest", r.End(), nil)
	})
}

// A map is read back of its bytes, and two that hold the same have the same.
func TestAMapIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := make(Map)
		for range rapid.IntRange(0, 10).Draw(t, "operations") {
			m.Apply(drawInput(t))
		}
		got, err := Parse(m.Append(nil))
		if err != nil || !maps.Equal(got, m) {
			t.Fatalf("%v of %v, %v", got, m, err)
		}
		expect(t, "bytes", got.Append(nil), m.Append(nil))
	})
}

func TestBytesThatAreCutShortAreNoMap(t *testing.T) {
	whole := Map{"a": "1"}.Append(nil)
	for length := 1; length < len(whole); length++ {
		if m, err := Parse(whole[:length]); err == nil {
			t.Errorf("%v of %d of %d bytes", m, length, len(whole))
		}
	}
}

func FuzzReadInput(f *testing.F) {
	f.Add(AppendInput(nil, history.Input{F: history.CAS, Key: "a", Old: "1", Value: "2"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := encoding.Reader{Data: data}
		in := ReadInput(&r)
		if r.End() != nil {
			return
		}
		again := encoding.Reader{Data: AppendInput(nil, in)}
		if got := ReadInput(&again); got != in || again.End() != nil {
			t.Errorf("read %v, and of that %v", in, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(Map{"a": "1"}.Append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		if again, err := Parse(m.Append(nil)); err != nil || !maps.Equal(m, again) {
			t.Errorf("parsed %v, and of that %v, %v", m, again, err)
		}
	})
}
