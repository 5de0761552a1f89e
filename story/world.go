package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/faults"
	"seedbed.example/sim"
)

// How many lines there may be of each kind.
const (
	mostFaults   = 7
	mostMachines = 8
)

// rank says how likely a kind of fault is to be to blame; the least is the most
// likely. What cuts nodes off and what a crash does to a disk come before what
// makes things only worse, and that before bad clocks and slow machines.
func rank(fault string) int {
	switch fault {
	case "partition", "isolate", "oneway", "bridge", "ring", "mute", "clog", "powerloss":
		return 0
	case "clockjump", "clockdrift", "clockfreeze", "slow":
		return 2
	default:
		return 1
	}
}

// tellFaults tells the faults that lasted while the harm came about, and how
// many others there had been.
func (t *teller) tellFaults() {
	var lasting []*Episode
	for i := range t.episodes {
		e := &t.episodes[i]
		if e.Kind != FaultEpisode || e.Began > t.to {
			continue
		}
		if t.untold++; e.lasts(t.from, t.to) {
			lasting = append(lasting, e)
		}
	}
	slices.SortStableFunc(lasting, func(a, b *Episode) int {
		if by := rank(a.Fault) - rank(b.Fault); by != 0 {
			return by
		}
		return int(b.Began - a.Began)
	})
	for _, e := range lasting[:min(mostFaults, len(lasting))] {
		t.untold--
		t.say(e.Began, e.event, e.Text+t.until(e))
	}
	t.tellHeal()
}

// until says how long an episode lasts.
func (t *teller) until(e *Episode) string {
	switch {
	case e.Ended == 0 || e.Ended > t.to:
		return ", from here on"
	case e.Kind == FaultEpisode && e.Ended == t.healed():
		return ", until the faults are over"
	default:
		return fmt.Sprintf(", until %v", e.Ended.Round(time.Microsecond))
	}
}

// tellHeal tells that the faults were over, if there were any, and if that was
// before the harm.
func (t *teller) tellHeal() {
	if e := t.heal(); e != nil && e.At <= t.to && len(t.result.Plan) > 0 {
		t.say(e.At, e.ID, e.Detail+"; any others stay as they are")
	}
}

// heal returns the event at which the faults were over, nil if they were not.
func (t *teller) heal() *sim.TraceEvent {
	for i := range t.events {
		if e := &t.events[i]; e.Kind == sim.FaultEvent && e.Name == faults.Heal {
			return e
		}
	}
	return nil
}

// healed returns when the faults were over, 0 if they were not.
func (t *teller) healed() time.Duration {
	if e := t.heal(); e != nil {
		return e.At
	}
	return 0
}

// tellMachines tells who crashed, stood still and started again.
func (t *teller) tellMachines() {
	var lines []line
	for i := range t.episodes {
		e := &t.episodes[i]
		if !e.lasts(t.from, t.to) {
			continue
		}
		switch e.Kind {
		case DownEpisode:
			lines = append(lines, t.crash(lines, e)...)
			if e.Ended != 0 && e.Ended <= t.to {
				lines = append(lines, t.boot(e))
			}
		case PauseEpisode:
			lines = append(lines, line{Line{At: e.Began, Text: t.name(e.Node) + " stands still" + t.until(e) + t.point(e)}, e.event})
		}
	}
	t.sayLatest(lines, mostMachines)
}

// crash tells that nodes crash, unless a line tells it already: what goes down
// at one moment is told in one.
func (t *teller) crash(told []line, e *Episode) []line {
	if e.Text != "" {
		return []line{{Line{At: e.Began, Text: t.name(e.Node) + " halts: " + e.Text}, e.event}}
	}
	var down []sim.NodeID
	for i := range t.episodes {
		if other := &t.episodes[i]; other.Kind == DownEpisode && other.Text == "" && other.Began == e.Began {
			if other.event < e.event {
				return nil
			}
			down = append(down, other.Node)
		}
	}
	slices.Sort(down)
	verb := " crashes"
	if len(down) > 1 {
		verb = " crash"
	}
	return []line{{Line{At: e.Began, Text: t.names(down) + verb + t.point(e)}, e.event}}
}

// boot tells that a node has started again, and what it noted of that; a role
// that it then took up has a line of its own.
func (t *teller) boot(e *Episode) line {
	at, text := e.Ended, t.name(e.Node)+" starts again"
	for i := range t.events {
		if boot := &t.events[i]; boot.Kind == sim.BootEvent && boot.Node == e.Node && boot.At == e.Ended {
			if notes := t.join(slices.DeleteFunc(t.handled(boot, sim.NoteEvent), changesRole)); notes != "" {
				text += ": " + notes
			}
			return line{Line{At: at, Text: text}, boot.ID}
		}
	}
	return line{Line{At: at, Text: text}, e.event}
}

// notes returns what a node noted in a handler, and takes it for told.
func (t *teller) notes(handler *sim.TraceEvent) string {
	return t.join(t.handled(handler, sim.NoteEvent))
}

// join joins notes to a clause, and takes them for told.
func (t *teller) join(notes []*sim.TraceEvent) string {
	var details []string
	for _, note := range notes {
		t.told[note.ID] = true
		details = append(details, note.Detail)
	}
	return strings.Join(details, "; ")
}

// point says at which point of the protocol a node was struck, if the plan has
// struck it at one and not at a time.
func (t *teller) point(e *Episode) string {
	planned := ""
	for _, entry := range t.result.Plan {
		p, ok := entry.Fault.(faults.Point)
		switch {
		case !ok && entry.At == e.Began:
			return ""
		case ok && slices.Contains(p.Nodes, e.Node) && entry.At <= e.Began && (entry.For == 0 || e.Began <= entry.At+entry.For):
			planned = ", as planned: " + p.String()
		}
	}
	return planned
}
