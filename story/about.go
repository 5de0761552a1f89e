package story

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"seedbed.example/sim"
)

// mostAbout is how many lines there may be on what a violation is about, the last
// ones.
const mostAbout = 16

// about returns a line for each time before the harm at which a client asked for
// what the violation is about, by name, a server noted something of it, or a
// message that named it was lost: the same lost again and again, once.
func (t *teller) about() []line {
	if t.broken == nil || t.broken.About == "" {
		return nil
	}
	var lines []line
	seen, times := make(map[string]bool), make(map[string]int)
	for i := range t.events {
		e := &t.events[i]
		text := ""
		switch {
		case e.At > t.to:
		case e.Kind == sim.NoteEvent && mentions(e.Detail, t.broken.About):
			text = fmt.Sprintf("%s: %s", t.name(e.Node), e.Detail)
		case e.Kind == sim.InvokeEvent && mentions(e.Name, t.broken.About):
			text = fmt.Sprintf("%s asks: %s", t.name(e.Node), e.Name)
		case e.Kind == sim.DropEvent && e.At == t.event(e.Cause).At && mentions(t.event(e.Cause).Detail, t.broken.About):
			if lost := fmt.Sprintf("%s is lost on its way to %s (%s)", t.message(e), t.name(e.Node), e.Detail); !seen[lost] {
				text, seen[lost] = lost, true
			}
		}
		if text != "" {
			lines = t.again(append(lines, line{Line{At: e.At, Text: text}, e.ID}), times)
		}
	}
	return lines
}

// again leaves of lines that say the same the first and the last, which tells how
// many there were.
func (t *teller) again(lines []line, times map[string]int) []line {
	end := &lines[len(lines)-1]
	text := end.Text
	if times[text]++; times[text] < 2 {
		return lines
	}
	counted := func(n int) string { return fmt.Sprintf("%s (%d times by then)", text, n) }
	end.Text = counted(times[text])
	return slices.DeleteFunc(lines, func(l line) bool {
		between := l.Text == counted(times[text]-1)
		t.told[l.event] = t.told[l.event] || between
		return between
	})
}

// tellNamed tells what was noted of what the violation is about, as far as the
// chain of causes has not told it.
func (t *teller) tellNamed() {
	untold := slices.DeleteFunc(slices.Clone(t.named), func(l line) bool { return t.told[l.event] })
	t.sayLatest(untold, mostAbout)
	for _, l := range untold {
		t.told[l.event] = true
	}
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
