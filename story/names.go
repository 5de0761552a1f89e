package story

import (
	"fmt"
	"strconv"
	"strings"

	"seedbed.example/sim"
)

// name is the name that the world gave to a node or process, with the number
// that plans or histories know it by where the name does not say it.
func (t *teller) name(id sim.NodeID) string {
	name, number := t.result.World.Name(id.Node()), id.Node().String()
	if client := t.result.World.Client(id); client > 0 {
		number = strconv.Itoa(client)
	}
	if !strings.HasSuffix(name, " "+number) {
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

// plural enumerates names: "node 3 and clients 6, 7 and 8". Those that follow
// each other and are a word and a number share the word.
func plural(names []string) string {
	var groups []string
	for len(names) > 0 {
		kind, number := cutNumber(names[0])
		numbers := []string{number}
		for _, name := range names[1:] {
			other, number := cutNumber(name)
			if kind == "" || other != kind {
				break
			}
			numbers = append(numbers, number)
		}
		group := names[0]
		if len(numbers) > 1 {
			group = kind + "s " + enumerate(numbers)
		}
		groups, names = append(groups, group), names[len(numbers):]
	}
	return enumerate(groups)
}

// cutNumber returns what a name says of its kind, and its number: "node", "3". The
// kind is "" if it does not end with a number.
func cutNumber(name string) (kind, number string) {
	at := strings.LastIndexByte(name, ' ')
	if at < 0 {
		return "", name
	}
	if _, err := strconv.ParseUint(name[at+1:], 10, 16); err != nil {
		return "", name
	}
	return name[:at], name[at+1:]
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
