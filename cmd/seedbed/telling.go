package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"seedbed.example/experiment"
	"seedbed.example/models"
	"seedbed.example/picture"
	"seedbed.example/story"
)

// telling is how a run is told besides its verdict: into files, and in words.
type telling struct {
	trace   string
	html    string
	explain bool
}

const htmlUsage = "draw the operations, and an order of them, into `FILE`, a page for a browser"

func (t *telling) flags(c *cobra.Command) {
	c.Flags().StringVar(&t.trace, "trace", "", "record everything that happens into `FILE`: JSON lines, or text if it ends in .txt")
	c.Flags().StringVar(&t.html, "html", "", htmlUsage+", with faults, and who led")
	c.Flags().BoolVar(&t.explain, "explain", false, "tell how it came about, in plain words")
}

// records reports whether the run must be recorded to be told like that.
func (t *telling) records() bool { return t.trace != "" || t.html != "" || t.explain }

// write writes the files that are asked for.
func (a *app) write(t telling, r *experiment.Result) error {
	if t.trace != "" {
		if err := writeTrace(t.trace, r); err != nil {
			return fmt.Errorf("the trace could not be written: %w", err)
		}
	}
	if t.html != "" {
		if err := a.writePicture(t.html, r); err != nil {
			return fmt.Errorf("the picture could not be written: %w", err)
		}
	}
	return nil
}

// writePicture draws a recorded run by the model of its scenario, if it has one.
func (a *app) writePicture(path string, r *experiment.Result) error {
	scenario, err := a.scenarios.Find(r.Scenario)
	if err != nil {
		return err
	}
	var model *models.Model
	if found, ok := models.Find(scenario.Model); ok {
		model = &found
	}
	return writeFile(path, func(w io.Writer) error { return picture.WriteRun(w, r, model) })
}

// storyText tells how a run came about, and the mistake that was planted.
func (a *app) storyText(r *experiment.Result) {
	fmt.Fprintln(a.out)
	if _, err := story.Of(r).WriteTo(a.out); err != nil {
		fmt.Fprintf(a.err, "seedbed: %v\n", err)
	}
	scenario, err := a.scenarios.Find(r.Scenario)
	if err != nil {
		return
	}
	if mistake, ok := scenario.Mistake(r.Config.Mistake); ok {
		fmt.Fprintf(a.out, "Planted: %s (%s)\n", mistake.Summary, mistake.Source)
	}
}

// files says where the files are that were written.
func (a *app) files(t telling) {
	if t.trace != "" {
		fmt.Fprintf(a.out, "The trace is in %s\n", t.trace)
	}
	if t.html != "" {
		fmt.Fprintf(a.out, "The picture is in %s\n", t.html)
	}
}
