package sim

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// DescribeWith lets f tell the messages of a recorded run, and what is asked and
// answered in its operations: for a protocol that carries bytes of which only its
// user knows what they mean. Of what f knows nothing, it returns "".
func (w *World) DescribeWith(f func(v any) string) { w.tells = f }

// describe returns a message, or what is asked or answered, as text for the
// trace.
func (w *World) describe(v any) string {
	if w.tells != nil {
		if text := w.tells(v); text != "" {
			return text
		}
	}
	return describe(v)
}

// describe returns a value as text for a trace: as fmt's %+v would, but behind
// pointers there is what they point to, since an address differs from run to
// run, and bytes are quoted.
func describe(v any) string {
	if v == nil {
		return "<nil>"
	}
	return string(appendValue(nil, reflect.ValueOf(v), 0))
}

// deepest is how far into a value its description goes; a value may hold
// itself.
const deepest = 10

func appendValue(text []byte, v reflect.Value, depth int) []byte {
	if v.IsValid() && v.CanInterface() {
		switch v := v.Interface().(type) {
		case error, fmt.Stringer:
			return fmt.Append(text, v) // which survives its panics
		}
	}
	if depth > deepest {
		return append(text, "..."...)
	}
	switch v.Kind() {
	case reflect.Invalid:
		return append(text, "<nil>"...)
	case reflect.Pointer, reflect.Interface:
		return appendValue(text, v.Elem(), depth+1)
	case reflect.Struct:
		return appendStruct(text, v, depth)
	case reflect.Map:
		return appendMap(text, v, depth)
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			return strconv.AppendQuote(text, string(v.Bytes()))
		}
		text = append(text, '[')
		for i := range v.Len() {
			if i > 0 {
				text = append(text, ' ')
			}
			text = appendValue(text, v.Index(i), depth+1)
		}
		return append(text, ']')
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return append(text, v.Type().String()...)
	default:
		return fmt.Append(text, v)
	}
}

func appendStruct(text []byte, v reflect.Value, depth int) []byte {
	text = append(text, '{')
	for i := range v.NumField() {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(append(text, v.Type().Field(i).Name...), ':')
		text = appendValue(text, v.Field(i), depth+1)
	}
	return append(text, '}')
}

// appendMap describes a map in the order of its keys' descriptions.
func appendMap(text []byte, v reflect.Value, depth int) []byte {
	type entry struct{ key, value string }
	var entries []entry
	for iter := v.MapRange(); iter.Next(); {
		entries = append(entries, entry{
			string(appendValue(nil, iter.Key(), depth+1)), string(appendValue(nil, iter.Value(), depth+1)),
		})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.value, b.value)) })
	text = append(text, "map["...)
	for i, e := range entries {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(append(append(text, e.key...), ':'), e.value...)
	}
	return append(text, ']')
}
