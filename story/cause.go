package story

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/sim"
)

// mostRoles is how many changes of role there may be lines of, mostNotes how
// many other notes, mostOwn how many of a node that broke a promise of its own
// code, and longest how many handlers of a chain of causes.
const (
	mostRoles = 6
	mostNotes = 3
	mostOwn   = 8
	longest   = 6
)

// tellRoles tells the last changes of role before the harm, and by whose word.
// A role that began before then and still held belongs to it.
func (t *teller) tellRoles() {
	var lines []line
	for i := range t.events {
		e := &t.events[i]
		if !changesRole(e) || e.At > t.to || e.At < t.from && !t.held(e.ID) {
			continue
		}
		t.involved[e.Node] = true
		lines = append(lines, line{Line{At: e.At, Text: t.change(e)}, e.ID})
	}
	t.sayLatest(lines, mostRoles)
}

// changesRole reports whether an event is a note by which a role begins or ends.
func changesRole(e *sim.TraceEvent) bool {
	return e.Kind == sim.NoteEvent && (strings.HasPrefix(e.Detail, sim.RoleBegins) || strings.HasPrefix(e.Detail, sim.RoleEnds))
}

// held reports whether the role that an event began still held when the harm
// began to come about.
func (t *teller) held(event uint64) bool {
	return slices.ContainsFunc(t.roles, func(r sim.Role) bool { return r.Event == event && r.Holds(t.from) })
}

// change tells a change of role, and why it came: by the answers that its node
// had to what it had asked for, or by what it handled.
func (t *teller) change(e *sim.TraceEvent) string {
	text := t.name(e.Node) + " " + e.Detail
	t.told[e.ID] = true
	if e.Cause == 0 {
		return text
	}
	handler := t.event(e.Cause)
	for _, note := range t.handled(handler, sim.NoteEvent) {
		if note.ID < e.ID && !t.told[note.ID] {
			t.told[note.ID] = true
			text = t.name(e.Node) + " " + note.Detail + ", and " + e.Detail
		}
	}
	if answers := t.answers(handler); answers != "" && strings.HasPrefix(e.Detail, sim.RoleBegins) {
		t.imply(handler)
		return text + ", by " + answers
	}
	if handler.Kind == sim.DeliverEvent {
		return text + ", because of " + t.message(handler)
	}
	return text
}

// imply takes for told what a node noted as it asked for an answer, and for the
// one that let it ask: a role tells that it was asked for.
func (t *teller) imply(answer *sim.TraceEvent) {
	for question := t.question(answer); question != 0; question = t.question(t.event(question)) {
		t.notes(t.event(question))
	}
}

// message names a message that was delivered, or was lost: "AppendEntries of node
// 2 (term 3)".
func (t *teller) message(end *sim.TraceEvent) string {
	return fmt.Sprintf("%s of %s%s", end.Name, t.name(end.Peer), inBrackets(t.event(end.Cause).Detail))
}

// question returns the handler in which a node asked for the answer that it
// handles, 0 if it is no answer to something that it had sent.
func (t *teller) question(answer *sim.TraceEvent) uint64 {
	if answer.Kind != sim.DeliverEvent || answer.Cause == 0 {
		return 0
	}
	sent := t.event(answer.Cause)
	if sent.Cause == 0 {
		return 0
	}
	asked := t.event(sent.Cause)
	if asked.Kind != sim.DeliverEvent || asked.Cause == 0 || asked.Peer != answer.Node {
		return 0
	}
	return t.event(asked.Cause).Cause
}

// answers lists the answers of that kind that a node has had, up to this one, to
// what it had asked in one handler: votes, say.
func (t *teller) answers(answer *sim.TraceEvent) string {
	question := t.question(answer)
	if question == 0 {
		return ""
	}
	var said []string // what was answered, in the order of arrival
	var by [][]sim.NodeID
	for i := question; i < answer.ID; i++ {
		e := &t.events[i]
		if e.Kind != sim.DeliverEvent || e.Node != answer.Node || e.Name != answer.Name || t.question(e) != question {
			continue
		}
		detail := t.event(e.Cause).Detail
		at := slices.Index(said, detail)
		if at < 0 {
			at = len(said)
			said, by = append(said, detail), append(by, nil)
		}
		by[at] = append(by[at], e.Peer)
	}
	var parts []string
	for i, detail := range said {
		parts = append(parts, fmt.Sprintf("%s of %s%s", answer.Name, t.names(by[i]), inBrackets(detail)))
	}
	return enumerate(parts)
}

// tellChain tells the handlers whose chain of causes ends in an event, from the
// timer or the start that began it.
func (t *teller) tellChain(e *sim.TraceEvent) {
	for n := 0; n < longest && e.Cause != 0; n++ {
		handler := t.event(e.Cause)
		t.involved[handler.Node] = true
		if t.passesOn(handler, e) {
			n--
		} else {
			t.tellHandler(handler, e)
		}
		if handler.Kind != sim.DeliverEvent || handler.Cause == 0 {
			return
		}
		e = t.event(handler.Cause)
	}
}

// passesOn reports whether a handler only sent on what it had received, as a
// broker does.
func (t *teller) passesOn(handler, sent *sim.TraceEvent) bool {
	return handler.Kind == sim.DeliverEvent && sent.Kind == sim.SendEvent && sent.Detail != "" &&
		t.event(handler.Cause).Detail == sent.Detail && len(t.handled(handler, sim.NoteEvent)) == 0
}

// tellHandler tells what a node did in a handler that led to an event: what it
// noted, and to whom it sent what it sent. What a change of role tells is not
// told again.
func (t *teller) tellHandler(handler, led *sim.TraceEvent) {
	var did []string
	if notes := t.handled(handler, sim.NoteEvent); len(notes) > 0 {
		if t.told[notes[len(notes)-1].ID] && led.Kind != sim.SendEvent {
			return
		}
		did = append(did, t.notes(handler))
	}
	if led.Kind == sim.SendEvent {
		var to []sim.NodeID
		for _, sent := range t.handled(handler, sim.SendEvent) {
			if sent.Name == led.Name && !slices.Contains(to, sent.Peer) {
				to = append(to, sent.Peer)
			}
		}
		did = append(did, fmt.Sprintf("sends %s to %s%s", led.Name, t.names(to), inBrackets(led.Detail)))
	}
	text := t.name(handler.Node)
	switch handler.Kind {
	case sim.DeliverEvent:
		text += " receives " + handler.Name + " of " + t.name(handler.Peer)
	case sim.TimerEvent:
		text += " is woken by its timer"
	default:
		text += " starts"
	}
	if len(did) > 0 {
		text += ": " + strings.Join(did, "; ")
	}
	t.say(handler.At, handler.ID, text)
}

// tellNotes tells the last other notes of those who are involved, and more of one
// that broke a promise of its own code; what a node notes again and again, once.
func (t *teller) tellNotes() {
	var lines, own []line
	seen := make(map[string]bool)
	for i := len(t.events) - 1; i >= 0; i-- {
		e := &t.events[i]
		if e.Kind != sim.NoteEvent || e.At < t.from || e.At > t.to || t.told[e.ID] || !t.involved[e.Node] {
			continue
		}
		text := t.name(e.Node) + ": " + e.Detail
		if seen[text] {
			continue
		}
		seen[text] = true
		if l := (line{Line{At: e.At, Text: text}, e.ID}); e.Node == t.seenAt() {
			own = append(own, l)
		} else {
			lines = append(lines, l)
		}
	}
	slices.Reverse(lines)
	slices.Reverse(own)
	t.sayLatest(lines, mostNotes)
	t.sayLatest(own, mostOwn)
}
