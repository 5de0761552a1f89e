package picture_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/faults"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/picture"
	"seedbed.example/scenarios"
	"seedbed.example/sim"
)

// A page is the data inside the page, as its script reads it.
type page struct {
	Partitions []struct {
		History []struct {
			ClientId, Start, End       int
			OriginalStart, OriginalEnd string
			Description, Metadata      string
		}
		PartialLinearizations [][]struct {
			Index            int
			StateDescription string
		}
	}
	Annotations []annotation
}

type annotation struct {
	ClientId, Start, End      int
	Tag, Description, Details string
	BackgroundColor           string
}

var data = regexp.MustCompile(`(?m)^\s*const data = (\{.*\})$`)

func read(t *testing.T, text []byte) page {
	t.Helper()
	found := data.FindSubmatch(text)
	if found == nil || !bytes.Contains(text, []byte("</html>")) {
		t.Fatalf("the page holds no data, or has no end:\n%.500s", text)
	}
	var p page
	if err := json.Unmarshal(found[1], &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func draw(t *testing.T, h *history.History) page {
	t.Helper()
	kv, _ := models.Find("kv")
	var text bytes.Buffer
	if err := picture.Write(&text, h, kv); err != nil {
		t.Fatal(err)
	}
	return read(t, text.Bytes())
}

// in returns the annotations of a row of this tag, or of others of its kind.
func (p page) in(tag string) []annotation {
	return slices.DeleteFunc(slices.Clone(p.Annotations), func(a annotation) bool {
		return a.Tag != tag && !strings.HasPrefix(a.Tag, tag+" (")
	})
}

func write(key, value string) history.Input {
	return history.Input{F: history.Write, Key: key, Value: value}
}

func TestEachKeyIsDrawnWithAnOrderOfItsOperations(t *testing.T) {
	h := new(history.History)
	h.Return(h.Invoke(7, 10, write("x", "<b>")), 20, history.OK, history.Output{})
	h.Return(h.Invoke(9, 20, history.Input{Key: "x"}), 30, history.OK, history.Output{Value: "<b>", Found: true})
	h.Return(h.Invoke(9, 30, write("y", "1")), 40, history.OK, history.Output{})
	p := draw(t, h)
	var told []string
	for _, part := range p.Partitions {
		for _, op := range part.History {
			told = append(told, fmt.Sprintf("row %d, %s: %s", op.ClientId, op.Metadata, op.Description))
		}
	}
	if diff := cmp.Diff([]string{`row 0, client 7: write x "<b>"`, `row 1, client 9: read x -> "<b>"`, `row 1, client 9: write y "1"`}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	order := p.Partitions[0].PartialLinearizations[0]
	if len(order) != 2 || order[0].Index != 0 || order[1].StateDescription != `&#34;&lt;b&gt;&#34;` {
		t.Errorf("the order is %+v", order)
	}
	ops := p.Partitions[0].History
	if ops[0].End >= ops[1].Start {
		t.Errorf("what was called when another returned begins at %d, and that ends at %d", ops[1].Start, ops[0].End)
	}
	names := fmt.Sprintf("%d %s, %d %s", p.Annotations[0].ClientId, p.Annotations[0].Description, p.Annotations[1].ClientId, p.Annotations[1].Description)
	if names != "0 client 7, 1 client 9" {
		t.Errorf("the rows are named %s", names)
	}
}

// What may happen at any time reaches to the end, in a row of its own if its
// client goes on; what tells nothing of the state is no operation to Porcupine.
func TestAnOperationOfUnknownOutcomeReachesToTheEnd(t *testing.T) {
	h := new(history.History)
	h.Return(h.Invoke(1, 10, write("x", "1")), 20, history.Unknown, nil)
	h.Return(h.Invoke(1, 30, write("x", "2")), 40, history.Failed, nil)
	h.Return(h.Invoke(1, 50, history.Input{Key: "x"}), 60, history.Unknown, nil)
	h.Return(h.Invoke(1, 70, write("x", "3")), 80, history.OK, history.Output{})
	h.Invoke(2, 85, write("x", "4"))
	p := draw(t, h)
	var told []string
	for _, op := range p.Partitions[0].History {
		told = append(told, fmt.Sprintf("row %d: %s, %s to %s", op.ClientId, op.Description, op.OriginalStart, op.OriginalEnd))
	}
	if diff := cmp.Diff([]string{`row 0: write x "1" -> ?, 10 to 86`, `row 1: write x "3", 70 to 80`, `row 2: write x "4" -> ?, 85 to 86`}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var noted []string
	for _, a := range p.Annotations {
		noted = append(noted, fmt.Sprintf("row %d: %s", a.ClientId, a.Description))
	}
	if diff := cmp.Diff([]string{`row 1: write x "2": fail`, `row 1: read x: unknown`, "row 0: client 1", "row 1: client 1", "row 2: client 2"}, noted); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARecordingWithoutTimesIsDrawnInItsOrder(t *testing.T) {
	h := new(history.History)
	for range 3 {
		h.Return(h.Invoke(1, 0, write("x", "1")), 0, history.OK, history.Output{})
	}
	last := -1
	for _, op := range draw(t, h).Partitions[0].History {
		if op.Start <= last || op.End <= op.Start {
			t.Errorf("from %d to %d, and the one before ended at %d", op.Start, op.End, last)
		}
		last = op.End
	}
}

func TestAnEmptyHistoryIsAnEmptyPage(t *testing.T) {
	if p := draw(t, new(history.History)); len(p.Partitions)+len(p.Annotations) > 0 {
		t.Errorf("it holds %+v", p)
	}
}

// run makes a recorded run of raft under these faults.
func run(t *testing.T, plan faults.Plan) *experiment.Result {
	t.Helper()
	raft, _ := scenarios.Find("raft")
	r, err := raft.Run(experiment.Config{Record: true, Plan: plan, Parameters: map[string]string{"operations": "30", "span": "3s", "nodes": "3"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFaultsAndLeadersOfARunAreDrawn(t *testing.T) {
	r := run(t, faults.Plan{
		{At: 500 * time.Millisecond, For: time.Second, Fault: faults.Loss{Rate: 1}},
		{At: time.Second, For: time.Second, Fault: faults.Isolate{Node: 2}},
		{At: 2500 * time.Millisecond, For: 100 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{3}}},
	})
	kv, _ := models.Find("kv")
	var text bytes.Buffer
	if err := picture.WriteRun(&text, r, &kv); err != nil {
		t.Fatal(err)
	}
	p := read(t, text.Bytes())
	struck := p.in("faults")
	if len(struck) != 2 || struck[1].Description != "node 2 is cut off" || struck[1].Details != "from 1s to 2s" || struck[0].Tag == struck[1].Tag || struck[0].Start >= struck[1].Start || struck[0].End >= struck[1].End {
		t.Errorf("faults: %+v", struck)
	}
	if down := p.in("node 3"); !slices.ContainsFunc(down, func(a annotation) bool {
		return a.Description == "down" && strings.HasPrefix(a.Details, "from 2.5s to 2.6s")
	}) {
		t.Errorf("node 3: %+v", down)
	}
	leads := 0
	for _, role := range r.World.Trace().Roles() {
		leads++
		if !slices.ContainsFunc(p.in(r.World.Name(role.Node)), func(a annotation) bool { return a.Description == role.Name }) {
			t.Errorf("%v is not drawn", role)
		}
	}
	if leads == 0 {
		t.Error("nobody led")
	}
	drawn := 0
	for _, part := range p.Partitions {
		drawn += len(part.History)
	}
	if drawn < 20 {
		t.Errorf("%d operations are drawn of %d", drawn, r.Operations)
	}
}

func TestWhatWasBrokenIsDrawn(t *testing.T) {
	file, err := os.Open("../explore/testdata/repros/raft.leaseClock.repro.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	repro, err := explore.ReadRepro(file)
	if err != nil {
		t.Fatal(err)
	}
	raft, _ := scenarios.Find("raft")
	replay, err := repro.Replay(raft, true)
	if err != nil {
		t.Fatal(err)
	}
	kv, _ := models.Find("kv")
	var text bytes.Buffer
	if err := picture.WriteRun(&text, replay.Result, &kv); err != nil {
		t.Fatal(err)
	}
	broken := read(t, text.Bytes()).in("violation")
	if len(broken) == 0 || broken[0].Description != "linearizability" || broken[0].Details != replay.Result.Violations[0].Message {
		t.Errorf("what was broken is drawn as %+v", broken)
	}
}

// What no model judges is drawn for the eye.
func TestARunThatNoModelJudgesIsDrawn(t *testing.T) {
	saga, err := scenarios.Find("saga")
	if err != nil {
		t.Fatal(err)
	}
	r, err := saga.Run(experiment.Config{Seed: 1, Record: true})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := picture.WriteRun(&text, r, nil); err != nil {
		t.Fatal(err)
	}
	p := read(t, text.Bytes())
	drawn := 0
	for _, a := range p.Annotations {
		if strings.HasPrefix(a.Description, "place order") {
			drawn++
		}
	}
	if drawn < 5 {
		t.Errorf("%d orders are drawn, of %d operations", drawn, r.Operations)
	}
}

// A page of a run says which one it is and how it came about, and what is told there
// is text whatever it looks like.
func TestAPageOfARunTellsItsStory(t *testing.T) {
	scenario := &experiment.Scenario{ID: "<toy>", Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
		w.Go("client", func(p *sim.Process) {
			p.Sleep(time.Second)
			p.Always("a < b && b > c", false)
		})
		return experiment.Setup{}
	}}
	r, err := scenario.Run(experiment.Config{Seed: 7, Record: true})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := picture.WriteRun(&page, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<title>&lt;toy&gt;, seed 7: violated</title>",
		`<tr class="harm"><td>1s</td><td>always: a &lt; b &amp;&amp; b &gt; c`,
		"</section>\n</body>",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}
