package faults

import (
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// How entries of each kind are drawn.

var networkDraws = []draw{
	{kind: "partition", most: 3, make: func(s *sketch) Fault {
		if s.shape.Nodes < 2 {
			return nil
		}
		a, b := s.split(0)
		return Partition{[][]sim.NodeID{a, b}}
	}},
	{kind: "isolate", most: 3, make: func(s *sketch) Fault {
		if s.shape.Nodes < 2 {
			return nil
		}
		return Isolate{s.node()}
	}},
	{kind: "oneway", most: 3, make: func(s *sketch) Fault {
		if s.shape.Nodes < 2 {
			return nil
		}
		node := s.node()
		if others := s.others(node); s.N(2) == 0 {
			return OneWay{From: []sim.NodeID{node}, To: others}
		} else {
			return OneWay{From: others, To: []sim.NodeID{node}}
		}
	}},
	{kind: "bridge", most: 1, make: func(s *sketch) Fault {
		if s.shape.Nodes < 3 {
			return nil
		}
		node := s.node()
		left, right := s.split(node)
		return Bridge{left, right, node}
	}},
	{kind: "ring", most: 1, make: func(s *sketch) Fault {
		if s.shape.Nodes < 4 {
			return nil
		}
		return Ring{s.others(0)}
	}},
	{kind: "mute", most: 2, make: func(s *sketch) Fault {
		if len(s.shape.Kinds) == 0 {
			return nil
		}
		return Mute{s.node(), []string{s.kind()}}
	}},
	{kind: "loss", most: 2, make: func(s *sketch) Fault {
		rate, kinds := s.messages(20 * choice.Percent)
		return Loss{rate, kinds}
	}},
	{kind: "duplicate", most: 2, make: func(s *sketch) Fault {
		rate, kinds := s.messages(30 * choice.Percent)
		return Duplicate{rate, kinds}
	}},
	{kind: "corrupt", most: 1, make: func(s *sketch) Fault {
		rate, kinds := s.messages(10 * choice.Percent)
		return Corrupt{rate, kinds}
	}},
	{kind: "reorder", most: 2, make: func(s *sketch) Fault {
		rate, kinds := s.messages(40 * choice.Percent)
		return Reorder{rate, kinds}
	}},
	{kind: "delay", most: 2, make: func(s *sketch) Fault {
		rate, kinds := s.messages(20 * choice.Percent)
		return Delay{rate, Duration(s.between(10*time.Millisecond, time.Second)), kinds}
	}},
	{kind: "clog", most: 2, make: func(s *sketch) Fault {
		from := s.node()
		others := s.others(from)
		if len(others) == 0 {
			return nil
		}
		return Clog{From: from, To: others[s.N(uint64(len(others)))]}
	}},
	{kind: "bandwidth", most: 1, make: func(s *sketch) Fault { return Bandwidth{1000 * int(20+s.N(981))} }},
	{kind: "latency", most: 1, make: func(s *sketch) Fault {
		f := Latency{Model: s.latency()}
		if s.shape.Nodes > 1 && s.N(2) == 1 { // a region that is far away
			f.From, f.To = s.split(0)
		}
		return f
	}},
	{kind: "ordered", each: theWorld, make: func(*sketch) Fault { return Ordered{} }},
}

// latency draws how long messages take: from a good network to a bad one
// between continents.
func (s *sketch) latency() network.Latency {
	typical := time.Millisecond * time.Duration(1+min(s.N(60), s.N(60)))
	switch s.N(4) {
	case 0:
		return network.Exponential(typical/2, typical)
	case 1:
		return network.LogNormal(typical, int(10*(1+s.N(15))))
	case 2:
		return network.Uniform(0, 2*typical)
	default:
		return network.Constant(typical)
	}
}

var powerLoss = draw{kind: "powerloss", each: theWorld, make: func(s *sketch) Fault {
	return PowerLoss{Lose: s.upTo(choice.Always), Tear: s.upTo(choice.Always / 2), Reorder: s.N(2) == 1}
}}

var pauses = draw{kind: "pause", most: 3, make: func(s *sketch) Fault { return Pause{s.node()} }}

var crashDraws = []draw{
	{kind: "crash", most: 6, make: func(s *sketch) Fault { return Crash{s.victims()} }},
	{kind: "point", most: 4, make: func(s *sketch) Fault {
		f := Point{Node: s.node(), Times: int(1 + s.N(4)*s.N(4)), Then: pointActions[s.N(2)]}
		switch messages := len(s.shape.Kinds); {
		case messages+len(s.shape.Points) == 0:
			return nil
		case len(s.shape.Points) == 0 || messages > 0 && s.N(2) == 0:
			f.Sends = s.kind()
		default:
			f.Passes = s.shape.Points[s.N(uint64(len(s.shape.Points)))]
		}
		f.Nodes = s.victimsWith(f.Node)
		f.Lasts = Duration(s.between(time.Millisecond, []time.Duration{50, 500}[s.N(2)]*time.Millisecond))
		return f
	}},
	powerLoss,
	pauses,
	{kind: "crashloop", most: 1, make: func(s *sketch) Fault {
		up := []time.Duration{20, 200, 1000}[s.N(3)] * time.Millisecond
		return CrashLoop{s.node(), Duration(s.between(time.Millisecond, up)), Duration(s.between(time.Millisecond, 200*time.Millisecond))}
	}},
	{kind: "slow", most: 1, make: func(s *sketch) Fault {
		return Slow{s.node(), Duration(10 * time.Microsecond * time.Duration(1+s.N(200)))}
	}},
}

var buggified = draw{kind: "buggify", each: eachAlternative, make: func(s *sketch) Fault {
	return Buggify{s.shape.Alternatives[s.subject], s.upTo(50 * choice.Percent)}
}}

var diskDraws = []draw{
	{kind: "diskslow", most: 2, make: func(s *sketch) Fault {
		return DiskSlow{s.node(), Duration(s.between(time.Millisecond, 50*time.Millisecond))}
	}},
	{kind: "syncfailure", most: 2, make: func(s *sketch) Fault { return SyncFailure{s.node(), s.upTo(20 * choice.Percent)} }},
	{kind: "diskfull", most: 1, make: func(s *sketch) Fault { return DiskFull{s.node()} }},
	{kind: "bitrot", most: 1, make: rotting(func(s *sketch) Fault { return BitRot{s.rotten, s.upTo(choice.Percent)} })},
	{kind: "unreadable", most: 1, make: rotting(func(s *sketch) Fault { return Unreadable{s.rotten, s.upTo(choice.Percent)} })},
	{kind: "misdirect", most: 1, make: rotting(func(s *sketch) Fault { return Misdirect{s.rotten, s.upTo(5 * choice.Percent)} })},
}

// rotting draws nothing where no node may lose what is on its disk.
func rotting(make func(s *sketch) Fault) func(s *sketch) Fault {
	return func(s *sketch) Fault {
		if s.shape.AllNeeded {
			return nil
		}
		return make(s)
	}
}

var clockDraws = []draw{
	{kind: "clockjump", most: 2, make: func(s *sketch) Fault { return ClockJump{s.node(), s.offset()} }},
	{kind: "clockoffset", each: eachNode, make: func(s *sketch) Fault { return ClockOffset{s.itself(), s.offset()} }},
	{kind: "clockdrift", each: eachNode, make: func(s *sketch) Fault {
		ppm := 1000 * (1 + int(s.N(MaxDrawnDrift/1000)))
		if s.N(2) == 1 {
			ppm = -ppm
		}
		return ClockDrift{s.itself(), ppm}
	}},
	{kind: "clockfreeze", each: eachNode, make: func(s *sketch) Fault { return ClockFreeze{s.itself()} }},
}

// offset draws how far a wall clock is off.
func (s *sketch) offset() Duration {
	by := s.between(time.Millisecond, time.Minute)
	if s.N(2) == 1 {
		by = -by
	}
	return Duration(by)
}

// MaxDrawnDrift is the greatest drift, in parts per million either way, that a
// profile draws: 10 %. A protocol that rests on a bound must state one that is
// no less.
const MaxDrawnDrift = 100_000

var allDraws = concat(networkDraws, crashDraws, []draw{buggified}, diskDraws, clockDraws)

func concat(lists ...[]draw) []draw {
	var all []draw
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
