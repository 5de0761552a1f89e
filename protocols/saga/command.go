package saga

import (
	"fmt"
	"strconv"
	"strings"
)

// An Action is what an orchestrator asks of a service.
type Action string

// The actions: a step, its compensation, and that it will not be compensated.
const (
	Do      Action = "do"      // Ti
	Undo    Action = "undo"    // Ci
	Confirm Action = "confirm" // lifts the semantic lock
)

// A Command is an action of a saga at a service. As the body of a message it is a
// line such as "do 1.2 lamp sold 1" or "undo 1.2".
type Command struct {
	Action   Action
	Saga     string
	From, To string // of Do only, as the amount
	Amount   int64
}

// String returns the line.
func (c Command) String() string {
	if c.Action == Do {
		return fmt.Sprintf("%s %s %s %s %d", c.Action, c.Saga, c.From, c.To, c.Amount)
	}
	return fmt.Sprintf("%s %s", c.Action, c.Saga)
}

// note tells people what is asked: "do 1.2, 1 from lamp to sold".
func (c Command) note() string {
	if c.Action == Do {
		return fmt.Sprintf("%s %s, %d from %s to %s", c.Action, c.Saga, c.Amount, c.From, c.To)
	}
	return c.String()
}

func parseCommand(text string) (Command, error) {
	fields := strings.Fields(text)
	switch {
	case len(fields) == 5 && fields[0] == string(Do):
		amount, err := strconv.ParseInt(fields[4], 10, 64)
		if err != nil || amount < 0 {
			return Command{}, fmt.Errorf("%q: want an amount from 0", text)
		}
		return Command{Do, fields[1], fields[2], fields[3], amount}, nil
	case len(fields) == 2 && (fields[0] == string(Undo) || fields[0] == string(Confirm)):
		return Command{Action: Action(fields[0]), Saga: fields[1]}, nil
	default:
		return Command{}, fmt.Errorf("%q is not a command", text)
	}
}

// A Reply is a service's answer to a command: the action is carried out, now or
// before, or the service refuses to do it. It is a line such as "payment: do 1.2 ok".
type Reply struct {
	Service string
	Action  Action
	Saga    string
	OK      bool
}

// String returns the line.
func (r Reply) String() string {
	return fmt.Sprintf("%s: %s %s %s", r.Service, r.Action, r.Saga, r.result())
}

func (r Reply) result() string {
	if r.OK {
		return "ok"
	}
	return "refused"
}

func parseReply(text string) (Reply, error) {
	fields := strings.Fields(text)
	if len(fields) != 4 || !strings.HasSuffix(fields[0], ":") || fields[3] != "ok" && fields[3] != "refused" {
		return Reply{}, fmt.Errorf("%q is not a reply", text)
	}
	return Reply{strings.TrimSuffix(fields[0], ":"), Action(fields[1]), fields[2], fields[3] == "ok"}, nil
}
