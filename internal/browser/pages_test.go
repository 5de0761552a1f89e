package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"seedbed.example/experiment"
	"seedbed.example/explore"
	"seedbed.example/models"
	"seedbed.example/picture"
	"seedbed.example/scenarios"
)

// chromium starts Debian's, with nothing that looks for the network.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v: these tests need a browser (apt-get install chromium)", err)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.WindowSize(1400, 900), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the first context that it was asked in
		t.Fatal(err)
	}
	ctx, late := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(late)
	return ctx
}

// page writes the page of the repro that is kept of a mistake, and returns its
// address.
func page(t *testing.T, mistake string) string {
	t.Helper()
	repro, err := explore.OpenRepro(filepath.Join("..", "..", "explore", "testdata", "repros", mistake+".repro.json"))
	if err != nil {
		t.Fatal(err)
	}
	scenario, err := scenarios.Find(repro.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	replay, err := repro.Replay(scenario, true)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, replay.Result, scenario.Model)
}

func write(t *testing.T, r *experiment.Result, model string) string {
	t.Helper()
	var judge *models.Model
	if found, ok := models.Find(model); ok {
		judge = &found
	}
	path := filepath.Join(t.TempDir(), "run.html")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := picture.WriteRun(file, r, judge); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

// seen is what a person sees of a page.
type seen struct {
	Title string
	Boxes []string // what is in the picture, each in a box
	Harm  []string // what stands out in the story below it
	Below bool     // the story lies below the picture, and both are visible
}

const look = `({
	Title: document.title,
	Boxes: [...document.querySelectorAll('#canvas text')].map(t => t.textContent).filter(t => t !== ''),
	Harm: [...document.querySelectorAll('#story tr.harm td:last-child')].map(d => d.innerText),
	Below: (() => {
		const picture = document.querySelector('#canvas svg').getBoundingClientRect()
		const story = document.querySelector('#story').getBoundingClientRect()
		return picture.height > 50 && story.height > 50 && story.top >= picture.bottom - 1
	})(),
})`

// visit opens a page, and returns what a person sees, and what the browser complains
// of.
func visit(t *testing.T, ctx context.Context, address string, then ...chromedp.Action[chromedp.Void]) seen {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	complaints := make(chan string, 100)
	err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*runtime.EventExceptionThrown); ok {
			complaints <- fmt.Sprint(e.ExceptionDetails)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, append([]chromedp.Action[chromedp.Void]{
		chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("#story")),
	}, then...)...); err != nil {
		t.Fatal(err)
	}
	s, err := chromedp.Run(ctx, chromedp.Evaluate[seen](look))
	if err != nil {
		t.Fatal(err)
	}
	if len(complaints) > 0 {
		t.Errorf("the browser complains: %s", <-complaints)
	}
	return s
}

func holds(t *testing.T, what string, texts []string, want string) {
	t.Helper()
	if !strings.Contains(strings.Join(texts, "\n"), want) {
		t.Errorf("%s: no %q in %q", what, want, texts)
	}
}

// The page of a run shows the operations, the faults, who led and what was broken,
// and below it the story.
func TestAPageShowsHowARunWentWrong(t *testing.T) {
	ctx := chromium(t)
	for mistake, want := range map[string]struct{ boxes, harm string }{
		"raft.leaseClock":           {"leader of term", "stale value"},
		"quorum.noWriteBack":        {"read a -> nothing", "no order of these operations"},
		"paxos.acceptKeepsPromise":  {"propose a", "P2b"},
		"primarybackup.unaskedRead": {"read a", "linearizability"},
		"outbox.dualWrite":          {"transfer", "lost effect"}, // which no model judges
		"saga.compOvertakes":        {"place order", "half done"},
	} {
		t.Run(mistake, func(t *testing.T) {
			s := visit(t, ctx, page(t, mistake))
			holds(t, "title", []string{s.Title}, "with the mistake "+mistake+": violated")
			holds(t, "picture", s.Boxes, want.boxes)
			holds(t, "story", s.Harm, want.harm)
			if !s.Below {
				t.Error("the story does not lie below the picture")
			}
		})
	}
}

// Who points at an operation is told of it, and who asks for the error is taken to
// it.
func TestAPageAnswersToTheMouse(t *testing.T) {
	ctx := chromium(t)
	var told string
	var chosen int
	visit(t, ctx, page(t, "raft.leaseClock"), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		at, err := chromedp.Evaluate[struct{ X, Y float64 }](`(() => {
			const box = document.querySelector('.history-rect').getBoundingClientRect()
			return {X: box.left + box.width / 2, Y: box.top + box.height / 2}
		})()`)(ctx, target)
		if err != nil {
			return err
		}
		if _, err := chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at.X, at.Y)(ctx, target); err != nil {
			return err
		}
		if told, err = chromedp.Poll[string](`(document.querySelector('.tooltip') ?? {innerText: ''}).innerText`)(ctx, target); err != nil {
			return err
		}
		if _, err := chromedp.Click(chromedp.CSS("#jump-link"))(ctx, target); err != nil {
			return err
		}
		chosen, err = chromedp.Poll[int](`document.querySelectorAll('.selected').length`)(ctx, target)
		return err
	}))
	holds(t, "what is told of an operation", []string{told}, "client")
	if chosen != 1 {
		t.Errorf("%d operations are chosen", chosen)
	}
}

// A run in which nothing was broken has a page as well, however long it is.
func TestAPageOfARunThatHolds(t *testing.T) {
	scenario, err := scenarios.Find("raft")
	if err != nil {
		t.Fatal(err)
	}
	r, err := scenario.Run(experiment.Config{Seed: 1, Record: true})
	if err != nil {
		t.Fatal(err)
	}
	s := visit(t, chromium(t), write(t, r, scenario.Model))
	holds(t, "title", []string{s.Title}, "raft, seed 1: holds")
	if len(s.Boxes) < 200 || len(s.Harm) > 0 || !s.Below {
		t.Errorf("%d boxes, harm %q, story below %v", len(s.Boxes), s.Harm, s.Below)
	}
}
