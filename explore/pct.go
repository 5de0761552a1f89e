package explore

import (
	"iter"
	"slices"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
)

// defaultChanges is how many changes of priority a run has, more or less: few,
// because most bugs need few things to be late.
const defaultChanges = 3

// pct is probabilistic concurrency testing, by [choice.PCT]. How many steps a
// run has is known from the first one, which is an ordinary run.
type pct struct {
	base    experiment.Config
	from    uint64 // seed of the next run
	changes uint64
	steps   uint64 // 0 until it is known
}

func beginPCT(h *Hunt) (search, error) {
	p := &pct{base: h.Config, from: h.From, changes: uint64(h.Depth)}
	if h.Depth == 0 {
		p.changes = defaultChanges
	}
	return p, nil
}

func (p *pct) generation() iter.Seq[experiment.Config] {
	config := p.base
	config.Seed = p.from
	if p.steps == 0 {
		return slices.Values([]experiment.Config{config})
	}
	config.Choices = choice.PCTName(p.changes, p.steps)
	if config.Plan != nil {
		config.Plan = append(faults.Plan{experiment.Lateness}, config.Plan...)
	}
	return seeds{config, p.from}.generation()
}

// learn counts the messages of the first run: nearly all steps are theirs.
func (p *pct) learn(o *outcome) {
	if p.steps == 0 {
		p.steps = max(o.counts.Messages, 1)
		p.from++
	}
}

func (p *pct) figures() []Figure { return []Figure{{"steps of the first run", p.steps}} }
