package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"seedbed.example/sim"
)

// How many events of two traces are shown where they part.
const (
	shownBefore = 4
	shownAfter  = 4
)

// A Difference is where two recorded runs of one seed part.
type Difference struct {
	Same     int              `json:"same"`     // so many events are alike
	Before   []sim.TraceEvent `json:"before"`   // the last of them
	First    []sim.TraceEvent `json:"first"`    // what comes then in one run
	Second   []sim.TraceEvent `json:"second"`   // and in the other
	Verdicts [2]string        `json:"verdicts"` // of the two runs
	// Reordered reports whether both runs do the same things at this point, in
	// another order.
	Reordered bool `json:"reordered"`
	// Addresses reports whether the first events that differ do so in
	// addresses of memory only.
	Addresses bool `json:"addresses"`
}

// difference compares two recordings; nil if they are alike.
func difference(a, b *recording) *Difference {
	if a.hash == b.hash {
		return nil
	}
	same := 0
	for same < len(a.events) && same < len(b.events) && a.events[same] == b.events[same] {
		same++
	}
	return &Difference{
		Same:     same,
		Before:   a.events[max(0, same-shownBefore):same],
		First:    a.events[same:min(len(a.events), same+shownAfter)],
		Second:   b.events[same:min(len(b.events), same+shownAfter)],
		Verdicts: [2]string{a.verdict, b.verdict},

		Reordered: reordered(a.events[same:], b.events[same:]),
		Addresses: differInAddresses(a.events[same:], b.events[same:]),
	}
}

// reordered reports whether both begin with the same events in another order:
// those of one moment, or those of one handler, whose disk may take time.
func reordered(a, b []sim.TraceEvent) bool {
	return permuted(moment(a), moment(b)) || permuted(handler(a), handler(b))
}

func moment(events []sim.TraceEvent) []sim.TraceEvent {
	end := 0
	for end < len(events) && events[end].At == events[0].At {
		end++
	}
	return events[:end]
}

func handler(events []sim.TraceEvent) []sim.TraceEvent {
	end := slices.IndexFunc(events, func(e sim.TraceEvent) bool {
		return e.Kind == sim.DeliverEvent || e.Kind == sim.TimerEvent || e.Kind == sim.BootEvent
	})
	if end < 0 {
		end = len(events)
	}
	return events[:end]
}

func permuted(a, b []sim.TraceEvent) bool {
	return len(a) > 1 && slices.Equal(deeds(a), deeds(b))
}

// deeds says, sorted, what happens in events, but not when or why. Nodes that
// start have numbers by their order.
func deeds(events []sim.TraceEvent) []string {
	var all []string
	for _, e := range events {
		if e.Kind == sim.BootEvent {
			e.Node = 0
		}
		all = append(all, fmt.Sprint(e.Kind, e.Node, e.Peer, e.Name, e.Detail))
	}
	slices.Sort(all)
	return all
}

var address = regexp.MustCompile(`0x[0-9a-f]{5,16}\b`)

func differInAddresses(a, b []sim.TraceEvent) bool {
	if len(a) == 0 || len(b) == 0 || a[0] == b[0] {
		return false
	}
	first, second := a[0], b[0]
	first.Detail = address.ReplaceAllString(first.Detail, "0x")
	second.Detail = address.ReplaceAllString(second.Detail, "0x")
	return first == second
}

// String shows both traces where they part, what only one has after - and +.
func (d *Difference) String() string {
	if len(d.First) == 0 && len(d.Second) == 0 {
		return fmt.Sprintf("All %d events of the two runs are alike, and their verdicts are not:\n- %s\n+ %s",
			d.Same, indent(d.Verdicts[0]), indent(d.Verdicts[1]))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The two runs part at event %d (- in one run, + in the other):", d.Same+1)
	write := func(mark string, events []sim.TraceEvent) {
		for _, e := range events {
			fmt.Fprintf(&b, "\n%s %s", mark, indent(e.String()))
			if mark != " " && d.sameWords() {
				fmt.Fprintf(&b, " (because of event %d)", e.Cause)
			}
		}
		if len(events) == 0 {
			fmt.Fprintf(&b, "\n%s the run is over", mark)
		}
	}
	if len(d.Before) > 0 {
		write(" ", d.Before)
	}
	write("-", d.First)
	write("+", d.Second)
	return b.String()
}

// sameWords reports whether the first events that differ read alike: they
// differ in their causes.
func (d *Difference) sameWords() bool {
	return len(d.First) > 0 && len(d.Second) > 0 && d.First[0].String() == d.Second[0].String()
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }
