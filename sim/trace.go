package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"seedbed.example/network"
)

// A Trace is the structured recording of a run, in the order in which the
// engine came to the events. A handler runs at once: what it does after a disk
// operation stands before what others do in the meantime.
type Trace struct {
	Events []TraceEvent
}

// A TraceEvent is one thing that happened.
type TraceEvent struct {
	ID     uint64         `json:"id"`              // counted from 1
	Cause  uint64         `json:"cause,omitempty"` // the event because of which this one happened, 0 if none
	At     time.Duration  `json:"at"`              // virtual time since the start of the run, ns
	Kind   TraceEventKind `json:"kind"`
	Node   NodeID         `json:"node,omitempty"` // where it happened
	Peer   NodeID         `json:"peer,omitempty"` // the other end of a message
	Name   string         `json:"name,omitempty"` // kind of message, fault, file operation
	Detail string         `json:"detail,omitempty"`
	Marked bool           `json:"marked,omitempty"` // a violation is about it
}

// A TraceEventKind is the kind of thing that happened.
type TraceEventKind string

// What a trace tells of.
const (
	SendEvent      TraceEventKind = "send"      // a message was handed to the network
	DeliverEvent   TraceEventKind = "deliver"   // a message was handled by its receiver; its cause is the send
	DropEvent      TraceEventKind = "drop"      // a message was lost; its cause is the send
	TimerEvent     TraceEventKind = "timer"     // a timer fired; its cause is the event whose handler set it
	BootEvent      TraceEventKind = "boot"      // a node or process started
	CrashEvent     TraceEventKind = "crash"     // a node or process died
	FaultEvent     TraceEventKind = "fault"     // something was done to the world
	DiskEvent      TraceEventKind = "disk"      // a disk operation
	NoteEvent      TraceEventKind = "note"      // a node's own log
	PointEvent     TraceEventKind = "point"     // a node passed a point of its code at which faults may strike
	InvokeEvent    TraceEventKind = "invoke"    // a client began an operation
	ReturnEvent    TraceEventKind = "return"    // a client's operation ended; its cause is what brought the answer
	ViolationEvent TraceEventKind = "violation" // a checker found a promise broken
)

// Trace returns the recording, nil when the run is not recorded.
func (w *World) Trace() *Trace { return w.trace }

// add records an event and returns its number; on a nil trace it does nothing
// and returns 0.
func (t *Trace) add(at time.Duration, kind TraceEventKind, cause uint64, node, peer NodeID, name, detail string) uint64 {
	if t == nil {
		return 0
	}
	id := uint64(len(t.Events)) + 1
	t.Events = append(t.Events, TraceEvent{ID: id, Cause: cause, At: at, Kind: kind, Node: node, Peer: peer, Name: name, Detail: detail})
	return id
}

// WriteJSON writes the trace as JSON lines: a header that names the format and
// its version, then one event a line.
func (t *Trace) WriteJSON(out io.Writer) error {
	if _, err := fmt.Fprintf(out, "{\"seedbed-trace\":1,\"events\":%d}\n", len(t.Events)); err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for i := range t.Events {
		if err := encoder.Encode(&t.Events[i]); err != nil {
			return err
		}
	}
	return nil
}

// String is the text that [Trace.WriteText] writes.
func (t *Trace) String() string {
	var b strings.Builder
	_ = t.WriteText(&b) // a Builder takes everything
	return b.String()
}

// Mark marks the events that a violation is about. What the engine sees broken
// it marks itself.
func (t *Trace) Mark(ids ...uint64) {
	for _, id := range ids {
		t.Events[id-1].Marked = true
	}
}

// WriteText writes the trace for people, a line an event. What a violation is
// about has a !! in front, and with a message that arrives, a timer, or the end
// of an operation, there is what its cause tells of it.
func (t *Trace) WriteText(out io.Writer) error {
	for i := range t.Events {
		if _, err := fmt.Fprintln(out, t.Events[i].String()+t.because(&t.Events[i])); err != nil {
			return err
		}
	}
	return nil
}

// because is what the cause of an event adds to its line, "" if that is
// nothing of use.
func (t *Trace) because(e *TraceEvent) string {
	if e.Cause == 0 {
		return ""
	}
	cause := &t.Events[e.Cause-1]
	switch e.Kind {
	case DeliverEvent:
		text := fmt.Sprintf(" (sent at %v)", cause.At)
		if cause.Detail != "" {
			text = ": " + cause.Detail + text
		}
		return text
	case DropEvent:
		return fmt.Sprintf(" (sent at %v)", cause.At)
	case TimerEvent:
		return fmt.Sprintf(" (set at %v)", cause.At)
	case ReturnEvent:
		if cause.Kind == DeliverEvent {
			return fmt.Sprintf(" (answer of %v)", cause.Peer)
		}
	}
	return ""
}

// String returns the event as a line for people.
func (e TraceEvent) String() string {
	line := fmt.Sprintf("%12v  ", e.At)
	if e.Marked {
		line += "!! "
	}
	switch e.Kind {
	case SendEvent:
		line += fmt.Sprintf("%v -> %v  send %s", e.Node, e.Peer, e.Name)
	case DeliverEvent:
		line += fmt.Sprintf("%v <- %v  receive %s", e.Node, e.Peer, e.Name)
	case DropEvent:
		line += fmt.Sprintf("%v <- %v  drop %s", e.Node, e.Peer, e.Name)
	case NoteEvent:
		line += fmt.Sprintf("%v  ", e.Node)
	default:
		line += fmt.Sprintf("%v  %s", e.Node, e.Kind)
		if e.Name != string(e.Kind) {
			line += " " + e.Name
		}
	}
	if e.Detail != "" {
		if e.Kind != NoteEvent {
			line += ": "
		}
		line += e.Detail
	}
	return line
}

// NoteFault records, for a person who reads the trace, that something was done
// to the world.
func (w *World) NoteFault(name, detail string) {
	w.hash.add(uint64(w.now), hashText(name))
	w.trace.add(w.now, FaultEvent, 0, 0, 0, name, detail)
}

// traceSend records that m was sent, what struck it if anything did, and that
// it was lost if it was.
func (w *World) traceSend(at time.Duration, from, to NodeID, m, arrives Message, spoiled bool, kind int, fate *network.Fate) uint64 {
	name, detail := w.kinds.all[kind].name, w.describe(m)
	if fate.Copies > 0 && fate.Struck != 0 {
		detail += " (" + fate.Struck.String() + ")"
	}
	if fate.Damage != 0 && !spoiled {
		detail += ", it arrives as " + w.describe(arrives)
	}
	sent := w.trace.add(at, SendEvent, w.cause, from.Node(), to.Node(), name, detail)
	if fate.Copies == 0 {
		w.trace.add(at, DropEvent, sent, to.Node(), from.Node(), name, fate.Struck.String())
	}
	return sent
}

// traceDisk records a disk operation.
func (a *actor) traceDisk(op, file string, bytes int, err error) {
	detail := file
	if bytes > 0 {
		detail = fmt.Sprintf("%s, %d bytes", file, bytes)
	}
	if err != nil {
		detail += ": " + err.Error()
	}
	a.world.trace.add(a.localNow(), DiskEvent, a.world.cause, a.id, 0, op, detail)
}
