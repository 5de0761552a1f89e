package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Encode writes a history as JSON lines, with the model that it is to be judged
// by, if that is not "". Read back, it is the same history. An operation that
// its client left without a word ends as unknown when the client begins its
// next one. Encode refuses what could not be read back: operations that are not
// of [Input] and [Output], text that is not UTF-8, lines longer than [MaxLine],
// times that decrease, and clients that do two things at once.
func Encode(w io.Writer, h *History, model string) error {
	if err := allText(model); err != nil {
		return err
	}
	e := encoder{open: make(map[int]*Operation)}
	for _, event := range h.events() {
		if err := e.add(event); err != nil {
			return err
		}
	}
	version, count := Version, len(e.lines)
	lines := lineWriter{to: bufio.NewWriter(w)}
	lines.write(jsonHeader{Version: &version, Model: model, Events: &count})
	for _, line := range e.lines {
		lines.write(line)
	}
	if lines.err != nil {
		return lines.err
	}
	return lines.to.Flush()
}

// A lineWriter writes JSON objects, each on a line, until one is too long.
type lineWriter struct {
	to  *bufio.Writer
	err error
}

func (l *lineWriter) write(object any) {
	if l.err != nil {
		return
	}
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if l.err = encoder.Encode(object); l.err == nil && line.Len() > MaxLine {
		l.err = fmt.Errorf("an operation takes a line of %d bytes: want at most %d", line.Len(), MaxLine)
	}
	if l.err == nil {
		_, l.err = l.to.Write(line.Bytes())
	}
}

// An event is a call or a return.
type event struct {
	operation *Operation
	returns   bool
}

// events returns all calls and returns in their order.
func (h *History) events() []event {
	events := make([]event, h.sequence) // a second return of one operation leaves a gap
	for i := range h.operations {
		op := &h.operations[i]
		events[op.Invoked-1] = event{op, false}
		if op.Returned != 0 {
			events[op.Returned-1] = event{op, true}
		}
	}
	return slices.DeleteFunc(events, func(e event) bool { return e.operation == nil })
}

type encoder struct {
	lines []jsonEvent
	open  map[int]*Operation // what a client has under way; looked up only
	last  time.Duration
}

func (e *encoder) add(event event) error {
	op := event.operation
	at := op.Call
	if event.returns {
		at = op.Return
	}
	if at < e.last {
		return fmt.Errorf("%v of client %d is at %v, after an event at %v: the times of a history never decrease", op.Input, op.Client, at, e.last)
	}
	e.last = at
	if event.returns {
		delete(e.open, op.Client)
		return e.addReturn(op)
	}
	if before := e.open[op.Client]; before != nil {
		if before.Returned != 0 {
			return fmt.Errorf("client %d does two things at once: %v and %v", op.Client, before.Input, op.Input)
		}
		e.lines = append(e.lines, newLine(op.Client, at, Unknown.String()))
	}
	e.open[op.Client] = op
	return e.addCall(op)
}

func newLine(client int, at time.Duration, event string) jsonEvent {
	ns := int64(at)
	return jsonEvent{Client: &client, At: &ns, Event: event}
}

func (e *encoder) addCall(op *Operation) error {
	in, ok := op.Input.(Input)
	if !ok {
		return fmt.Errorf("an operation of client %d is a %T: want a history.Input", op.Client, op.Input)
	}
	if !in.F.known() {
		return fmt.Errorf("an operation of client %d is %v, a function that is not known", op.Client, in)
	}
	if in != in.meaning() {
		return fmt.Errorf("%#v of client %d has a value that means nothing to a %v", in, op.Client, in.F)
	}
	if err := allText(in.Key, in.Value, in.Old, in.From, in.To); err != nil {
		return err
	}
	line := newLine(op.Client, op.Call, "invoke")
	name := in.F.String()
	line.F = &name
	if in.Key != "" {
		line.Key = &in.Key
	}
	if in.F.asks("value") {
		line.Value = &in.Value
	}
	if in.F.asks("old") {
		line.Old = &in.Old
	}
	if in.F.asks("from") {
		line.From = &in.From
	}
	if in.F.asks("to") {
		line.To = &in.To
	}
	if in.F.asks("amount") {
		line.Amount = &in.Amount
	}
	e.lines = append(e.lines, line)
	return nil
}

func (e *encoder) addReturn(op *Operation) error {
	line := newLine(op.Client, op.Return, op.Outcome.String())
	if op.Outcome == OK {
		if err := line.answer(op); err != nil {
			return err
		}
	}
	e.lines = append(e.lines, line)
	return nil
}

func (line *jsonEvent) answer(op *Operation) error {
	out, ok := op.Output.(Output)
	if !ok {
		return fmt.Errorf("the answer to %v of client %d is a %T: want a history.Output", op.Input, op.Client, op.Output)
	}
	f := op.Input.(Input).F
	switch f.answers() {
	case "found":
		line.Found = &out.Found
		if out.Found {
			line.Value = &out.Value
		}
	case "applied":
		line.Applied = &out.Applied
	}
	if out != out.meaning(f) {
		return fmt.Errorf("the answer %+v to %v of client %d says what means nothing there", out, op.Input, op.Client)
	}
	return allText(out.Value)
}

// allText checks that JSON can hold these texts. It stands for what is not
// Unicode with U+FFFD, so that one is refused as well.
func allText(texts ...string) error {
	for _, text := range texts {
		if strings.ContainsRune(text, utf8.RuneError) {
			return fmt.Errorf("%s is not UTF-8, or holds U+FFFD, which stands for what is not", excerpt(text))
		}
	}
	return nil
}
