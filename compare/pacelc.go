package compare

import (
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A PACELCRow is what came of one design in three regions where all is well.
type PACELCRow struct {
	Design       string           `json:"design"`
	Reads        []Latency        `json:"reads"`  // from each region
	Writes       []Latency        `json:"writes"` // from each region
	Staleness    Stale            `json:"staleness"`
	Linearizable checkers.Verdict `json:"linearizable"`
	Else         string           `json:"else"` // "EC": what was read was always the latest; "EL": not so, for latency
}

// A Latency is how long operations took, of those that were answered.
type Latency struct {
	Count  int           `json:"count"`
	Median time.Duration `json:"medianNanoseconds"`
	Worst  time.Duration `json:"worstNanoseconds"` // the 99th percentile
}

// Regions are where the replicas of PACELC are, one in each. The leader, where
// there is one, is in the first.
var Regions = []string{"west", "middle", "east"}

// oneWay is how long a message takes between regions, as between the two coasts
// of North America and Europe.
var oneWay = [][]time.Duration{
	{500 * time.Microsecond, 35 * time.Millisecond, 75 * time.Millisecond},
	{35 * time.Millisecond, 500 * time.Microsecond, 45 * time.Millisecond},
	{75 * time.Millisecond, 45 * time.Millisecond, 500 * time.Microsecond},
}

// The world of PACELC.
const (
	pacelcPatience = 200 * time.Millisecond // a round trip between the regions farthest apart, and some more
	measuredFrom   = 10 * time.Second       // whoever is to lead does so by then
	measuredUntil  = 40 * time.Second
	pacelcDeadline = 3 * time.Second
	pacelcPace     = 60 * time.Millisecond
)

// PACELC runs a design in three regions.
func PACELC(d Design, seed uint64) PACELCRow {
	w := experiment.NewWorld(sim.Options{Choices: choice.Seed(seed)})
	defer w.Close()
	w.Network().SetLatency(network.Constant(0)) // until everybody has a region
	deployment := d.Deploy(w, len(Regions), pacelcPatience)
	c := &clients{deployment: deployment, deadline: pacelcDeadline, pace: pacelcPace, from: measuredFrom, until: measuredUntil}
	c.start(w)
	place(w, deployment)
	if deployment.Lead != nil {
		w.Go("operator", func(p *sim.Process) {
			for deployment.Leader() != deployment.Replicas[0] {
				p.Sleep(time.Second)
				deployment.Lead(p, deployment.Replicas[0])
			}
		})
	}
	w.RunUntil(measuredUntil + pacelcDeadline)

	row := PACELCRow{Design: d.ID, Staleness: staleness(w.History()), Linearizable: linearizable(w.History()), Else: "EC"}
	if row.Staleness.Stale > 0 {
		row.Else = "EL"
	}
	for i := range Regions {
		row.Reads = append(row.Reads, latency(w.History(), i+1, history.Read))
		row.Writes = append(row.Writes, latency(w.History(), i+1, history.Write))
	}
	return row
}

// place puts each replica and the client beside it into a region of their own,
// and everybody else into the first.
func place(w *sim.World, d Deployment) {
	regions := make(network.Regions, len(oneWay))
	for i, row := range oneWay {
		for _, least := range row {
			regions[i] = append(regions[i], network.Uniform(least, least+least/10))
		}
	}
	of := make([]int, int(w.Clients()[len(w.Clients())-1]))
	for i, id := range d.Replicas {
		of[id-1], of[w.Clients()[i]-1] = i, i
	}
	if err := w.Network().SetRegions(of, regions); err != nil {
		panic(err) // the matrix above is a square
	}
}

// Mean is the mean of the regions' medians: one that is far away asks less often,
// because it waits longer, and counts as much.
func Mean(regions []Latency) time.Duration {
	sum := time.Duration(0)
	for _, r := range regions {
		sum += r.Median
	}
	return sum / time.Duration(max(len(regions), 1))
}

// latency measures the reads or the writes of a client that were answered.
func latency(h *history.History, client int, f history.Function) Latency {
	var took []time.Duration
	operations := h.Operations()
	for i := range operations {
		op := &operations[i]
		if op.Outcome == history.OK && op.Input.(history.Input).F == f && op.Client == client {
			took = append(took, op.Return-op.Call)
		}
	}
	if len(took) == 0 {
		return Latency{}
	}
	slices.Sort(took)
	return Latency{Count: len(took), Median: took[len(took)/2], Worst: took[len(took)*99/100]}
}
