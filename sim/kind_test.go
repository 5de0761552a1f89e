package sim

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// register returns a function that numbers names as a network does.
func register() func(name string) int {
	names := 0
	return func(string) int { names++; return names - 1 }
}

// Every type has its kind, however many there are.
func TestManyKindsAreToldApart(t *testing.T) {
	var k kinds
	names, number := map[int]string{}, register()
	for range 3 {
		for i := range 500 {
			m := reflect.New(reflect.ArrayOf(i, reflect.TypeFor[byte]())).Elem().Interface()
			kind := k.of(m, number)
			want := fmt.Sprintf("[%d]uint8", i)
			if name, ok := names[kind]; ok && name != want {
				t.Fatalf("%s and %s are one kind", name, want)
			}
			names[kind] = want
			if k.all[kind].name != want || k.all[kind].hash != hashText(want) {
				t.Fatalf("%s has the name %q", want, k.all[kind].name)
			}
		}
	}
	if len(k.all) != 500 || k.used != 500 {
		t.Errorf("%d kinds and %d slots for 500 types", len(k.all), k.used)
	}
}

// Types of one name are one kind, whatever package or function they are of and
// however many pointers lead there.
func TestTypesOfOneNameAreOneKind(t *testing.T) {
	type ping struct{}
	var k kinds
	number := register()
	first := k.of(&ping{}, number)
	p := &ping{}
	for _, m := range []Message{ping{}, &ping{}, &p, outerPing(), new(outerPing())} {
		if got := k.of(m, number); got != first || k.all[got].name != "ping" {
			t.Errorf("%T is kind %d, %q", m, got, k.all[got].name)
		}
	}
	if other := k.of(0, number); other == first {
		t.Error("an int is a ping")
	}
}

// outerPing returns a message of the package's type ping.
func outerPing() ping { return ping{} }

func TestNothingIsAKindToo(t *testing.T) {
	var k kinds
	number := register()
	for _, m := range slices.Repeat([]Message{nil, 1, "text"}, 100) {
		want := "nil"
		if m != nil {
			want = reflect.TypeOf(m).Name()
		}
		if got := k.all[k.of(m, number)].name; got != want {
			t.Errorf("%v is of kind %q", m, got)
		}
	}
	if k.used != 3 {
		t.Errorf("%d slots for 3 types", k.used)
	}
}
