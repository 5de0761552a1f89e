package sim

import "fmt"

// guardWindow is how many messages, those sent or delivered last, are looked at
// after each handler.
const guardWindow = 64

// A guard sees whether messages stay as they were sent: see [Options.Guard].
type guard struct {
	inFlight map[uint32]*guarded // by the number of the envelope; looked up only
	recent   [guardWindow]*guarded
	next     int    // where the next one goes in recent
	handler  string // the one that runs, or ran last
}

// A guarded is one message as it was sent.
type guarded struct {
	message Message
	print   Hash
	text    string    // its description
	route   string    // what it is, whose and for whom
	stack   []uintptr // where it was sent
	arrived bool      // it has been delivered, once at least
}

func newGuard() *guard { return &guard{inFlight: make(map[uint32]*guarded)} }

// sends begins to guard a message that from sends to to. It returns nil for one
// that is too large to be looked at.
func (g *guard) sends(m Message, kind string, from, to *actor) *guarded {
	print, ok := fingerprint(m)
	if !ok {
		return nil
	}
	letter := &guarded{
		message: m, print: print, text: describe(m), stack: callers(3),
		route: fmt.Sprintf("the %s that %s sent to %s at %v", kind, from.name, to.name, from.localNow()),
	}
	g.watch(letter)
	return letter
}

// watch lets a message be looked at after each handler, until so many others
// have come after it.
func (g *guard) watch(letter *guarded) {
	g.recent[g.next] = letter
	g.next = (g.next + 1) % guardWindow
}

// begins notes who handles what.
func (g *guard) begins(who, what string) { g.handler = who + ", when it handled " + what }

// delivers looks at a message that is about to be handled. It may have been out
// of the window since it was sent.
func (g *guard) delivers(w *World, ref uint32) {
	letter := g.inFlight[ref]
	if letter == nil {
		return
	}
	delete(g.inFlight, ref)
	g.look(w, letter, "somebody, before it arrived")
	letter.arrived = true
	g.watch(letter)
}

// drops forgets a message that is lost on its way.
func (g *guard) drops(ref uint32) { delete(g.inFlight, ref) }

// ends looks at the recent messages after a handler, the oldest first, until it
// finds one that was changed: others may share its memory.
func (g *guard) ends(w *World) {
	for i := range guardWindow {
		letter := g.recent[(g.next+i)%guardWindow]
		if letter != nil && g.look(w, letter, g.handler) {
			return
		}
	}
}

// look reports whether a message is not what it was, as a violation, and by whom
// it was changed.
func (g *guard) look(w *World, letter *guarded, who string) (changed bool) {
	print, ok := fingerprint(letter.message)
	if ok && print == letter.print {
		return false
	}
	letter.print = print
	since := "sent"
	if letter.arrived {
		since = "delivered"
	}
	difference := ""
	if text := describe(letter.message); text != letter.text {
		difference = fmt.Sprintf("\nwhen it was sent: %s\nnow:              %s", letter.text, text)
	}
	w.Violate("aliasing", "", "%s was changed after it was %s, by %s. A message must stay as it was sent.%s\nIt was sent at\n%s",
		letter.route, since, who, difference, handlerFrames(letter.stack))
	return true
}
