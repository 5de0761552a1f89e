package main

import (
	"fmt"

	"seedbed.example/checkers"
	"seedbed.example/explore"
)

// keptObject is a repro of a corpus as JSON, and what came of it.
type keptObject struct {
	Repro         string              `json:"repro"` // path of the file
	Expected      *checkers.Violation `json:"expected"`
	Verdict       checkers.Verdict    `json:"verdict"`
	SameViolation bool                `json:"sameViolation"`
	SameTrace     bool                `json:"sameTrace"`
}

func newCorpusObject(c *explore.Corpus) []keptObject {
	objects := []keptObject{}
	if c == nil {
		return objects
	}
	for _, k := range c.Kept {
		if k.Ran {
			objects = append(objects, keptObject{k.Path, k.Repro.Violation, k.Verdict, k.SameViolation, k.SameTrace})
		}
	}
	return objects
}

// corpusText tells what came of the repros that were run first.
func (a *app) corpusText(c *explore.Corpus) {
	if c == nil {
		return
	}
	fmt.Fprintf(a.out, "%d of %d repros still show their violation", c.Showing(), len(c.Kept))
	if c.Others > 0 {
		fmt.Fprintf(a.out, "; %d more are of other scenarios", c.Others)
	}
	fmt.Fprintln(a.out)
	for _, k := range c.Kept {
		fmt.Fprintf(a.out, "  %s: %s\n", k.Path, keptText(&k))
	}
	fmt.Fprintln(a.out)
}

// keptText says what came of one repro.
func keptText(k *explore.Kept) string {
	shows, not := "still holds", "holds no more"
	if v := k.Repro.Violation; v != nil {
		shows, not = "still shows "+v.Checker, "does not show "+v.Checker
	}
	switch {
	case !k.Ran:
		return "not run"
	case k.SameTrace && k.SameViolation:
		return shows
	case k.SameViolation:
		return shows + ", by another course"
	default:
		return fmt.Sprintf("%s: %v", not, k.Verdict)
	}
}
