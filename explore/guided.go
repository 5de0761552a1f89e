package explore

import (
	"iter"
	"slices"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
)

// generationSize is how many runs the guided search chooses at a time. It
// learns in between, and cores wait for the last of them.
const generationSize = 64

// guided keeps the runs that brought the cluster into abstract states (of
// [sim.Stated] nodes) that no run before had, and makes others of them. A
// quarter of all runs are fresh seeds.
type guided struct {
	base experiment.Config
	from uint64 // the next fresh seed
	draw *choice.Stream
	seen map[uint64]struct{}
	kept []parent

	nodes uint64 // that faults may strike; 0 is not known yet
}

// A parent is a run worth being changed a little.
type parent struct {
	seed uint64
	plan faults.Plan
}

func beginGuided(h *Hunt) (search, error) {
	g := &guided{base: h.Config, from: h.From, seen: make(map[uint64]struct{})}
	g.base.Cover = true
	g.draw = choice.NewStream(choice.Seed(h.From), "guided", "runs")
	return g, nil
}

func (g *guided) generation() iter.Seq[experiment.Config] {
	configs := make([]experiment.Config, generationSize)
	for i := range configs {
		configs[i] = g.next()
	}
	return slices.Values(configs)
}

func (g *guided) next() experiment.Config {
	config := g.base
	if len(g.kept) == 0 || g.draw.N(4) == 0 {
		config.Seed = g.from
		g.from++
		return config
	}
	m := mutant{parent: g.pick(), other: g.pick(), nodes: g.nodes, draw: g.draw}
	m.change()
	config.Seed, config.Plan = m.seed, m.plan
	return config
}

// pick draws a parent: of two, the one that was kept later, because it saw what
// was still new then.
func (g *guided) pick() parent {
	kept := uint64(len(g.kept))
	return g.kept[max(g.draw.N(kept), g.draw.N(kept))]
}

func (g *guided) learn(o *outcome) {
	g.nodes = uint64(o.nodes)
	news := false
	for _, state := range o.states {
		if _, seen := g.seen[state]; !seen {
			g.seen[state] = struct{}{}
			news = true
		}
	}
	if news {
		g.kept = append(g.kept, parent{o.config.Seed, o.plan})
	}
}

func (g *guided) figures() []Figure {
	return []Figure{{"states seen", uint64(len(g.seen))}, {"runs kept", uint64(len(g.kept))}}
}
