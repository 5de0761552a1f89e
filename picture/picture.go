package picture

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/sim"
	"seedbed.example/story"
)

// searchTime is how much real time the search for an order may take. If that is
// not enough, the page shows the longest orders that were found until then.
const searchTime = 5 * time.Second

// Write draws a history, which the model must accept.
func Write(out io.Writer, h *history.History, model models.Model) error {
	d := newDrawing(h, 0, func(client int) string { return fmt.Sprint("client ", client) })
	return d.write(out, h, model)
}

// WriteRun draws the history of a recorded run, and what lasted while it was
// made, and tells below how it came about. A history that no model judges, of model nil, is drawn for the eye only.
func WriteRun(out io.Writer, r *experiment.Result, model *models.Model) error {
	h := r.World.History()
	unjudged := model == nil
	if unjudged {
		model = &noModel
	} else if err := model.Accepts(h); err != nil {
		return err
	}
	d := newDrawing(h, r.Simulated, func(client int) string { return r.World.Name(r.World.Clients()[client-1]) })
	d.node = r.World.Name
	episodes := story.Episodes(r)
	for i := range episodes {
		d.episode(&episodes[i])
	}
	for _, v := range r.Violations {
		at := int64(story.BrokenAt(r))
		d.annotate("violation", broken, at, at, v.Checker, v.Message)
	}
	d.unjudged = unjudged
	var page bytes.Buffer
	if err := d.write(&page, h, *model); err != nil {
		return err
	}
	return writeStory(out, page.Bytes(), r)
}

// noModel is for pages on which no operation is judged.
var noModel = models.Model{Porcupine: porcupine.Model{
	Init:              func() any { return nil },
	Step:              func(state, _, _ any) (bool, any) { return true, state },
	Equal:             func(any, any) bool { return true },
	DescribeOperation: func(input, output any) string { return fmt.Sprint(input, " -> ", output) },
	DescribeState:     func(any) string { return "" },
}}

// A drawing is what goes onto the page.
type drawing struct {
	unjudged    bool // by no model: operations are for the eye only
	name        func(client int) string
	node        func(sim.NodeID) string // nil where there are none
	times       []int64                 // of each call and return of the history, in their order
	end         int64                   // of the time that is shown
	operations  []porcupine.Operation
	annotations []porcupine.Annotation
	rows        map[string]*lanes // of annotations, by their tag
}

// newDrawing settles the times: those of the history, set apart by a nanosecond
// where they tie, because what is called when another returns comes after it.
func newDrawing(h *history.History, end time.Duration, name func(client int) string) *drawing {
	d := &drawing{name: name, rows: make(map[string]*lanes)}
	operations := h.Operations()
	var events uint64
	for i := range operations {
		events = max(events, operations[i].Invoked, operations[i].Returned)
	}
	d.times = make([]int64, events+1)
	for i := range operations {
		op := &operations[i]
		d.times[op.Invoked], d.times[op.Returned] = int64(op.Call), int64(op.Return)
	}
	d.times[0] = 0 // of what has not returned
	for i := 1; i < len(d.times); i++ {
		d.times[i] = max(d.times[i], d.times[i-1]+1)
	}
	d.end = max(int64(end), d.times[len(d.times)-1]) + 1
	return d
}

// write draws the operations and writes the page.
func (d *drawing) write(out io.Writer, h *history.History, model models.Model) error {
	d.clients(h.Operations())
	m := model.Porcupine
	m.DescribeOperationMetadata = func(client any) string { return html.EscapeString(client.(string)) }
	m.DescribeState = func(state any) string { return html.EscapeString(model.Porcupine.DescribeState(state)) }
	_, info := porcupine.CheckOperationsVerbose(m, d.operations, searchTime)
	info.AddAnnotations(d.annotations)
	return porcupine.Visualize(m, info, out)
}

// clients gives each client a row, or more if its operations overlap, in the
// order of their numbers, with its name at the beginning.
func (d *drawing) clients(operations []history.Operation) {
	of := make(map[int][]*history.Operation)
	for i := range operations {
		op := &operations[i]
		of[op.Client] = append(of[op.Client], op)
	}
	row := 0
	for _, client := range slices.Sorted(maps.Keys(of)) {
		var taken lanes
		for _, op := range of[client] {
			call, end := d.times[op.Invoked], d.times[op.Returned]
			if op.Returned == 0 || op.Outcome == history.Unknown && !d.tellsNothing(op) {
				end = d.end
			}
			d.operation(op, row+taken.place(call, end), call, end)
		}
		for range taken {
			d.annotations = append(d.annotations, porcupine.Annotation{
				ClientId: row, Start: beforeAll, End: beforeAll, Description: d.name(client),
				Details: "what " + d.name(client) + " asked", BackgroundColor: plain.background,
			})
			row++
		}
	}
}

// beforeAll is when the names of clients stand in their rows.
const beforeAll = -1

// tellsNothing reports whether an operation tells nothing of the state: one that
// failed, or a read without an answer; or any, where there is no model.
func (d *drawing) tellsNothing(op *history.Operation) bool {
	return d.unjudged || op.Outcome == history.Failed || op.Outcome == history.Unknown && op.Input.(history.Input).F == history.Read
}

// operation draws one operation: as Porcupine judges it, or for the eye only if
// it tells nothing of the state.
func (d *drawing) operation(op *history.Operation, row int, call, end int64) {
	if d.tellsNothing(op) {
		came := op.Outcome.String()
		if op.Outcome == history.OK {
			came = fmt.Sprint(op.Output)
		}
		d.annotations = append(d.annotations, porcupine.Annotation{
			ClientId: row, Start: call, End: end, Description: fmt.Sprintf("%v: %s", op.Input, came),
			Details: d.name(op.Client), BackgroundColor: idle.background, TextColor: idle.text,
		})
		return
	}
	d.operations = append(d.operations, porcupine.Operation{
		ClientId: row, Input: op.Input, Output: op.Output, Call: call, Return: end, Metadata: d.name(op.Client),
	})
}
