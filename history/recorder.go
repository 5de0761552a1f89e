package history

import (
	"errors"
	"fmt"
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
	if before, err := r.underWay(client); err == nil {
		return fmt.Errorf("client %d calls %v, and its %v has not returned", client, in, before)
	}
	r.open[client] = r.history.Invoke(client, at, in)
	return nil
}

// underWay returns what a client that returns has under way.
func (r *recorder) underWay(client int) (Input, error) {
	id, ok := r.open[client]
	if !ok {
		return Input{}, fmt.Errorf("client %d returns, and it has nothing under way", client)
	}
	return r.history.operations[id].Input.(Input), nil
}

// returns checks that what a client has under way is an f.
func (r *recorder) returns(client int, f Function) error {
	in, err := r.underWay(client)
	if err == nil && in.F != f {
		err = fmt.Errorf("client %d returns from a %v, and what it has under way is %v", client, f, in)
	}
	return err
}

// answers checks that what a return repeats of its call is what was called.
func (r *recorder) answers(client int, repeated Input) error {
	in, err := r.underWay(client)
	if err == nil && in != repeated {
		err = fmt.Errorf("client %d returns from %v, and what it has under way is %v", client, repeated, in)
	}
	return err
}

// end ends the operation that the client has under way. The output is told
// only if the outcome is OK.
func (r *recorder) end(client int, at time.Duration, outcome Outcome, out Output) error {
	if _, err := r.underWay(client); err != nil {
		return err
	}
	id := r.open[client]
	delete(r.open, client)
	if outcome == OK {
		r.history.Return(id, at, outcome, out)
	} else {
		r.history.Return(id, at, outcome, nil)
	}
	return nil
}

// recording returns what was recorded up to a line, which must not be nothing.
func (r *recorder) recording(format Format, model string, line int) (*Recording, error) {
	if r.history.Len() == 0 {
		return nil, &LineError{max(line, 1), errors.New("the recording ends, and there is no operation in it")}
	}
	return &Recording{Format: format, Model: model, History: &r.history}, nil
}
