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
// safety part so long.
type Shape struct {
	Nodes int
	Span  time.Duration
	Kinds []string // of message, that faults may single out; may be empty
	// AllNeeded says that no node can be spared: nothing is drawn that one may
	// not survive.
	AllNeeded bool
}

// A draw makes up to most entries of one kind.
type draw struct {
	kind  string
	most  uint64
	lasts lasts
	make  func(s *sketch) Fault // nil when the world has no room for it
}

// lasts is whether faults of a kind pass, or are what a machine is like from
// the beginning to the end.
type lasts bool

const (
	passing lasts = false
	lasting lasts = true
)

// Profiles returns every profile there is.
func Profiles() []Profile {
	return []Profile{
		{ID: "calm", Summary: "nothing goes wrong"},
		{ID: "network", Summary: "loss, duplicates, reordering, delays, clogs and partitions of every shape", draws: networkDraws},
		{ID: "crash", Summary: "crashes and restarts that put un-synced writes at risk, pauses, slow machines", draws: crashDraws},
		{ID: "disk", Summary: "slow and full disks, failing syncs, bit rot, torn writes at crashes", draws: concat(diskDraws, crashDraws[:3])},
		{ID: "clock", Summary: "jumps, drift and frozen clocks, with pauses", draws: concat(clockDraws, []draw{pauses})},
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
		if p.swarm && s.N(2) == 0 {
			continue
		}
		if d.lasts {
			s.tempo = 1
		}
		for range s.N(d.most*uint64(s.tempo) + 1) {
			if e := d.entry(s); e.Fault != nil {
				plan = append(plan, e)
			}
		}
	}
	plan.Sort()
	return plan
}

// Kinds returns the kinds of fault that the profile may draw for such a world,
// in the order of [Kinds].
func (p Profile) Kinds(shape Shape) []string {
	var ids []string
	for _, d := range p.draws {
		s := &sketch{Stream: choice.NewStream(choice.Zero{}, "plan", d.kind), shape: shape, tempo: 1, rotten: 1}
		if shape.Nodes > 0 && d.make(s) != nil {
			ids = append(ids, d.kind)
		}
	}
	return ids
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
	return p.draws[i].entry(&sketch{Stream: choice.NewStream(source, "plan", kind), shape: shape, tempo: 1, rotten: rotten})
}

// entry draws one entry, without a fault where the world has no room for it.
func (d draw) entry(s *sketch) Entry {
	var e Entry
	if e.Fault = d.make(s); e.Fault == nil {
		return e
	}
	if !d.lasts {
		e.At, e.For = s.between(0, s.shape.Span*9/10), s.length()
	}
	if e.For == 0 && endless(e.Fault) {
		e.For = s.shape.Span - e.At
	}
	return e
}

// tempos are how fast faults follow each other: in some runs there are several
// times as many of each kind, and each is over as much sooner.
var tempos = []time.Duration{1, 3, 8}

// A sketch draws the parts of one kind of fault.
type sketch struct {
	*choice.Stream
	shape Shape
	tempo time.Duration // one of tempos
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

var networkDraws = []draw{
	{"partition", 3, passing, func(s *sketch) Fault {
		a, b := s.split(0)
		return Partition{[][]sim.NodeID{a, b}}
	}},
	{"isolate", 3, passing, func(s *sketch) Fault { return Isolate{s.node()} }},
	{"oneway", 3, passing, func(s *sketch) Fault {
		node := s.node()
		if others := s.others(node); s.N(2) == 0 {
			return OneWay{From: []sim.NodeID{node}, To: others}
		} else {
			return OneWay{From: others, To: []sim.NodeID{node}}
		}
	}},
	{"bridge", 1, passing, func(s *sketch) Fault {
		if s.shape.Nodes < 3 {
			return nil
		}
		node := s.node()
		left, right := s.split(node)
		return Bridge{left, right, node}
	}},
	{"ring", 1, passing, func(s *sketch) Fault {
		if s.shape.Nodes < 4 {
			return nil
		}
		return Ring{s.others(0)}
	}},
	{"mute", 2, passing, func(s *sketch) Fault {
		if len(s.shape.Kinds) == 0 {
			return nil
		}
		return Mute{s.node(), []string{s.kind()}}
	}},
	{"loss", 2, passing, func(s *sketch) Fault {
		rate, kinds := s.messages(20 * choice.Percent)
		return Loss{rate, kinds}
	}},
	{"duplicate", 2, passing, func(s *sketch) Fault {
		rate, kinds := s.messages(30 * choice.Percent)
		return Duplicate{rate, kinds}
	}},
	{"reorder", 2, passing, func(s *sketch) Fault {
		rate, kinds := s.messages(40 * choice.Percent)
		return Reorder{rate, kinds}
	}},
	{"delay", 2, passing, func(s *sketch) Fault {
		rate, kinds := s.messages(20 * choice.Percent)
		return Delay{rate, Duration(s.between(10*time.Millisecond, time.Second)), kinds}
	}},
	{"clog", 2, passing, func(s *sketch) Fault {
		from := s.node()
		others := s.others(from)
		if len(others) == 0 {
			return nil
		}
		return Clog{From: from, To: others[s.N(uint64(len(others)))]}
	}},
	{"bandwidth", 1, passing, func(s *sketch) Fault { return Bandwidth{1000 * int(20+s.N(981))} }},
}

var powerLoss = draw{"powerloss", 1, lasting, func(s *sketch) Fault {
	return PowerLoss{Lose: s.upTo(choice.Always), Tear: s.upTo(choice.Always / 2), Reorder: s.N(2) == 1}
}}

var pauses = draw{"pause", 3, passing, func(s *sketch) Fault { return Pause{s.node()} }}

var crashDraws = []draw{
	{"crash", 6, passing, func(s *sketch) Fault { return Crash{s.victims()} }},
	{"point", 4, passing, func(s *sketch) Fault {
		if len(s.shape.Kinds) == 0 {
			return nil
		}
		node := s.node()
		return Point{
			Node: node, Times: int(1 + s.N(4)*s.N(4)), Sends: s.kind(), Then: pointActions[s.N(2)],
			Nodes: s.victimsWith(node), Lasts: Duration(s.between(time.Millisecond, []time.Duration{50, 500}[s.N(2)]*time.Millisecond)),
		}
	}},
	powerLoss,
	pauses,
	{"slow", 1, passing, func(s *sketch) Fault {
		return Slow{s.node(), Duration(10 * time.Microsecond * time.Duration(1+s.N(200)))}
	}},
}

var diskDraws = []draw{
	{"diskslow", 2, passing, func(s *sketch) Fault {
		return DiskSlow{s.node(), Duration(s.between(time.Millisecond, 50*time.Millisecond))}
	}},
	{"syncfailure", 2, passing, func(s *sketch) Fault { return SyncFailure{s.node(), s.upTo(20 * choice.Percent)} }},
	{"diskfull", 1, passing, func(s *sketch) Fault { return DiskFull{s.node()} }},
	{"bitrot", 1, passing, func(s *sketch) Fault {
		if s.shape.AllNeeded {
			return nil
		}
		return BitRot{s.rotten, s.upTo(choice.Percent)}
	}},
}

var clockDraws = []draw{
	{"clockjump", 2, passing, func(s *sketch) Fault {
		by := s.between(time.Millisecond, time.Minute)
		if s.N(2) == 1 {
			by = -by
		}
		return ClockJump{s.node(), Duration(by)}
	}},
	{"clockdrift", 8, lasting, func(s *sketch) Fault {
		ppm := 1000 * (1 + int(s.N(MaxDrawnDrift/1000)))
		if s.N(2) == 1 {
			ppm = -ppm
		}
		return ClockDrift{s.node(), ppm}
	}},
	{"clockfreeze", 4, lasting, func(s *sketch) Fault { return ClockFreeze{s.node()} }},
}

// MaxDrawnDrift is the greatest drift, in parts per million either way, that a
// profile draws: 10 %. A protocol that rests on a bound must state one that is
// no less.
const MaxDrawnDrift = 100_000

var allDraws = concat(networkDraws, crashDraws, diskDraws, clockDraws)

func concat(lists ...[]draw) []draw {
	var all []draw
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
