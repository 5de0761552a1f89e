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
	mostFaults   = 8
	mostMachines = 10
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
		t.say(e.Began, e.event, e.Text+until(e))
	}
	t.tellHeal()
}

// until says how long an episode lasts.
func until(e *Episode) string {
	if e.Ended == 0 {
		return ", to the end"
	}
	return fmt.Sprintf(", until %v", e.Ended.Round(time.Microsecond))
}

// tellHeal tells that the faults were over, if that was before the harm.
func (t *teller) tellHeal() {
	for i := range t.events {
		if e := &t.events[i]; e.Kind == sim.FaultEvent && e.Name == faults.Heal && e.At <= t.to {
			t.say(e.At, e.ID, e.Detail)
		}
	}
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
			lines = append(lines, line{Line{At: e.Began, Text: t.name(e.Node) + " stands still" + until(e) + t.point(e)}, e.event})
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

// boot tells that a node has started again, and what it noted of that.
func (t *teller) boot(e *Episode) line {
	at, text := e.Ended, t.name(e.Node)+" starts again"
	for i := range t.events {
		if boot := &t.events[i]; boot.Kind == sim.BootEvent && boot.Node == e.Node && boot.At == e.Ended {
			if notes := t.notes(boot); notes != "" {
				text += ": " + notes
			}
			return line{Line{At: at, Text: text}, boot.ID}
		}
	}
	return line{Line{At: at, Text: text}, e.event}
}

// notes returns what a node noted in a handler, and takes it for told.
func (t *teller) notes(handler *sim.TraceEvent) string {
	var notes []string
	for _, note := range t.handled(handler, sim.NoteEvent) {
		t.told[note.ID] = true
		notes = append(notes, note.Detail)
	}
	return strings.Join(notes, "; ")
}

// point says at which point of the protocol a node was struck, if it was not
// struck by the clock.
func (t *teller) point(e *Episode) string {
	if t.event(e.event).Cause == 0 {
		return ""
	}
	for _, entry := range t.result.Plan {
		p, ok := entry.Fault.(faults.Point)
		if ok && slices.Contains(p.Nodes, e.Node) && entry.At <= e.Began && (entry.For == 0 || e.Began <= entry.At+entry.For) {
			return ", as planned: " + p.String()
		}
	}
	return ""
}
