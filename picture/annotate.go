package picture

import (
	"fmt"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/story"
)

// A paint is how an annotation looks, in colours of CSS.
type paint struct{ background, text string }

var (
	plain   = paint{"#ffffff", "#000000"}
	idle    = paint{"#eeeeee", "#666666"}
	fault   = paint{"#f6c667", "#000000"}
	down    = paint{"#555555", "#ffffff"}
	still   = paint{"#bbbbbb", "#000000"}
	leading = paint{"#9ec5fe", "#000000"}
	broken  = paint{"#d33333", "#ffffff"}
)

// episode draws something that lasted: a fault in a row of faults, anything else
// in a row of its node.
func (d *drawing) episode(e *story.Episode) {
	began, ended := int64(e.Began), int64(e.Ended)
	if ended == 0 {
		ended = d.end
	}
	when := fmt.Sprintf("from %v to %v", e.Began.Round(time.Microsecond), time.Duration(ended).Round(time.Microsecond))
	switch e.Kind {
	case story.FaultEpisode:
		d.annotate("faults", fault, began, ended, e.Text, when)
	case story.DownEpisode:
		d.annotate(d.node(e.Node), down, began, ended, "down", when+" "+e.Text)
	case story.PauseEpisode:
		d.annotate(d.node(e.Node), still, began, ended, "stands still", when)
	case story.RoleEpisode:
		d.annotate(d.node(e.Node), leading, began, ended, e.Text, when)
	}
}

// annotate draws an annotation in a row of this tag, or in another one of its
// kind if something is there already.
func (d *drawing) annotate(tag string, p paint, start, end int64, description, details string) {
	if d.rows[tag] == nil {
		d.rows[tag] = new(lanes)
	}
	if lane := d.rows[tag].place(start, end); lane > 0 {
		tag = fmt.Sprintf("%s (%d)", tag, lane+1)
	}
	d.annotations = append(d.annotations, porcupine.Annotation{
		Tag: tag, Start: start, End: end, Description: description, Details: details,
		BackgroundColor: p.background, TextColor: p.text,
	})
}

// lanes is when the last thing ends in each of several rows that are one.
type lanes []int64

// place returns the first lane in which there is room, and takes it.
func (l *lanes) place(start, end int64) int {
	for i, taken := range *l {
		if taken < start {
			(*l)[i] = end
			return i
		}
	}
	*l = append(*l, end)
	return len(*l) - 1
}
