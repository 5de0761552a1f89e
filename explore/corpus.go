package explore

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
)

// A Corpus is the repros in a directory that are of one scenario. The strategy
// replay runs them, before anything new is looked for.
type Corpus struct {
	Kept   []Kept // by the names of their files
	Others int    // repros in the directory that are of other scenarios
}

// A Kept is a repro of a corpus, and what came of it.
type Kept struct {
	Path  string
	Repro *Repro
	Ran   bool // what follows is known
	// What follows is as in a [Replay].
	Verdict                  checkers.Verdict
	SameTrace, SameViolation bool
}

// OpenCorpus reads every repro file, NAME.repro.json, of a directory.
func OpenCorpus(dir string, scenario *experiment.Scenario) (*Corpus, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	c := &Corpus{}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), reproSuffix) {
			continue
		}
		path := filepath.Join(dir, file.Name())
		repro, err := OpenRepro(path)
		switch {
		case err != nil:
			return nil, err
		case repro.Scenario != scenario.ID:
			c.Others++
		default:
			c.Kept = append(c.Kept, Kept{Path: path, Repro: repro})
		}
	}
	return c, nil
}

// Showing returns how many of the repros still show the violation that they
// are kept for.
func (c *Corpus) Showing() int {
	showing := 0
	for _, k := range c.Kept {
		if k.Ran && k.SameViolation && k.Repro.Violation != nil {
			showing++
		}
	}
	return showing
}

// replay runs a corpus.
type replay struct {
	corpus      *Corpus
	dealt, next int // of the corpus
}

func beginReplay(h *Hunt) (search, error) {
	if h.Corpus == nil {
		return nil, errors.New("the strategy replay runs the repro files of a corpus, and there is none: want --corpus DIRECTORY")
	}
	return &replay{corpus: h.Corpus}, nil
}

func (r *replay) generation() iter.Seq[experiment.Config] {
	if r.dealt == len(r.corpus.Kept) {
		return nil
	}
	r.dealt = len(r.corpus.Kept)
	return func(yield func(experiment.Config) bool) {
		for _, k := range r.corpus.Kept {
			if !yield(k.Repro.Config()) {
				return
			}
		}
	}
}

func (r *replay) learn(o *outcome) {
	k := &r.corpus.Kept[r.next]
	r.next++
	k.Ran, k.Verdict = true, o.verdict
	k.SameTrace, k.SameViolation = o.hash == k.Repro.TraceHash, k.Repro.expects(o.verdict, o.violations)
}

func (r *replay) figures() []Figure {
	return []Figure{{"repros", uint64(len(r.corpus.Kept))}, {"still show their violation", uint64(r.corpus.Showing())}}
}
