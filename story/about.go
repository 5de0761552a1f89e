package story

import (
	"fmt"
	"strings"
	"unicode"

	"seedbed.example/sim"
)

// mostAbout is how many lines there may be on what a violation is about, the last
// ones.
const mostAbout = 16

// about returns a line for each time before the harm at which a client asked for
// what the violation is about, by name, or a server noted something of it.
func (t *teller) about() []line {
	if t.broken == nil || t.broken.About == "" {
		return nil
	}
	var lines []line
	for i := range t.events {
		e := &t.events[i]
		text := ""
		switch {
		case e.At > t.to:
		case e.Kind == sim.NoteEvent && mentions(e.Detail, t.broken.About):
			text = fmt.Sprintf("%s: %s", t.name(e.Node), e.Detail)
		case e.Kind == sim.InvokeEvent && mentions(e.Name, t.broken.About):
			text = fmt.Sprintf("%s asks: %s", t.name(e.Node), e.Name)
		}
		if text != "" {
			t.told[e.ID] = true
			lines = append(lines, line{Line{At: e.At, Text: text}, e.ID})
		}
	}
	return lines
}

// mentions reports whether a name is in a text, and not as a part of another one.
func mentions(text, name string) bool {
	part := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '-' || r == '_'
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !part(r) }) {
		if strings.TrimRight(word, ".") == name {
			return true
		}
	}
	return false
}
