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

// names lists several.
func (t *teller) names(ids []sim.NodeID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = t.name(id)
	}
	return plural(names)
}

// plural enumerates names: "nodes 1, 2 and 3" if they all say what they are by
// one word, and a number.
func plural(names []string) string {
	numbers := make([]string, len(names))
	kind := ""
	for i, name := range names {
		at := strings.LastIndexByte(name, ' ')
		if at < 0 || i > 0 && name[:at] != kind || len(names) == 1 {
			return enumerate(names)
		}
		kind, numbers[i] = name[:at], name[at+1:]
	}
	if len(numbers) > 0 {
		numbers[0] = kind + "s " + numbers[0]
	}
	return enumerate(numbers)
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
