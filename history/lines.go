package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxLine is the greatest length of a line, and in EDN of a value, in bytes.
const MaxLine = 1 << 20

// A LineError says what is wrong in which line of a recording.
type LineError struct {
	Line int // from 1
	Err  error
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong, without the line.
func (e *LineError) Unwrap() error { return e.Err }

var errLong = fmt.Errorf("the line is longer than %d bytes", MaxLine)

// eachLine calls take with every line that is not blank. It returns how many
// lines there are, and whether the last one has an end. Its errors carry the
// line.
func eachLine(r io.Reader, take func(line string) error) (lines int, ended bool, err error) {
	input := bufio.NewReader(r)
	for ended = true; ended; {
		line, end := readLine(input)
		if end == io.EOF && len(line) == 0 {
			break
		}
		lines++
		ended = end == nil
		if end != nil && end != io.EOF {
			return lines, ended, &LineError{lines, end}
		}
		if err := takeLine(line, take); err != nil {
			return lines, ended, &LineError{lines, err}
		}
	}
	return lines, ended, nil
}

// readLine reads a line, with its end if it has one; else it is [io.EOF].
func readLine(input *bufio.Reader) (line []byte, err error) {
	for {
		piece, err := input.ReadSlice('\n')
		line = append(line, piece...)
		if len(line) > MaxLine+len("\r\n") {
			return nil, errLong
		}
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

func takeLine(line []byte, take func(line string) error) error {
	if len(bytes.TrimRight(line, "\r\n")) > MaxLine {
		return errLong
	}
	line = bytes.TrimSpace(line)
	if !utf8.Valid(line) {
		return errors.New("the line is not text in UTF-8")
	}
	if len(line) == 0 {
		return nil
	}
	return take(string(line))
}

// excerpt quotes text for an error, shortened if need be.
func excerpt(text string) string {
	const most = 60
	if len(text) > most {
		return fmt.Sprintf("%q...", strings.ToValidUTF8(text[:most], ""))
	}
	return fmt.Sprintf("%q", text)
}
