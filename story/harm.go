package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/sim"
)

// tellHarm tells which promise was broken, and what led to it.
func (t *teller) tellHarm() {
	switch {
	case t.broken == nil:
		t.say(t.to, last, "the run ends, and nothing is broken")
		return
	case t.offence() != nil:
		t.tellOperations()
	case t.stuck():
		t.tellWaiting()
	case t.harmed != nil:
		t.tellChain(t.harmed)
	}
	t.tellNamed()
	t.lines = append(t.lines, line{Line{At: t.to, Text: t.verdict(), Harm: true}, last})
}

// verdict names who found a promise broken, and says which and how.
func (t *teller) verdict() string {
	message := t.broken.Message
	switch o := t.offence(); {
	case o != nil && o.Reason != "":
		message = o.Reason
	case o != nil:
		message = "no order of these operations explains that answer"
	case t.stuck():
		message = firstLines(t.harmed.Detail, 1)
	case t.harmed != nil:
		message = t.harmed.Detail
	}
	if !strings.HasPrefix(message, t.broken.Kind) {
		message = t.broken.Kind + ": " + message
	}
	return t.broken.Checker + ": " + firstLines(message, mostOfMessage)
}

// mostOfMessage is how many lines of what a checker says are told: a panic says
// where it came from.
const mostOfMessage = 6

func firstLines(text string, most int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[:min(most, len(lines))], "\n")
}

// mostOperations is how many operations are told, the last ones.
const mostOperations = 6

// tellOperations tells the operations that convict: who asked what of whom, and
// who answered.
func (t *teller) tellOperations() {
	window := t.offence().Window
	for i := range window[max(0, len(window)-mostOperations):] {
		t.tellOperation(&window[max(0, len(window)-mostOperations)+i])
	}
}

// tellOperation tells one operation, by its call and its return.
func (t *teller) tellOperation(op *history.Operation) {
	call, end := t.invocation(op)
	if call == nil {
		return
	}
	client := t.name(call.Node)
	text := fmt.Sprintf("%s asks: %v", client, op.Input)
	if asked := t.asked(call, end); len(asked) > 0 {
		text = fmt.Sprintf("%s asks %s: %v", client, strings.Join(asked, ", then "), op.Input)
	}
	t.say(call.At, call.ID, text)
	switch {
	case end == nil || end.At > t.to:
		return // nobody knew by then how it would end
	case op.Outcome == history.Unknown:
		t.say(end.At, end.ID, fmt.Sprintf("%s gives up on %v: it may have happened, or may yet", client, op.Input))
	default:
		wrong := op.Invoked == t.offence().Culprit.Invoked
		text := fmt.Sprintf("%s has its answer%s: %s", client, t.answerer(end, wrong), models.Describe(op.Input, op.Output))
		t.lines = append(t.lines, line{Line{At: end.At, Text: text, Harm: wrong}, end.ID})
	}
}

// invocation returns the events of an operation's call and return; nil if there
// is none. Calls are recorded in the order of the history.
func (t *teller) invocation(op *history.Operation) (call, end *sim.TraceEvent) {
	operations := t.result.World.History().Operations()
	n := slices.IndexFunc(operations, func(other history.Operation) bool { return other.Invoked == op.Invoked })
	for i := range t.events {
		e := &t.events[i]
		switch {
		case call == nil && e.Kind == sim.InvokeEvent:
			if n--; n < 0 {
				call = e
			}
		case call != nil && e.Kind == sim.ReturnEvent && e.Node == call.Node && e.At == op.Return:
			return call, e
		}
	}
	return call, nil
}

// asked lists whom a client has sent something between a call and its return:
// "node 2", "node 4 (3 times)".
func (t *teller) asked(call, end *sim.TraceEvent) []string {
	until := len(t.events)
	if end != nil {
		until = int(end.ID)
	}
	var whom []string
	var before sim.NodeID
	times := 0
	close := func() {
		if times > 1 {
			whom[len(whom)-1] += fmt.Sprintf(" (%d times)", times)
		}
	}
	for i := int(call.ID); i < until; i++ {
		e := &t.events[i]
		if e.Kind != sim.SendEvent || e.Node != call.Node {
			continue
		}
		if e.Peer == before {
			times++
			continue
		}
		close()
		whom, before, times = append(whom, t.name(e.Peer)), e.Peer, 1
	}
	close()
	const most, last = 5, 2
	if len(whom) > most {
		hidden := len(whom) - last
		whom = append([]string{fmt.Sprintf("one after another %d times", hidden)}, whom[hidden:]...)
	}
	return whom
}

// answerer says whose answer ended an operation, and in which role; if it is
// wrong, also who else had one by then.
func (t *teller) answerer(end *sim.TraceEvent, wrong bool) string {
	if end.Cause == 0 || t.event(end.Cause).Kind != sim.DeliverEvent {
		return ""
	}
	answer := t.event(end.Cause)
	t.involved[answer.Peer] = true
	sent := t.event(answer.Cause).At
	text, others := " from "+t.name(answer.Peer), ""
	for _, r := range t.roles {
		switch {
		case !r.Holds(sent):
		case r.Node == answer.Peer:
			text += ", " + r.Name
		case wrong:
			others += fmt.Sprintf(", while %s is %s since %v", t.name(r.Node), r.Name, r.Began.Round(time.Microsecond))
		}
	}
	return text + others
}
