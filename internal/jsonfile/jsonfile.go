// Package jsonfile words the errors of encoding/json for people who edit the
// files: in which line, what is there, and what would be right.
package jsonfile

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// At puts the line in front of what is wrong with data: the line that err
// itself knows, or else that of offset.
func At(data []byte, offset int64, err error) error {
	var syntax *json.SyntaxError
	var field *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
		if offset >= int64(len(data)) {
			err = io.ErrUnexpectedEOF
		}
	case errors.As(err, &field) && err == error(field):
		offset = field.Offset
	}
	line := 1 + bytes.Count(data[:min(max(int(offset), 0), len(data))], []byte("\n"))
	return fmt.Errorf("line %d: %w", line, Explain(err))
}

// Explain says what is wrong without the names of Go types.
func Explain(err error) error {
	var field *json.UnmarshalTypeError
	switch {
	case errors.As(err, &field):
		name := field.Field[strings.LastIndexByte(field.Field, '.')+1:]
		if name == "" {
			name = "this"
		}
		article := "a"
		if strings.ContainsAny(field.Value[:1], "ao") { // an array, an object
			article = "an"
		}
		return fmt.Errorf("%s is %s %s: want %s", name, article, field.Value, wanted(field.Type))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends in its midst")
	default:
		return explained{err}
	}
}

// explained is an error that does not begin with the name of a package.
type explained struct{ error }

func (e explained) Error() string { return strings.TrimPrefix(e.error.Error(), "json: ") }
func (e explained) Unwrap() error { return e.error }

// wanted names a Go type as JSON's.
func wanted(t reflect.Type) string {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return "a string"
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Pointer:
		return wanted(t.Elem())
	default:
		return "a whole number"
	}
}
