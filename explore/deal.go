package explore

import (
	"iter"

	"seedbed.example/experiment"
)

// A dealer hands out the runs that a search chooses. It waits, between two
// generations, until the search has learned from all runs of the first: which
// runs come next does not depend on how fast workers are.
type dealer struct {
	search search
	number uint64 // of the next job
	left   uint64 // how many more may be dealt, if limited
	limit  bool
	open   int // dealt, and not yet learned from
	pull   func() (experiment.Config, bool)
	stop   func()
	hand   *job // the next job, once it is known
	over   bool // the search has no more
}

func newDealer(s search, from, most uint64) *dealer {
	return &dealer{search: s, number: from, left: most, limit: most > 0, stop: func() {}}
}

// next returns the job to be dealt next, nil if there is none now.
func (d *dealer) next() *job {
	for d.hand == nil && !d.over && !(d.limit && d.left == 0) {
		if d.pull == nil {
			if d.open > 0 {
				return nil
			}
			d.begin()
			continue
		}
		config, ok := d.pull()
		if !ok {
			d.pull = nil
			continue
		}
		d.hand = &job{d.number, config}
		d.number++
		d.left--
	}
	return d.hand
}

// begin begins the next generation, if there is one.
func (d *dealer) begin() {
	if g := d.search.generation(); g != nil {
		d.pull, d.stop = iter.Pull(g)
	} else {
		d.over = true
	}
}

// dealt notes that a worker has taken the job.
func (d *dealer) dealt() {
	d.hand = nil
	d.open++
}

// learn passes on what a job came to.
func (d *dealer) learn(o *outcome) {
	d.open--
	d.search.learn(o)
}

// done reports whether there is nothing more to wait for.
func (d *dealer) done() bool { return d.next() == nil && d.open == 0 }
