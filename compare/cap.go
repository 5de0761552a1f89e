package compare

import (
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// A CAPRow is what came of one design in a partition.
type CAPRow struct {
	Design       string           `json:"design"`
	Minority     Answers          `json:"minority"` // of the clients on the smaller side, where the leader was
	Majority     Answers          `json:"majority"`
	Acknowledged int              `json:"acknowledged"` // writes of keys that nobody else wrote
	Missing      int              `json:"missing"`      // of those: a client on the larger side does not find them, once all is quiet
	Staleness    Stale            `json:"staleness"`
	Linearizable checkers.Verdict `json:"linearizable"`
	Differ       int              `json:"differ"`    // replicas that do not hold, once all is quiet, what the first one holds
	Partition    string           `json:"partition"` // "PA": it answered on both sides; "PC": it did not
}

// Answers is how much clients asked, and how much was answered in time.
type Answers struct {
	Reads          int `json:"reads"`
	ReadsAnswered  int `json:"readsAnswered"`
	Writes         int `json:"writes"`
	WritesAnswered int `json:"writesAnswered"`
}

// Stale is how stale reads were.
type Stale struct {
	Reads  int           `json:"reads"`
	Stale  int           `json:"stale"`
	Behind time.Duration `json:"maxBehindNanoseconds"`
}

// The world of CAP.
const (
	capReplicas = 5
	cutAt       = 2 * time.Second
	healedAt    = 5 * time.Second
	askedUntil  = 6 * time.Second
	quietAt     = 9 * time.Second // replicas have had the time they need to agree again
	capDeadline = 300 * time.Millisecond
	capPace     = 40 * time.Millisecond
)

// CAP runs a design through a partition. The smaller side is the leader and one
// more replica, or the first two where nobody leads.
func CAP(d Design, seed uint64) CAPRow {
	w := experiment.NewWorld(sim.Options{Choices: choice.Seed(seed)})
	defer w.Close()
	deployment := d.Deploy(w, capReplicas, 10*time.Millisecond)
	c := &clients{deployment: deployment, deadline: capDeadline, pace: capPace, until: askedUntil}
	c.start(w)
	w.RunUntil(cutAt)
	minority := smallerSide(deployment)
	cut := cutOff(w, deployment, minority)
	w.RunUntil(healedAt)
	for _, handle := range cut {
		w.Network().Lift(handle)
	}
	w.RunUntil(quietAt)

	row := CAPRow{Design: d.ID}
	row.Missing, row.Acknowledged = missing(w, deployment)
	operations := w.History().Operations()
	for i := range operations {
		op := &operations[i]
		if op.Call < cutAt || op.Call >= healedAt-capDeadline {
			continue
		}
		side := &row.Majority
		if slices.Contains(minority, deployment.Replicas[op.Client-1]) {
			side = &row.Minority
		}
		side.count(op)
	}
	row.Staleness = staleness(w.History())
	row.Linearizable = linearizable(w.History())
	row.Differ = len(checkers.Converged(held(w, deployment)))
	row.Partition = "PC"
	if row.Minority.available() && row.Majority.available() {
		row.Partition = "PA"
	}
	return row
}

// smallerSide is the leader and one more, or the first two.
func smallerSide(d Deployment) []sim.NodeID {
	leader := d.Leader()
	if leader == 0 {
		leader = d.Replicas[0]
	}
	other := d.Replicas[0]
	if other == leader {
		other = d.Replicas[1]
	}
	return []sim.NodeID{leader, other}
}

// cutOff cuts every link between the smaller side, with the clients there, and
// the rest.
func cutOff(w *sim.World, d Deployment, minority []sim.NodeID) []network.Handle {
	var small, large []int
	for i, id := range d.Replicas {
		side := &large
		if slices.Contains(minority, id) {
			side = &small
		}
		*side = append(*side, int(id), int(w.Clients()[i]))
	}
	for _, id := range d.Others {
		large = append(large, int(id))
	}
	return []network.Handle{
		w.Network().Impose(network.Condition{From: small, To: large, Cut: true}),
		w.Network().Impose(network.Condition{From: large, To: small, Cut: true}),
	}
}

func (a *Answers) count(op *history.Operation) {
	answered := 0
	if op.Outcome == history.OK {
		answered = 1
	}
	if op.Input.(history.Input).F == history.Read {
		a.Reads++
		a.ReadsAnswered += answered
	} else {
		a.Writes++
		a.WritesAnswered += answered
	}
}

// available reports whether most of what was asked was answered.
func (a *Answers) available() bool {
	return 2*a.ReadsAnswered > a.Reads && 2*a.WritesAnswered > a.Writes
}

// missing reads every key that one client alone has written, once all is quiet, and
// returns how many are not found of those that were acknowledged. It reads as
// a client does, and is no part of the history.
func missing(w *sim.World, d Deployment) (gone, acknowledged int) {
	var written []history.Input
	for _, op := range w.History().Operations() {
		if in := op.Input.(history.Input); op.Outcome == history.OK && own(in) {
			written = append(written, in)
		}
	}
	w.Go("auditor", func(p *sim.Process) {
		store := d.Open(p, d.Replicas[len(d.Replicas)-1], time.Minute)
		for _, in := range written {
			if out, err := store.Do(history.Input{F: history.Read, Key: in.Key}); err == nil && out.Value != in.Value {
				gone++
			}
		}
	})
	auditor := w.Clients()[len(w.Clients())-1]
	w.RunWhile(func() bool { return !w.Finished(auditor) }, w.Now()+time.Hour)
	return gone, len(written)
}

func held(w *sim.World, d Deployment) []checkers.Replica {
	var replicas []checkers.Replica
	for _, id := range d.Replicas {
		replicas = append(replicas, checkers.Replica{Name: w.Name(id), State: d.Holds(id)})
	}
	return replicas
}

func staleness(h *history.History) Stale {
	measured := checkers.MeasureStaleness(h)
	return Stale{measured.Reads, len(measured.Stale), measured.MaxBehind}
}

func linearizable(h *history.History) checkers.Verdict {
	model, _ := models.Find("kv")
	return checkers.Linearizable(h, model, 10*time.Second).Verdict
}
