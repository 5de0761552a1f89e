package history

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// An ednValue is one value in EDN, the extensible data notation of Clojure
// (https://github.com/edn-format/edn).
type ednValue struct {
	kind  ednKind
	text  string     // of a scalar: a string's content, a number in its usual form, a keyword with its colon
	items []ednValue // of a list, vector, set or map; a map's keys and values take turns
	line  int
}

type ednKind uint8

const (
	ednSymbol ednKind = iota // also nil, true, false and characters
	ednKeyword
	ednNumber
	ednString
	ednSequence // a list, a vector or a set
	ednMap
)

func (v ednValue) isNil() bool { return v.kind == ednSymbol && v.text == "nil" }

// String returns the value as EDN, sets and lists as vectors.
func (v ednValue) String() string {
	var items []string
	for _, item := range v.items {
		items = append(items, item.String())
	}
	switch v.kind {
	case ednString:
		return strconv.Quote(v.text)
	case ednSequence:
		return "[" + strings.Join(items, " ") + "]"
	case ednMap:
		return "{" + strings.Join(items, " ") + "}"
	default:
		return v.text
	}
}

// ednDepth is how deep values may lie in one another.
const ednDepth = 64

// An ednReader reads values one after another.
type ednReader struct {
	input *bufio.Reader
	line  int
	depth int
}

func newEDNReader(r io.Reader) *ednReader { return &ednReader{input: bufio.NewReader(r), line: 1} }

func (r *ednReader) errorf(format string, values ...any) error {
	return &LineError{r.line, fmt.Errorf(format, values...)}
}

// readByte reads a byte. Past the end it is an error of the line, because
// something has begun that is not ended.
func (r *ednReader) readByte(within string) (byte, error) {
	c, err := r.input.ReadByte()
	if err == io.EOF {
		return 0, r.errorf("the recording ends within %s: it is cut short", within)
	}
	if err != nil {
		return 0, &LineError{r.line, err}
	}
	if c == '\n' {
		r.line++
	}
	return c, nil
}

// peek passes over blanks, commas and comments.
func (r *ednReader) peek() (byte, error) {
	for comment := false; ; {
		next, err := r.input.Peek(1)
		if err == io.EOF {
			return 0, io.EOF
		}
		if err != nil {
			return 0, &LineError{r.line, err}
		}
		c := next[0]
		switch {
		case c == '\n':
			r.line++
			comment = false
		case c == ';':
			comment = true
		case !comment && !isBlank(c):
			return c, nil
		}
		r.input.Discard(1)
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' }

// begin passes over blanks, comments, and values that #_ leaves out, and returns
// the byte after them without taking it; [io.EOF] at the end.
func (r *ednReader) begin() (byte, error) {
	for {
		c, err := r.peek()
		if next, _ := r.input.Peek(2); err != nil || string(next) != "#_" {
			return c, err
		}
		r.input.Discard(2)
		if _, err := r.inner("what #_ leaves out"); err != nil {
			return 0, err
		}
	}
}

// next reads a value; [io.EOF] if there is none.
func (r *ednReader) next() (ednValue, error) {
	c, err := r.begin()
	if err != nil {
		return ednValue{}, err
	}
	if r.depth++; r.depth > ednDepth {
		return ednValue{}, r.errorf("values lie in one another more than %d deep", ednDepth)
	}
	defer func() { r.depth-- }()
	switch c {
	case '{':
		return r.collection(ednMap, '}')
	case '[':
		return r.collection(ednSequence, ']')
	case '(':
		return r.collection(ednSequence, ')')
	case '"':
		return r.quoted()
	case '#':
		return r.dispatch()
	case '}', ']', ')':
		return ednValue{}, r.errorf("%q closes nothing", c)
	default:
		return r.word()
	}
}

// inner reads a value that has to be there.
func (r *ednReader) inner(within string) (ednValue, error) {
	v, err := r.next()
	if err == io.EOF {
		err = r.errorf("the recording ends within %s: it is cut short", within)
	}
	return v, err
}

// collection reads the bracket that is next, and all up to the closing one.
func (r *ednReader) collection(kind ednKind, closing byte) (ednValue, error) {
	v := ednValue{kind: kind, line: r.line}
	r.input.Discard(1)
	for {
		c, err := r.begin()
		if err == io.EOF {
			return v, r.errorf("the recording ends before the %q that closes line %d: it is cut short", closing, v.line)
		}
		if err != nil {
			return v, err
		}
		if c == closing {
			r.input.Discard(1)
			if kind == ednMap && len(v.items)%2 != 0 {
				return v, r.errorf("a map has %d keys and values together: one is missing", len(v.items))
			}
			return v, nil
		}
		item, err := r.next()
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
	}
}

// dispatch reads what begins with a hash sign: a set, or a value with a tag,
// which is taken for the value.
func (r *ednReader) dispatch() (ednValue, error) {
	r.input.Discard(1)
	if c, err := r.peek(); err == nil && c == '{' {
		return r.collection(ednSequence, '}')
	}
	if _, err := r.inner("a tag"); err != nil {
		return ednValue{}, err
	}
	return r.inner("a value with a tag")
}

// quoted reads a string.
func (r *ednReader) quoted() (ednValue, error) {
	v := ednValue{kind: ednString, line: r.line}
	r.input.Discard(1)
	var text strings.Builder
	for {
		c, err := r.readByte("a text")
		if err != nil {
			return v, err
		}
		switch c {
		case '"':
			v.text = text.String()
			return v, nil
		case '\\':
			if err := r.escape(&text); err != nil {
				return v, err
			}
		default:
			text.WriteByte(c)
		}
		if text.Len() > MaxLine {
			return v, r.errorf("a text is longer than %d bytes", MaxLine)
		}
	}
}

// escape reads what follows a backslash in a string.
func (r *ednReader) escape(text *strings.Builder) error {
	c, err := r.readByte("a text")
	if err != nil {
		return err
	}
	switch c {
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'n':
		c = '\n'
	case '\\', '"':
	case 'u':
		return r.unicode(text)
	default:
		return r.errorf(`\%c in a text: want one of \t \r \n \\ \" \uXXXX`, c)
	}
	text.WriteByte(c)
	return nil
}

func (r *ednReader) unicode(text *strings.Builder) error {
	var digits [4]byte
	for i := range digits {
		c, err := r.readByte("a text")
		if err != nil {
			return err
		}
		digits[i] = c
	}
	code, err := strconv.ParseUint(string(digits[:]), 16, 16)
	if err != nil {
		return r.errorf(`\u%s in a text: want four hexadecimal digits`, digits)
	}
	text.WriteRune(rune(code))
	return nil
}

// word reads a number, a keyword or a symbol.
func (r *ednReader) word() (ednValue, error) {
	v := ednValue{line: r.line}
	var text strings.Builder
	for {
		next, err := r.input.Peek(1)
		if err != nil && !errors.Is(err, io.EOF) {
			return v, &LineError{r.line, err}
		}
		if err != nil || isBlank(next[0]) || strings.IndexByte(`{}[]()";`, next[0]) >= 0 {
			break
		}
		if text.Len() == MaxLine {
			return v, r.errorf("a word is longer than %d bytes", MaxLine)
		}
		text.WriteByte(next[0])
		r.input.Discard(1)
	}
	v.text = text.String()
	if n, ok := number(v.text); ok {
		v.kind, v.text = ednNumber, n
	} else if first := strings.TrimLeft(v.text, "+-"); first != "" && first[0] >= '0' && first[0] <= '9' {
		v.kind = ednNumber
	} else if v.text[0] == ':' {
		v.kind = ednKeyword
	}
	return v, nil
}
