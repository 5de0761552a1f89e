package history

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// An ednValue is one value in EDN, the extensible data notation of Clojure
// (https://github.com/edn-format/edn). The zero value is nil.
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

// isNil reports whether the value is nil, as what is not there is.
func (v ednValue) isNil() bool { return v.kind == ednSymbol && (v.text == "nil" || v.text == "") }

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
		if v.isNil() {
			return "nil"
		}
		return v.text
	}
}

// ednDepth is how deep values may lie in one another.
const ednDepth = 64

// An ednReader reads values one after another.
type ednReader struct {
	input *bufio.Reader
	line  int
	depth int // how many values lie around the one being read
	size  int // bytes of the outermost value so far
}

func newEDNReader(r io.Reader) *ednReader { return &ednReader{input: bufio.NewReader(r), line: 1} }

func (r *ednReader) errorf(format string, values ...any) error {
	return &LineError{r.line, fmt.Errorf(format, values...)}
}

// peek returns the next byte without taking it; [io.EOF] at the end.
func (r *ednReader) peek() (byte, error) {
	next, err := r.input.Peek(1)
	switch {
	case err == io.EOF:
		return 0, io.EOF
	case err != nil:
		return 0, &LineError{r.line, err}
	default:
		return next[0], nil
	}
}

// take takes the byte that was peeked.
func (r *ednReader) take() {
	if c, _ := r.input.ReadByte(); c == '\n' {
		r.line++
	}
	r.size++
}

// more returns the next byte of something that has begun, and so has to go on.
func (r *ednReader) more(within string) (byte, error) {
	c, err := r.peek()
	if err == io.EOF {
		return 0, r.errorf("the recording ends within %s: it is cut short", within)
	}
	if err == nil && r.size > MaxLine {
		return 0, r.tooLong()
	}
	return c, err
}

func (r *ednReader) tooLong() error { return r.errorf("a value is longer than %d bytes", MaxLine) }

// begin passes over blanks, commas, comments, and values that #_ leaves out, and
// returns the byte after them without taking it; [io.EOF] at the end.
func (r *ednReader) begin() (byte, error) {
	for comment := false; ; {
		c, err := r.peek()
		if err != nil {
			return 0, err
		}
		switch {
		case c == '\n':
			comment = false
		case c == ';':
			comment = true
		case comment || isBlank(c):
		case c == '#' && r.discards():
			if err := r.discard(); err != nil {
				return 0, err
			}
			continue
		default:
			return c, nil
		}
		r.take()
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' }

// discards reports whether #_ comes next, which leaves out the value after it.
func (r *ednReader) discards() bool {
	next, _ := r.input.Peek(2)
	return string(next) == "#_"
}

func (r *ednReader) discard() error {
	r.take()
	r.take()
	_, err := r.inner("what #_ leaves out")
	return err
}

// next reads a value; [io.EOF] if there is none.
func (r *ednReader) next() (ednValue, error) {
	if r.depth == 0 {
		r.size = 0
	}
	if r.depth++; r.depth > ednDepth {
		return ednValue{}, r.errorf("values lie in one another more than %d deep", ednDepth)
	}
	defer func() { r.depth-- }()
	if r.size > MaxLine {
		return ednValue{}, r.tooLong()
	}
	c, err := r.begin()
	if err != nil {
		return ednValue{}, err
	}
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
	r.take()
	for {
		c, err := r.begin()
		if err == io.EOF {
			return v, r.errorf("the recording ends before the %q that closes line %d: it is cut short", closing, v.line)
		}
		if err != nil {
			return v, err
		}
		if c == closing {
			r.take()
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

// dispatch reads what begins with a hash sign: a set, a number such as ##Inf, or
// a value with a tag, which is taken for the value.
func (r *ednReader) dispatch() (ednValue, error) {
	r.take()
	c, err := r.more("a value with a tag")
	if err != nil {
		return ednValue{}, err
	}
	switch c {
	case '{':
		return r.collection(ednSequence, '}')
	case '#':
		r.take()
		return r.word()
	}
	if tag, err := r.inner("a tag"); err != nil {
		return ednValue{}, err
	} else if tag.kind != ednSymbol && tag.kind != ednKeyword {
		return ednValue{}, r.errorf("#%s: want a name after the hash sign", excerpt(tag.String()))
	}
	return r.inner("a value with a tag")
}

// quoted reads a string.
func (r *ednReader) quoted() (ednValue, error) {
	v := ednValue{kind: ednString, line: r.line}
	r.take()
	var text strings.Builder
	for {
		c, err := r.more("a text")
		if err != nil {
			return v, err
		}
		r.take()
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
	}
}

// escape reads what follows a backslash in a string.
func (r *ednReader) escape(text *strings.Builder) error {
	c, err := r.more("a text")
	if err != nil {
		return err
	}
	r.take()
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

// unicode reads what follows \u in a string: four digits, or a pair of surrogates
// of four each.
func (r *ednReader) unicode(text *strings.Builder) error {
	code, err := r.hexadecimal()
	if err == nil && utf16.IsSurrogate(code) {
		var low rune
		if next, _ := r.input.Peek(2); string(next) == `\u` {
			r.take()
			r.take()
			low, err = r.hexadecimal()
		}
		if code = utf16.DecodeRune(code, low); err == nil && code == utf8.RuneError {
			err = r.errorf("half of a pair of surrogates in a text")
		}
	}
	text.WriteRune(code)
	return err
}

func (r *ednReader) hexadecimal() (rune, error) {
	var digits [4]byte
	for i := range digits {
		c, err := r.more("a text")
		if err != nil {
			return 0, err
		}
		r.take()
		digits[i] = c
	}
	code, err := strconv.ParseUint(string(digits[:]), 16, 16)
	if err != nil {
		return 0, r.errorf(`\u%s in a text: want four hexadecimal digits`, digits)
	}
	return rune(code), nil
}

// word reads a number, a keyword, a symbol or a character.
func (r *ednReader) word() (ednValue, error) {
	v := ednValue{line: r.line}
	var text strings.Builder
	for {
		c, err := r.peek()
		if err != nil && err != io.EOF {
			return v, err
		}
		character := text.String() == `\` // and it may be a bracket
		if err == io.EOF || isBlank(c) || !character && strings.IndexByte(`{}[]()";`, c) >= 0 {
			break
		}
		if r.size > MaxLine {
			return v, r.tooLong()
		}
		text.WriteByte(c)
		r.take()
	}
	v.text = text.String()
	return v, r.classify(&v)
}

// numeral is a number in EDN, or a ratio in Clojure.
var numeral = regexp.MustCompile(`^[+-]?[0-9]+(N|M|/[0-9]+|(\.[0-9]*)?([eE][+-]?[0-9]+)?M?)$`)

// classify finds out what kind a word is, and writes a whole number as one
// always does.
func (r *ednReader) classify(v *ednValue) error {
	digits := strings.TrimLeft(v.text, "+-")
	if v.text == "" {
		return r.errorf("nothing follows ##")
	}
	if v.text[0] == ':' {
		v.kind = ednKeyword
		return nil
	}
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		v.kind = ednSymbol
		return nil
	}
	v.kind = ednNumber
	if n, whole := number(strings.TrimSuffix(v.text, "N")); whole {
		v.text = n
	} else if !numeral.MatchString(v.text) {
		return r.errorf("%s is not a number", excerpt(v.text))
	}
	return nil
}
