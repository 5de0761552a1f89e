package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// A recorder puts a recording's events into a history, and refuses those that
// cannot follow on those before.
type recorder struct {
	history History
	open    map[int]ID // the operation that a client has under way; looked up only
}

func newRecorder() *recorder { return &recorder{open: make(map[int]ID)} }

// invoke begins an operation.
func (r *recorder) invoke(client int, at time.Duration, in Input) error {
	if id, ok := r.open[client]; ok {
		return fmt.Errorf("client %d calls %v, and its %v has not returned", client, in, r.history.operations[id].Input)
	}
	r.open[client] = r.history.Invoke(client, at, in)
	return nil
}

// end ends the operation that the client has under way.
func (r *recorder) end(client int, at time.Duration, outcome Outcome, out Output) error {
	id, ok := r.open[client]
	if !ok {
		return fmt.Errorf("client %d returns (%v), and it has nothing under way", client, outcome)
	}
	delete(r.open, client)
	if outcome == OK {
		r.history.Return(id, at, outcome, out)
	} else {
		r.history.Return(id, at, outcome, nil)
	}
	return nil
}

// returns checks that what the client has under way is an f.
func (r *recorder) returns(client int, f Function) error {
	id, ok := r.open[client]
	if !ok {
		return fmt.Errorf("client %d returns from a %v, and it has nothing under way", client, f)
	}
	if in := r.history.operations[id].Input.(Input); in.F != f {
		return fmt.Errorf("client %d returns from a %v, and what it has under way is %v", client, f, in)
	}
	return nil
}

// recording returns what was recorded, which must not be nothing.
func (r *recorder) recording(format Format, model string) (*Recording, error) {
	if r.history.Len() == 0 {
		return nil, errors.New("there is no operation in the recording")
	}
	return &Recording{Format: format, Model: model, History: &r.history}, nil
}

// eachLine calls take with every line that is not blank, and returns how many
// lines there are. Its errors carry the line.
func eachLine(r io.Reader, take func(line string) error) (int, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, MaxLine)
	number := 0
	for lines.Scan() {
		number++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := take(lines.Text()); err != nil {
			return number, &LineError{number, err}
		}
	}
	switch err := lines.Err(); err {
	case nil:
		return number, nil
	case bufio.ErrTooLong:
		return number, &LineError{number + 1, fmt.Errorf("the line is longer than %d bytes", MaxLine)}
	default:
		return number, &LineError{number + 1, err}
	}
}
