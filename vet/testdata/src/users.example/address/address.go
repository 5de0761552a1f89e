package address

import (
	"errors"
	"fmt"
	"reflect"
	"time"
	"unsafe"

	"seedbed.example/sim"
)

type point struct{ X, Y int }

type linked struct{ next *point }

type named struct{ id int }

func (n *named) String() string { return "named" }

func client(p *sim.Process) {
	x, at, f := 1, &point{}, func() {}
	_ = fmt.Sprintf("%p", at)                               // want `the address that is printed for at depends on where in memory`
	_ = fmt.Sprint(&x)                                      // want `the address that is printed for &x`
	_ = fmt.Sprintf("%d %v", 1, f)                          // want `the address that is printed for f`
	p.Log("%v", linked{at})                                 // want `the address that is printed for linked`
	_ = fmt.Errorf("%v: %w", []*point{at}, errors.New("x")) // want `the address that is printed for \[\]\*point`
	_ = uintptr(unsafe.Pointer(at))                         // want `an address as a number`
	_ = reflect.ValueOf(at).Pointer()                       // want `reflect.Value.Pointer`

	_ = fmt.Sprint(at, *at, x, map[string]int{"b": 1, "a": 2}) // fmt sorts maps, and prints &{0 0}
	_ = fmt.Sprintf("%T of %5.2f%% %v", at, 1.0, &named{})
	_ = fmt.Sprintf("%v %v", []*named{{1}}, time.Time{})
	_ = fmt.Sprintf("%*d", 3, x)
	p.Log("%v at %v", any(at), p.Now())
	_ = unsafe.Pointer(uintptr(unsafe.Pointer(at)) + 8)
	_ = unsafe.Sizeof(x)
}
