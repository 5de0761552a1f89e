package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"seedbed.example/explore"
)

// progress shows on a terminal how far a hunt is. Elsewhere it is quiet.
type progress struct {
	bar    *progressbar.ProgressBar // nil where nobody watches
	length time.Duration            // of a hunt that is given a time
	shown  time.Time
}

// redraw is the real time between two pictures.
const redraw = 100 * time.Millisecond

func (a *app) newProgress(h explore.Hunt, length time.Duration) *progress {
	if !isTerminal(a.err) {
		return &progress{}
	}
	return &progress{bar: newBar(a.err, h, length), length: length}
}

func newBar(out io.Writer, h explore.Hunt, length time.Duration) *progressbar.ProgressBar {
	most := int64(h.Seeds)
	if length > 0 {
		most = length.Milliseconds()
	}
	return progressbar.NewOptions64(most,
		progressbar.OptionSetWriter(out), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(20),
		progressbar.OptionSetPredictTime(true), progressbar.OptionSetElapsedTime(true))
}

// show draws the picture anew, if the last one is old enough.
func (p *progress) show(r *explore.Report) {
	if p.bar == nil || time.Since(p.shown) < redraw {
		return
	}
	p.shown = time.Now()
	p.bar.Describe(fmt.Sprintf("%s runs, %s a second, %s simulated, %d failed",
		comma(r.Runs), comma(uint64(r.RunsPerSecond())), short(r.Simulated), len(r.Failures)))
	at := int64(r.Runs)
	if p.length > 0 {
		at = min(r.Wall().Milliseconds(), p.length.Milliseconds())
	}
	p.bar.Set64(at)
}

// spinner shows on a terminal that something goes on whose end is not known.
type spinner struct {
	bar   *progressbar.ProgressBar // nil where nobody watches
	shown time.Time
}

func (a *app) newSpinner() *spinner {
	if !isTerminal(a.err) {
		return &spinner{}
	}
	return &spinner{bar: progressbar.NewOptions(-1, progressbar.OptionSetWriter(a.err), progressbar.OptionClearOnFinish())}
}

// show draws the picture anew, if the last one is old enough.
func (s *spinner) show(what func() string) {
	if s.bar == nil || time.Since(s.shown) < redraw {
		return
	}
	s.shown = time.Now()
	s.bar.Describe(what())
	s.bar.Add(1)
}

func (s *spinner) end() {
	if s.bar != nil {
		s.bar.Finish()
	}
}

// end takes the picture away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Finish()
	}
}
