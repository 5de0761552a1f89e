package story

import (
	"strings"
	"time"

	"seedbed.example/experiment"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// An Episode is something in a run that lasted.
type Episode struct {
	Kind  EpisodeKind
	Fault string     // of a fault, its kind: "partition"
	Node  sim.NodeID // whom it is about, 0 for a fault
	Text  string     // in words: "nodes are partitioned: 1 | 2, 3", "leader of term 5"
	Began time.Duration
	Ended time.Duration // 0 if it had not ended when the run did
	event uint64        // that began it
}

// An EpisodeKind is the kind of thing that lasted.
type EpisodeKind string

// What may last.
const (
	FaultEpisode EpisodeKind = "fault" // of the plan, except what is better told of each node: crashes, pauses
	DownEpisode  EpisodeKind = "down"  // a node was down
	PauseEpisode EpisodeKind = "pause" // a node stood still
	RoleEpisode  EpisodeKind = "role"  // a node had a role
)

// lasts reports whether some of the episode lies between two times.
func (e *Episode) lasts(from, to time.Duration) bool {
	return e.Began <= to && (e.Ended == 0 || e.Ended >= from)
}

// Episodes returns what lasted in a recorded run, in the order in which it
// began: first the faults, crashes and pauses, then the roles.
func Episodes(r *experiment.Result) []Episode {
	trace := r.World.Trace()
	if trace == nil {
		return nil
	}
	var x episodes
	for i := range trace.Events {
		x.take(&trace.Events[i])
	}
	for _, role := range trace.Roles() {
		x.all = append(x.all, Episode{Kind: RoleEpisode, Node: role.Node, Text: role.Name, Began: role.Began, Ended: role.Ended, event: role.Event})
	}
	return x.all
}

// episodes gathers what lasted.
type episodes struct{ all []Episode }

// take takes in what one event begins or ends.
func (x *episodes) take(e *sim.TraceEvent) {
	switch {
	case e.Kind == sim.CrashEvent:
		x.end(PauseEpisode, e.Node, "", e.At)
		text, halted := strings.CutPrefix(e.Name, "halt: ")
		if !halted {
			text = ""
		}
		x.begin(Episode{Kind: DownEpisode, Node: e.Node, Text: text}, e)
	case e.Kind == sim.BootEvent:
		x.end(DownEpisode, e.Node, "", e.At)
	case e.Kind == sim.FaultEvent && e.Node != 0:
		x.takePause(e)
	case e.Kind == sim.FaultEvent:
		x.takeFault(e)
	}
}

func (x *episodes) takePause(e *sim.TraceEvent) {
	switch e.Name {
	case "pause":
		x.begin(Episode{Kind: PauseEpisode, Node: e.Node}, e)
	case "resume":
		x.end(PauseEpisode, e.Node, "", e.At)
	}
}

// takeFault takes in what the injector notes: a fault that strikes, one that is
// over, and in the end that all are.
func (x *episodes) takeFault(e *sim.TraceEvent) {
	text, over := strings.CutSuffix(e.Detail, faults.Over)
	switch {
	case e.Name == faults.Heal:
		for i := range x.all {
			if f := &x.all[i]; f.Kind == FaultEpisode && f.Ended == 0 {
				f.Ended = e.At
			}
		}
	case e.Name == "crash" || e.Name == "pause" || e.Name == "point":
	case over:
		x.end(FaultEpisode, 0, text, e.At)
	default:
		x.begin(Episode{Kind: FaultEpisode, Fault: e.Name, Text: text}, e)
	}
}

func (x *episodes) begin(e Episode, event *sim.TraceEvent) {
	e.Began, e.event = event.At, event.ID
	x.all = append(x.all, e)
}

// end ends the first episode that still lasts of this kind, of that node and,
// if there is a text, of that text.
func (x *episodes) end(kind EpisodeKind, node sim.NodeID, text string, at time.Duration) {
	for i := range x.all {
		e := &x.all[i]
		if e.Kind == kind && e.Node == node && e.Ended == 0 && (text == "" || e.Text == text) {
			e.Ended = at
			return
		}
	}
}
