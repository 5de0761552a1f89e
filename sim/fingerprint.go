package sim

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"time"
)

// Bounds of a fingerprint. A value that is larger, or deeper, has none.
const (
	fingerprintValues = 100_000 // single values and words of 8 bytes
	fingerprintDepth  = 250
)

// fingerprint digests a value and all that it leads to: behind pointers and
// interfaces, in slices up to their length, in maps whatever their order, in
// fields that are not exported. Equal values have one fingerprint wherever they
// stand in memory; a change anywhere makes another, short of a collision of 64
// bits. What can't be looked into (functions, channels, locations of times,
// which fill their caches when they please) counts by its address. So
// fingerprints are compared within one process, and reach no trace. It reports
// false if the value is too large to be looked at whole.
func fingerprint(v any) (print Hash, ok bool) {
	p := printer{left: fingerprintValues}
	p.value(&print, reflect.ValueOf(v))
	return print, p.left >= 0
}

// printer walks through one value.
type printer struct {
	left int    // how much more is looked at; below 0 when it was too much
	path []step // the pointers, slices and maps that led to where it is
}

// A step is one of the values through which a value may hold itself.
type step struct {
	address uintptr
	length  int
	of      reflect.Type
}

// typeWord tells types apart within this process.
//
//seedbed:allow the print of a message is compared with another one of the same run only
func typeWord(t reflect.Type) uint64 { return uint64(reflect.ValueOf(t).Pointer()) }

var locationType = reflect.TypeFor[*time.Location]()

func (p *printer) value(h *Hash, v reflect.Value) {
	if p.left--; p.left < 0 {
		return
	}
	kind := uint64(v.Kind())
	switch v.Kind() {
	case reflect.Invalid:
		h.add(0, kind)
	case reflect.Bool:
		word := uint64(0)
		if v.Bool() {
			word = 1
		}
		h.add(word, kind)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		h.add(uint64(v.Int()), kind)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		h.add(v.Uint(), kind)
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		addNumber(h, v)
	case reflect.String:
		p.text(h, v.String())
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		//seedbed:allow the print of a message is compared with another one of the same run only
		h.add(uint64(v.Pointer()), kind)
	case reflect.Array:
		p.elements(h, v)
	case reflect.Struct:
		for i := range v.NumField() {
			p.value(h, v.Field(i))
		}
	case reflect.Interface:
		if h.add(0, kind); !v.IsNil() {
			h.add(typeWord(v.Elem().Type()), kind)
		}
		p.value(h, v.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Map:
		p.reference(h, v)
	}
}

// reference looks at what a pointer, slice or map leads to, unless it leads
// back to where the way has come from: then it counts by how far back.
func (p *printer) reference(h *Hash, v reflect.Value) {
	kind := uint64(v.Kind())
	if v.IsNil() {
		h.add(0, kind)
		return
	}
	//seedbed:allow to come back to a place is all that is asked
	here := step{v.Pointer(), 0, v.Type()}
	if v.Kind() == reflect.Slice {
		here.length = v.Len()
	}
	if here.of == locationType {
		h.add(uint64(here.address), kind)
		return
	}
	if back := slices.Index(p.path, here); back >= 0 {
		h.add(uint64(len(p.path)-back), kind)
		return
	}
	if len(p.path) == fingerprintDepth {
		p.left = -1
		return
	}
	p.path = append(p.path, here)
	h.add(1, kind^1<<8)
	switch v.Kind() {
	case reflect.Pointer:
		p.value(h, v.Elem())
	case reflect.Slice:
		p.elements(h, v)
	default:
		p.entries(h, v)
	}
	p.path = p.path[:len(p.path)-1]
}

func (p *printer) elements(h *Hash, v reflect.Value) {
	h.add(uint64(v.Len()), uint64(v.Kind()))
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		p.bytes(h, v.Bytes())
		return
	}
	for i := 0; i < v.Len() && p.left >= 0; i++ {
		p.value(h, v.Index(i))
	}
}

// entries adds up the digests of a map's entries, so that their order is of no
// account.
func (p *printer) entries(h *Hash, v reflect.Value) {
	var sum uint64
	//seedbed:allow digests of entries are added up
	for entry := v.MapRange(); p.left >= 0 && entry.Next(); {
		var one Hash
		p.value(&one, entry.Key())
		one.add(1, uint64(reflect.Map))
		p.value(&one, entry.Value())
		one.add(2, uint64(reflect.Map))
		sum += uint64(one)
	}
	h.add(sum, uint64(reflect.Map))
	h.add(uint64(v.Len()), uint64(reflect.Map))
}

// addNumber takes in a number by its bits, so that a NaN is equal to itself.
func addNumber(h *Hash, v reflect.Value) {
	kind := uint64(v.Kind())
	if v.CanFloat() {
		h.add(math.Float64bits(v.Float()), kind)
		return
	}
	h.add(math.Float64bits(real(v.Complex())), kind)
	h.add(math.Float64bits(imag(v.Complex())), kind)
}

func (p *printer) text(h *Hash, text string) {
	h.add(uint64(len(text)), uint64(reflect.String))
	p.bytes(h, []byte(text))
}

// bytes takes in eight bytes at a time.
func (p *printer) bytes(h *Hash, b []byte) {
	p.left -= len(b) / 8
	for ; len(b) >= 8; b = b[8:] {
		h.add(binary.LittleEndian.Uint64(b), 8)
	}
	var rest [8]byte
	copy(rest[:], b)
	h.add(binary.LittleEndian.Uint64(rest[:]), uint64(len(b)))
}
