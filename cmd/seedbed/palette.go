package main

import (
	"io"
	"os"

	"github.com/fatih/color"

	"seedbed.example/checkers"
)

// palette colours text for a terminal, and leaves it alone elsewhere and where
// NO_COLOR is set (no-color.org).
type palette struct{ bold, faint, good, bad, doubtful *color.Color }

func newPalette(out io.Writer) palette {
	on := isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	colour := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	return palette{
		bold: colour(color.Bold), faint: colour(color.Faint),
		good: colour(color.FgGreen, color.Bold), bad: colour(color.FgRed, color.Bold), doubtful: colour(color.FgYellow, color.Bold),
	}
}

// verdict is a verdict in its colour.
func (p palette) verdict(v checkers.Verdict) string {
	switch v {
	case checkers.Holds:
		return p.good.Sprint(v)
	case checkers.Violated:
		return p.bad.Sprint(v)
	default:
		return p.doubtful.Sprint(v)
	}
}
