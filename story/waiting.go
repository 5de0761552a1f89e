package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/sim"
)

// How many lines there may be of who waits for whom, and of what was lost.
const (
	mostWaiting = 8
	mostLost    = 3
)

// tellWaiting tells who waits for whom, what was lost in the meantime, and how
// the nodes stood.
func (t *teller) tellWaiting() {
	if t.from > 0 {
		t.say(t.from, last, "this is the last answer that a client has had")
	}
	if lost := t.lostLinks(); lost != "" {
		t.say(t.to, last-2, "since "+t.quiet().Round(time.Microsecond).String()+": "+firstLines(lost, mostLost))
	}
	_, rest, _ := strings.Cut(t.harmed.Detail, "\n")
	if rest == "" {
		return
	}
	t.say(t.to, last-1, firstLines(grouped(rest), mostWaiting))
}

// grouped puts lines that say the same of several together: "client 6 waits in
// Call to node 1".
func grouped(text string) string {
	var order []string
	who := make(map[string][]string)
	for _, l := range strings.Split(text, "\n") {
		name, what, waits := strings.Cut(l, " waits in ")
		if !waits {
			name, what = "", l
		}
		if _, seen := who[what]; !seen {
			order = append(order, what)
		}
		who[what] = append(who[what], name)
	}
	for i, what := range order {
		switch names := who[what]; {
		case names[0] == "":
		case len(names) == 1:
			order[i] = names[0] + " waits in " + what
		default:
			order[i] = plural(names) + " wait in " + what
		}
	}
	return strings.Join(order, "\n")
}

// A flow is what went from one to another.
type flow struct {
	from, to   sim.NodeID
	sent, lost int
	reason     string // why the last was lost
}

// quiet returns since when clients should get on: since the faults were over, if
// they were.
func (t *teller) quiet() time.Duration { return max(t.healed(), t.from) }

// lostLinks tells from whom to whom nothing has arrived since then, though it
// was tried more than once.
func (t *teller) lostLinks() string {
	var parts []string
	told := make(map[sim.NodeID]bool)
	dead := slices.DeleteFunc(t.flows(), func(f flow) bool { return f.sent < 2 || f.lost < f.sent })
	for _, f := range dead {
		if told[f.to] {
			continue
		}
		told[f.to] = true
		var from []sim.NodeID
		for _, other := range dead {
			if other.to == f.to {
				from = append(from, other.from)
			}
		}
		slices.Sort(from)
		parts = append(parts, fmt.Sprintf("nothing that %s sent %s arrived (the last was lost: %s)", t.names(from), t.name(f.to), f.reason))
	}
	return strings.Join(parts, "\n")
}

// flows counts what was sent, and lost, between each two since then.
func (t *teller) flows() []flow {
	since := t.quiet()
	var flows []flow
	index := make(map[[2]sim.NodeID]int)
	for i := range t.events {
		e := &t.events[i]
		if e.At < since || e.At > t.to || e.Kind != sim.SendEvent && e.Kind != sim.DropEvent {
			continue
		}
		from, to := e.Node, e.Peer
		if e.Kind == sim.DropEvent {
			from, to = to, from
		}
		at, ok := index[[2]sim.NodeID{from, to}]
		if !ok {
			at = len(flows)
			index[[2]sim.NodeID{from, to}] = at
			flows = append(flows, flow{from: from, to: to})
		}
		if f := &flows[at]; e.Kind == sim.SendEvent {
			f.sent++
		} else {
			f.lost++
			f.reason = e.Detail
		}
	}
	return flows
}
