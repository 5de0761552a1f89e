package sim

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// thing is a value that may hold everything that a message may.
type thing struct {
	Flag    bool
	small   int8
	wide    uint64
	ratio   float32
	turn    complex128
	name    string
	data    []byte
	list    []int32
	pair    [2]uint16
	next    *thing
	inside  any
	table   map[string]*thing
	byPlace map[[2]int]float64
	_       struct{}
}

// degrees are numbers of another type.
type degrees int

func drawThing(t *rapid.T, depth int) *thing {
	v := &thing{
		Flag: rapid.Bool().Draw(t, "flag"), small: rapid.Int8().Draw(t, "small"), wide: rapid.Uint64().Draw(t, "wide"),
		ratio: rapid.Float32().Draw(t, "ratio"), turn: complex(rapid.Float64().Draw(t, "real"), rapid.Float64().Draw(t, "imaginary")),
		name: rapid.String().Draw(t, "name"), data: rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "data"),
		list:    rapid.SliceOfN(rapid.Int32(), 0, 5).Draw(t, "list"),
		pair:    [2]uint16{rapid.Uint16().Draw(t, "left"), rapid.Uint16().Draw(t, "right")},
		inside:  rapid.SampledFrom([]any{nil, 1, int64(1), "1", thing{small: 1}}).Draw(t, "inside"),
		byPlace: rapid.MapOfN(rapid.Custom(drawPlace), rapid.Float64(), 0, 12).Draw(t, "byPlace"),
	}
	if depth == 0 {
		return v
	}
	if rapid.Bool().Draw(t, "has next") {
		v.next = drawThing(t, depth-1)
	}
	v.table = make(map[string]*thing)
	for _, key := range rapid.SliceOfN(rapid.StringN(0, 3, 3), 0, 3).Draw(t, "keys") {
		v.table[key] = drawThing(t, depth-1)
	}
	return v
}

func drawPlace(t *rapid.T) [2]int { return [2]int{rapid.Int().Draw(t, "x"), rapid.Int().Draw(t, "y")} }

// copyOf returns an equal value that shares no memory with v, with maps that
// were filled in another order.
func copyOf(v *thing) *thing {
	if v == nil {
		return nil
	}
	c := *v
	c.data, c.list = slices.Clone(v.data), slices.Clone(v.list)
	c.next = copyOf(v.next)
	if v.table != nil {
		c.table = make(map[string]*thing)
		for key := range v.table {
			c.table[key] = copyOf(v.table[key])
		}
	}
	c.byPlace = maps.Clone(v.byPlace)
	return &c
}

// changes returns one function for each place at which v can be changed.
func changes(v *thing) []func() {
	all := []func(){
		func() { v.Flag = !v.Flag },
		func() { v.small++ },
		func() { v.wide ^= 1 << 63 },
		func() { v.ratio = math.Float32frombits(math.Float32bits(v.ratio) ^ 1) },
		func() { v.turn = complex(real(v.turn), math.Float64frombits(math.Float64bits(imag(v.turn))^1)) },
		func() { v.turn = complex(math.Float64frombits(math.Float64bits(real(v.turn))^1), imag(v.turn)) },
		func() { v.name += "x" },
		func() { v.data = append(v.data, 0) },
		func() { v.list = append(v.list, 0) },
		func() { v.pair[1]++ },
		func() { v.byPlace[[2]int{1 << 40, len(v.byPlace)}] = 0 },
		func() {
			if _, ok := v.inside.(int); ok {
				v.inside = degrees(1)
			} else {
				v.inside = 1
			}
		},
		func() {
			if v.next == nil {
				v.next = &thing{}
			} else {
				v.next = nil
			}
		},
	}
	for i := range v.data {
		all = append(all, func() { v.data[i]++ })
	}
	for i := range v.list {
		all = append(all, func() { v.list[i]++ })
	}
	for place, value := range v.byPlace {
		all = append(all, func() { v.byPlace[place] = value + 1 + math.Abs(value) }, func() { delete(v.byPlace, place) })
	}
	for _, key := range slices.Sorted(maps.Keys(v.table)) {
		all = append(all, func() { v.table[key] = nil }, func() { delete(v.table, key) })
		all = append(all, changes(v.table[key])...)
	}
	if v.next != nil {
		all = append(all, changes(v.next)...)
	}
	return all
}

func printOf(t interface{ Fatalf(string, ...any) }, v any) Hash {
	print, ok := fingerprint(v)
	if !ok {
		t.Fatalf("%v is too large", v)
	}
	return print
}

func TestEqualValuesHaveOneFingerprintAndAChangeAnywhereMakesAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawThing(t, 2)
		c := copyOf(v)
		want := printOf(t, v)
		if got := printOf(t, c); got != want {
			t.Fatalf("%v, and of a copy %v", want, got)
		}
		places := changes(c)
		place := rapid.IntRange(0, len(places)-1).Draw(t, "place")
		places[place]()
		if got := printOf(t, c); got == want {
			t.Fatalf("change %d of %d makes no difference", place, len(places))
		}
	})
}

func TestAFingerprintTellsNothingFromEmpty(t *testing.T) {
	seen := make(map[Hash]any)
	for _, v := range []any{nil, []int(nil), []int{}, [0]int{}, map[int]int(nil), map[int]int{}, (*int)(nil), new(int), 0, uint(0), "", false, []string{""}, [][]int{nil}, [][]int{{}}} {
		print := printOf(t, &v)
		if other, ok := seen[print]; ok {
			t.Errorf("%#v and %#v have one fingerprint", other, v)
		}
		seen[print] = v
	}
}

func TestWhatHoldsItselfHasAFingerprint(t *testing.T) {
	v := &thing{table: make(map[string]*thing)}
	v.next, v.table["self"], v.inside = v, v, []any{v}
	w := &thing{table: make(map[string]*thing)}
	w.next, w.table["self"], w.inside = w, w, []any{w}
	if printOf(t, v) != printOf(t, w) {
		t.Error("two of one shape have different fingerprints")
	}
	w.small++
	if printOf(t, v) == printOf(t, w) {
		t.Error("a change makes no difference")
	}
}

// Whether a value is too large does not depend on the order in which a map
// hands out its entries.
func TestWhatIsTooLargeHasNoFingerprint(t *testing.T) {
	deep := &thing{}
	for range fingerprintDepth + 1 {
		deep = &thing{next: deep}
	}
	wide := make(map[int][]int)
	for i := range 1000 {
		wide[i] = make([]int, i)
	}
	for _, v := range []any{deep, wide, make([]byte, 8*fingerprintValues+8)} {
		for range 10 {
			if _, ok := fingerprint(v); ok {
				t.Errorf("a %T has one", v)
			}
		}
	}
	if _, ok := fingerprint(make([]byte, 4*fingerprintValues)); !ok {
		t.Error("half of what is too large has none either")
	}
}

// The location of a time fills a cache when it is asked, which changes nothing.
func TestALocationIsNotLookedInto(t *testing.T) {
	at := time.Unix(1, 0)
	want := printOf(t, at)
	_ = at.String()
	if got := printOf(t, at); got != want {
		t.Error("to print a time makes a difference")
	}
	if printOf(t, at.Add(1)) == want || printOf(t, at.UTC()) == want {
		t.Error("another time makes no difference")
	}
}
