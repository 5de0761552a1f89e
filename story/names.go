package story

import (
	"fmt"
	"strings"

	"seedbed.example/sim"
)

// name is the name that the world gave to a node or process, with its number
// where the name does not say it.
func (t *teller) name(id sim.NodeID) string {
	name := t.result.World.Name(id.Node())
	if number := id.Node().String(); !strings.HasSuffix(name, " "+number) {
		return fmt.Sprintf("%s (%s)", name, number)
	}
	return name
}

// names lists several: "nodes 1, 2 and client 7".
func (t *teller) names(ids []sim.NodeID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = t.name(id)
	}
	if len(names) == 1 {
		return names[0]
	}
	if kind, ok := t.oneKind(ids); ok {
		for i, id := range ids {
			names[i] = id.Node().String()
		}
		names[0] = kind + "s " + names[0]
	}
	return enumerate(names)
}

// oneKind returns the word that all the names begin with, if nothing but the
// number comes after it.
func (t *teller) oneKind(ids []sim.NodeID) (kind string, ok bool) {
	for i, id := range ids {
		word, found := strings.CutSuffix(t.result.World.Name(id.Node()), " "+id.Node().String())
		if !found || i > 0 && word != kind {
			return "", false
		}
		kind = word
	}
	return kind, true
}

func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// widest is how much is told of a message.
const widest = 100

// inBrackets returns what a message says, to put behind its kind.
func inBrackets(detail string) string {
	switch {
	case detail == "":
		return ""
	case len(detail) > widest:
		return " (" + strings.ToValidUTF8(detail[:widest], "") + "...)"
	default:
		return " (" + detail + ")"
	}
}
