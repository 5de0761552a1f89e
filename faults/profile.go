package faults

import (
	"fmt"
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/sim"
)

// A Profile is a way to draw plans: which kinds of fault, and how many.
type Profile struct {
	ID      string `json:"id"`
	Summary string `json:"summary"`
	draws   []draw
	swarm   bool // each run turns on its own random subset of the draws
}

// A Shape is what a plan must fit: so many nodes, numbered from 1, and a
// safety part so long. What it lists may be empty.
type Shape struct {
	Nodes        int
	Span         time.Duration
	Kinds        []string // of message, that faults may single out
	Points       []string // of the nodes' code, that faults may strike at
	Alternatives []string // that the nodes' code offers to buggify
	// AllNeeded says that no node can be spared: nothing is drawn that one may
	// not survive.
	AllNeeded bool
}

// A draw makes entries of one kind.
type draw struct {
	kind string
	most uint64                 // of those that pass
	each func(s Shape) []string // of what there may be one that lasts from the beginning to the end, because it is bad as it is
	make func(s *sketch) Fault  // nil when the world has no room for it
}

// What may be bad from the beginning.
var (
	theWorld = func(Shape) []string { return []string{"all"} }
	eachNode = func(s Shape) (nodes []string) {
		for n := range s.Nodes {
			nodes = append(nodes, fmt.Sprint("node ", n+1))
		}
		return nodes
	}
	eachAlternative = func(s Shape) []string { return s.Alternatives }
)

// Profiles returns every profile there is.
func Profiles() []Profile {
	return []Profile{
		{ID: "calm", Summary: "nothing goes wrong"},
		{ID: "network", Summary: "loss, duplicates, corruption, reordering, delays, clogs, bad latencies and partitions of every shape", draws: networkDraws},
		{ID: "crash", Summary: "crashes, once and in loops, that put un-synced writes at risk, pauses, slow machines", draws: crashDraws},
		{ID: "disk", Summary: "slow and full disks, failing syncs, rotten and unreadable sectors, misdirected writes, torn writes at crashes", draws: concat(diskDraws, crashDraws[:3])},
		{ID: "clock", Summary: "jumps, offsets, drift and frozen clocks, with pauses", draws: concat(clockDraws, []draw{pauses})},
		{ID: "chaos", Summary: "every kind of fault in every run", draws: allDraws},
		{ID: "swarm", Summary: "each run turns on its own random subset of all kinds, with its own intensities", draws: allDraws, swarm: true},
	}
}

// FindProfile returns the profile of that name.
func FindProfile(id string) (Profile, bool) {
	for _, p := range Profiles() {
		if p.ID == id {
			return p, true
		}
	}
	return Profile{}, false
}

// Draw makes a plan out of choices. The benign plan is empty.
func (p Profile) Draw(source choice.Source, shape Shape) Plan {
	var plan Plan
	tempo := tempos[choice.NewStream(source, "plan", "tempo").N(uint64(len(tempos)))]
	rotten := sim.NodeID(1 + choice.NewStream(source, "plan", "rotten").N(uint64(shape.Nodes)))
	for _, d := range p.draws {
		s := &sketch{Stream: choice.NewStream(source, "plan", d.kind), shape: shape, tempo: tempo, rotten: rotten}
		switch {
		case p.swarm && s.N(2) == 0:
		case d.each != nil:
			plan = append(plan, d.lasting(source, *s)...)
		default:
			plan = append(plan, d.passing(s)...)
		}
	}
	plan.Sort()
	return plan
}

// passing draws entries that each have their time.
func (d *draw) passing(s *sketch) (plan Plan) {
	for range s.N(d.most*uint64(s.tempo) + 1) {
		if e := d.entry(s); e.Fault != nil {
			plan = append(plan, e)
		}
	}
	return plan
}

// entry draws one entry that has its time, without a fault where the world has
// no room for it.
func (d *draw) entry(s *sketch) Entry {
	var e Entry
	if e.Fault = d.make(s); e.Fault == nil {
		return e
	}
	e.At, e.For = s.between(0, s.shape.Span*9/10), s.length()
	if _, clog := e.Fault.(Clog); clog && e.For == 0 {
		e.For = s.shape.Span - e.At
	}
	return e
}

// lasting draws, by a choice of its own for each, what is bad all the time.
func (d *draw) lasting(source choice.Source, s sketch) (plan Plan) {
	for i, subject := range d.each(s.shape) {
		s.Stream, s.subject = choice.NewStream(source, "plan", d.kind+" "+subject), i
		if s.N(2) == 1 {
			plan = append(plan, Entry{Fault: d.make(&s)})
		}
	}
	return plan
}

// Kinds returns the kinds of fault that the profile may draw for such a world,
// in the order of [Kinds].
func (p Profile) Kinds(shape Shape) []string {
	var ids []string
	for _, d := range p.draws {
		if shape.Nodes > 0 && d.fits(shape) {
			ids = append(ids, d.kind)
		}
	}
	return ids
}

// fits reports whether the world has room for what is drawn.
func (d *draw) fits(shape Shape) bool {
	if d.each != nil {
		return len(d.each(shape)) > 0
	}
	return d.make(&sketch{Stream: choice.NewStream(choice.Zero{}, "plan", d.kind), shape: shape, tempo: 1, rotten: 1}) != nil
}

// DrawEntry makes one entry of a kind out of choices: one of those that
// [Profile.Kinds] returns for such a world. The benign entry strikes node 1
// at the beginning, briefly. Rotten is the one node of the whole plan whose disk
// may rot.
func (p Profile) DrawEntry(kind string, source choice.Source, shape Shape, rotten sim.NodeID) Entry {
	i := slices.IndexFunc(p.draws, func(d draw) bool { return d.kind == kind })
	if i < 0 {
		panic(fmt.Sprintf("faults: the profile %s draws no %s", p.ID, kind))
	}
	d := &p.draws[i]
	s := &sketch{Stream: choice.NewStream(source, "plan", kind), shape: shape, tempo: 1, rotten: rotten}
	if d.each == nil {
		return d.entry(s)
	}
	s.subject = int(s.N(uint64(len(d.each(shape)))))
	return Entry{Fault: d.make(s)}
}

// tempos are how fast faults follow each other: in some runs there are several
// times as many of each kind, and each is over as much sooner.
var tempos = []time.Duration{1, 3, 8}

// A sketch draws the parts of one kind of fault.
type sketch struct {
	*choice.Stream
	shape Shape
	tempo time.Duration // one of tempos
	// subject is of which of those that may be bad from the beginning it is.
	subject int
	// rotten is the one node of a run whose disk may rot: no protocol survives
	// a majority that does.
	rotten sim.NodeID
}

// length draws how long a fault lasts: mostly a few election timeouts,
// sometimes long, and sometimes to the end of the safety part.
func (s *sketch) length() time.Duration {
	switch s.N(6) {
	case 0, 1, 2:
		return s.between(20*time.Millisecond/s.tempo, 500*time.Millisecond/s.tempo)
	case 3, 4:
		return s.between(500*time.Millisecond/s.tempo, s.shape.Span/2/s.tempo)
	default:
		if s.tempo > 1 && s.N(uint64(s.tempo)) > 0 {
			return s.between(20*time.Millisecond/s.tempo, 500*time.Millisecond/s.tempo)
		}
		return 0
	}
}

// between draws a time in whole milliseconds, for the sake of those who read
// plans.
func (s *sketch) between(least, most time.Duration) time.Duration {
	const unit = time.Millisecond
	return least/unit*unit + unit*time.Duration(s.N(uint64(max(most-least, 0)/unit)+1))
}

// itself returns the node that may be bad from the beginning.
func (s *sketch) itself() sim.NodeID { return sim.NodeID(s.subject + 1) }

func (s *sketch) node() sim.NodeID { return sim.NodeID(1 + s.N(uint64(s.shape.Nodes))) }

// others returns all nodes but one.
func (s *sketch) others(one sim.NodeID) []sim.NodeID {
	var others []sim.NodeID
	for n := range s.shape.Nodes {
		if id := sim.NodeID(n + 1); id != one {
			others = append(others, id)
		}
	}
	return others
}

// victims draws who crashes: mostly one node, sometimes several or all of them
// at one moment, as when a rack loses power.
func (s *sketch) victims() []sim.NodeID { return s.victimsWith(s.node()) }

// victimsWith draws who crashes together with one node.
func (s *sketch) victimsWith(one sim.NodeID) []sim.NodeID {
	switch s.N(6) {
	case 4:
		some, _ := s.split(one)
		return append([]sim.NodeID{one}, some...)
	case 5:
		return append([]sim.NodeID{one}, s.others(one)...)
	default:
		return []sim.NodeID{one}
	}
}

// split deals the nodes but those left out into two groups, neither empty if
// it can be.
func (s *sketch) split(leftOut sim.NodeID) (a, b []sim.NodeID) {
	for _, node := range s.others(leftOut) {
		if s.N(2) == 0 {
			a = append(a, node)
		} else {
			b = append(b, node)
		}
	}
	if len(a) == 0 && len(b) > 1 {
		a, b = b[:1], b[1:]
	}
	if len(b) == 0 && len(a) > 1 {
		a, b = a[1:], a[:1]
	}
	return a, b
}

// upTo draws a rate, mostly a low one: the smaller of two draws. It is a
// multiple of a tenth of a percent.
func (s *sketch) upTo(most choice.Rate) choice.Rate {
	const unit = choice.Percent / 10
	n := uint64(most / unit)
	return unit * (1 + choice.Rate(min(s.N(n), s.N(n))))
}

// messages draws which messages something strikes, and how many of them: up to
// most of all, or any share of one kind.
func (s *sketch) messages(most choice.Rate) (rate choice.Rate, kinds []string) {
	if len(s.shape.Kinds) > 0 && s.N(2) == 1 {
		return s.upTo(choice.Always), []string{s.kind()}
	}
	return s.upTo(most), nil
}

func (s *sketch) kind() string { return s.shape.Kinds[s.N(uint64(len(s.shape.Kinds)))] }
