package faults_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/choice"
	"seedbed.example/clock"
	"seedbed.example/faults"
	"seedbed.example/network"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A phase is what a probe has seen in one second.
type phase struct {
	got      map[sim.NodeID]int // messages by sender
	twice    int                // messages that had come before
	early    int                // messages that overtook one sent before them
	latest   time.Duration      // greatest latency
	late     int                // messages that took more than 10 ms
	boots    int
	ticks    int // of a timer that is set again every 10 ms
	wallOff  time.Duration
	slowest  time.Duration // write and sync
	syncErrs int
	fullErrs int
	rotten   int // reads that found something else than was written
	failed   int // reads that failed
	taken    int // alternatives
	lostByte int // boots that found less than was written
}

// probe is a node that does everything a fault can disturb: it sends each other
// node a numbered message every 10 ms, writes and syncs a file, reads it back,
// looks at its clock, and offers an alternative.
type probe struct {
	env     sim.Env
	cluster *probes
	sent    int
	highest map[sim.NodeID]int
	seen    map[[2]int]bool
	timer   sim.Timer
}

// probes is a world of probes, and what each has seen in each second.
type probes struct {
	world  *sim.World
	faults *faults.Injector
	nodes  []sim.NodeID
	phases map[sim.NodeID]*[3]phase
	wrote  map[sim.NodeID]int // bytes written to a node's disk so far
}

type numbered struct {
	n  int
	at time.Duration
}

func newProbes(t *testing.T, seed choice.Source, plan faults.Plan) *probes {
	t.Helper()
	c := &probes{
		world:  sim.NewWorld(sim.Options{Choices: seed}),
		phases: make(map[sim.NodeID]*[3]phase), wrote: make(map[sim.NodeID]int),
	}
	c.world.Network().SetLatency(network.Uniform(time.Millisecond, 2*time.Millisecond))
	c.add(4)
	c.faults = faults.Inject(c.world, c.nodes, plan)
	if !c.world.RunFor(3 * time.Second) {
		t.Fatal(c.world.Violations())
	}
	return c
}

// add adds so many probes.
func (c *probes) add(nodes int) {
	for i := range nodes {
		id := sim.NodeID(i + 1)
		c.nodes = append(c.nodes, id)
		c.phases[id] = &[3]phase{}
		for j := range c.phases[id] {
			c.phases[id][j].got = make(map[sim.NodeID]int)
		}
		c.world.AddNode(fmt.Sprint("probe ", id), func() sim.Node { return &probe{cluster: c} })
	}
}

// at returns what a node saw in the second before (0), during (1) and after
// (2) a fault that strikes at 1 s and lasts for 1 s.
func (c *probes) at(node sim.NodeID, second int) *phase { return &c.phases[node][second] }

func (p *probe) now() *phase {
	return &p.cluster.phases[p.env.ID()][min(int(p.cluster.world.Now()/time.Second), 2)]
}

func (p *probe) Start(env sim.Env) {
	p.env, p.highest, p.seen = env, make(map[sim.NodeID]int), make(map[[2]int]bool)
	p.now().boots++
	p.timer = env.NewTimer(p.tick)
	if file, err := env.Disk().Open("file"); err == nil {
		if size, err := file.Size(); err != nil || int(size) < p.cluster.wrote[env.ID()] {
			p.now().lostByte++
		}
	}
	p.tick()
}

func (p *probe) tick() {
	p.now().ticks++
	p.timer.Reset(10 * time.Millisecond)
	p.sent++
	for _, id := range p.cluster.nodes {
		if id != p.env.ID() {
			p.env.Send(id, numbered{p.sent, p.cluster.world.Now()})
		}
	}
	off := p.env.Now().Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) - p.cluster.world.Now()
	if off.Abs() > p.now().wallOff.Abs() {
		p.now().wallOff = off
	}
	if p.env.Buggify("an alternative") {
		p.now().taken++
	}
	p.env.Point("ticked")
	p.useDisk()
}

// useDisk appends some bytes, reads the file back, and syncs every fifth time.
func (p *probe) useDisk() {
	before := p.env.Elapsed()
	file, err := p.env.Disk().Open("file")
	if errors.Is(err, storage.ErrNotExist) {
		file, err = p.env.Disk().Create("file")
		if err == nil {
			err = p.env.Disk().SyncDir()
		}
	}
	if err == nil {
		_, err = file.Write(slices.Repeat([]byte{7}, 20))
	}
	if errors.Is(err, storage.ErrFull) {
		p.now().fullErrs++
		return
	}
	if err != nil {
		p.now().syncErrs++
		return
	}
	size, _ := file.Size()
	p.cluster.wrote[p.env.ID()] = int(size)
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil {
		p.now().failed++
	} else if slices.ContainsFunc(data, func(b byte) bool { return b != 7 }) {
		p.now().rotten++
	}
	if p.sent%5 == 0 && file.Sync() != nil {
		p.now().syncErrs++
	}
	p.now().slowest = max(p.now().slowest, p.env.Elapsed()-before)
}

func (p *probe) Receive(from sim.NodeID, m sim.Message) {
	n := m.(numbered)
	p.now().got[from]++
	if key := [2]int{int(from), n.n}; p.seen[key] {
		p.now().twice++
	} else {
		p.seen[key] = true
		if n.n < p.highest[from] {
			p.now().early++
		}
	}
	p.highest[from] = max(p.highest[from], n.n)
	took := p.cluster.world.Now() - n.at
	p.now().latest = max(p.now().latest, took)
	if took > 10*time.Millisecond {
		p.now().late++
	}
}

// An effect says what a kind of fault must do between 1 s and 2 s, to node 2 or
// its links, and nothing of it before and after.
type effect struct {
	fault faults.Fault
	off   faults.Fault // the same with a rate, an amount or a list of nothing; nil where there is no such thing
	shows func(c *probes, second int) bool
	with  faults.Plan // what it takes to see it
	for_  extent
}

// extent is for how much longer than it lasts a fault shows, and whether it can
// begin in the midst of a run at all.
type extent uint8

const (
	whileItLasts extent = iota
	andAfter            // what it has broken for good, or takes longer than a second to get over
	fromTheStart        // it can only begin at 0 s
)

// effects has an entry for each kind.
var effects = map[string]effect{
	"partition": {
		fault: faults.Partition{Groups: [][]sim.NodeID{{1, 2}, {3, 4}}}, off: faults.Partition{Groups: [][]sim.NodeID{{1, 2, 3, 4}}},
		shows: func(c *probes, s int) bool {
			return c.at(1, s).got[3] < 5 && c.at(4, s).got[2] < 5 && c.at(1, s).got[2] > 90 && c.at(3, s).got[4] > 90
		}},
	"isolate": {fault: faults.Isolate{Node: 2}, shows: func(c *probes, s int) bool {
		return c.at(2, s).got[1] < 5 && c.at(1, s).got[2] < 5 && c.at(1, s).got[3] > 90
	}},
	"oneway": {
		fault: faults.OneWay{From: []sim.NodeID{2}, To: []sim.NodeID{1, 3}}, off: faults.OneWay{},
		shows: func(c *probes, s int) bool {
			return c.at(1, s).got[2] < 5 && c.at(3, s).got[2] < 5 && c.at(4, s).got[2] > 90 && c.at(2, s).got[1] > 90
		}},
	"bridge": {
		fault: faults.Bridge{Left: []sim.NodeID{1}, Right: []sim.NodeID{3, 4}, Node: 2}, off: faults.Bridge{},
		shows: func(c *probes, s int) bool {
			return c.at(1, s).got[3] < 5 && c.at(4, s).got[1] < 5 && c.at(2, s).got[1] > 90 && c.at(3, s).got[2] > 90
		}},
	"ring": {
		fault: faults.Ring{Nodes: []sim.NodeID{1, 2, 3, 4}},
		shows: func(c *probes, s int) bool {
			return c.at(1, s).got[3] < 5 && c.at(2, s).got[4] < 5 && c.at(1, s).got[4] > 90 && c.at(2, s).got[3] > 90
		}},
	"mute": {
		fault: faults.Mute{Node: 2, Kinds: []string{"numbered"}}, off: faults.Mute{Node: 2, Kinds: []string{"another"}},
		shows: func(c *probes, s int) bool {
			return c.at(1, s).got[2] < 5 && c.at(3, s).got[2] < 5 && c.at(2, s).got[1] > 90
		}},
	"loss": {fault: faults.Loss{Rate: 50 * choice.Percent}, off: faults.Loss{}, shows: func(c *probes, s int) bool {
		return c.at(1, s).got[2] > 20 && c.at(1, s).got[2] < 80
	}},
	"duplicate": {
		fault: faults.Duplicate{Rate: 50 * choice.Percent}, off: faults.Duplicate{},
		shows: func(c *probes, s int) bool { return c.at(2, s).twice > 50 },
	},
	"corrupt": {fault: faults.Corrupt{Rate: 50 * choice.Percent}, off: faults.Corrupt{}, shows: func(c *probes, s int) bool {
		return c.at(1, s).got[2] > 20 && c.at(1, s).got[2] < 80
	}},
	"reorder": {
		fault: faults.Reorder{Rate: 50 * choice.Percent}, off: faults.Reorder{},
		shows: func(c *probes, s int) bool { return c.at(2, s).latest > 4*time.Millisecond },
	},
	"delay": {
		fault: faults.Delay{Rate: 50 * choice.Percent, By: faults.Duration(300 * time.Millisecond)}, off: faults.Delay{},
		shows: func(c *probes, s int) bool {
			return c.at(2, s).latest > 200*time.Millisecond && c.at(2, s).early > 20
		}, for_: andAfter},
	"clog": {fault: faults.Clog{From: 1, To: 2}, shows: func(c *probes, s int) bool {
		return c.at(2, s).got[1] < 5 && c.at(2, s).got[3] > 90
	}},
	"bandwidth": {
		fault: faults.Bandwidth{BytesPerSecond: 10_000}, off: faults.Bandwidth{},
		shows: func(c *probes, s int) bool { return c.at(2, s).latest > 100*time.Millisecond }, for_: andAfter,
	},
	"latency": {
		fault: faults.Latency{Model: network.Constant(20 * time.Millisecond), From: []sim.NodeID{1}, To: []sim.NodeID{2}},
		shows: func(c *probes, s int) bool {
			return c.at(2, s).late > 90 && c.at(1, s).late == 0
		}},
	"ordered": {
		fault: faults.Ordered{To: []sim.NodeID{2}}, off: faults.Loss{},
		shows: func(c *probes, s int) bool { return c.at(2, s).early < 10 && c.at(1, s).early > 20 },
		with:  faults.Plan{{Fault: faults.Delay{Rate: 50 * choice.Percent, By: faults.Duration(100 * time.Millisecond)}}},
	},
	"crash": {fault: faults.Crash{Nodes: []sim.NodeID{2, 3}}, off: faults.Crash{}, shows: func(c *probes, s int) bool {
		return c.at(2, s).ticks < 5 && c.at(3, s).ticks < 5 && c.at(1, s).ticks > 90
	}},
	"crashloop": {
		fault: faults.CrashLoop{Node: 2, Up: faults.Duration(50 * time.Millisecond), Down: faults.Duration(50 * time.Millisecond)},
		shows: func(c *probes, s int) bool {
			return c.at(2, s).boots >= 9 && c.at(2, s).ticks > 40 && c.at(2, s).ticks < 70 && c.at(1, s).boots <= 1
		}},
	"point": {
		fault: faults.Point{Node: 2, Times: 30, Passes: "ticked", Then: "crash", Nodes: []sim.NodeID{2, 3}, Lasts: faults.Duration(500 * time.Millisecond)},
		off:   faults.Point{Node: 2, Times: 30, Passes: "elsewhere", Then: "crash", Nodes: []sim.NodeID{2, 3}, Lasts: faults.Duration(500 * time.Millisecond)},
		shows: func(c *probes, s int) bool {
			return c.at(2, s).ticks < 60 && c.at(3, s).ticks < 60 && c.at(1, s).ticks > 90
		}},
	"pause": {fault: faults.Pause{Node: 2}, shows: func(c *probes, s int) bool {
		return c.at(2, s).ticks < 5 && c.at(1, s).ticks > 90
	}},
	"slow": {
		fault: faults.Slow{Node: 2, PerEvent: faults.Duration(5 * time.Millisecond)}, off: faults.Slow{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).ticks < 80 },
	},
	"buggify": {
		fault: faults.Buggify{Name: "an alternative", Rate: 30 * choice.Percent}, off: faults.Buggify{Name: "an alternative"},
		shows: func(c *probes, s int) bool { return c.at(2, s).taken > 15 && c.at(2, s).taken < 45 },
	},
	"clockjump": {
		fault: faults.ClockJump{Node: 2, By: faults.Duration(-time.Hour)}, off: faults.ClockJump{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).wallOff == -time.Hour },
	},
	"clockoffset": {
		fault: faults.ClockOffset{Node: 2, By: faults.Duration(-time.Hour)}, off: faults.ClockOffset{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).wallOff == -time.Hour && c.at(1, s).wallOff == 0 }, for_: fromTheStart,
	},
	"clockdrift": {fault: faults.ClockDrift{Node: 2, PPM: 100_000}, off: faults.ClockDrift{Node: 2}, shows: func(c *probes, s int) bool {
		return c.at(2, s).ticks > 105 && c.at(1, s).ticks <= 101
	}},
	"clockfreeze": {fault: faults.ClockFreeze{Node: 2}, shows: func(c *probes, s int) bool {
		return c.at(2, s).wallOff < -900*time.Millisecond
	}},
	"diskslow": {
		fault: faults.DiskSlow{Node: 2, By: faults.Duration(5 * time.Millisecond)}, off: faults.DiskSlow{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).slowest > time.Millisecond },
	},
	"syncfailure": {
		fault: faults.SyncFailure{Node: 2, Rate: 50 * choice.Percent}, off: faults.SyncFailure{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).syncErrs > 3 },
	},
	"diskfull": {fault: faults.DiskFull{Node: 2}, shows: func(c *probes, s int) bool { return c.at(2, s).fullErrs > 90 }},
	"bitrot": {
		fault: faults.BitRot{Node: 2, Rate: choice.Percent}, off: faults.BitRot{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).rotten > 0 && c.at(1, s).rotten == 0 }, for_: andAfter,
	},
	"unreadable": {
		fault: faults.Unreadable{Node: 2, Rate: choice.Percent}, off: faults.Unreadable{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).failed > 0 && c.at(1, s).failed == 0 }, for_: andAfter,
	},
	"misdirect": {
		fault: faults.Misdirect{Node: 2, Rate: 50 * choice.Percent}, off: faults.Misdirect{Node: 2},
		shows: func(c *probes, s int) bool { return c.at(2, s).rotten > 0 && c.at(1, s).rotten == 0 }, for_: andAfter,
		with: crashes,
	},
	"powerloss": {
		fault: faults.PowerLoss{Lose: choice.Always}, off: faults.PowerLoss{},
		shows: func(c *probes, s int) bool { return c.at(2, s).lostByte > 0 },
		with:  crashes,
	},
}

// crashes are what it takes to see a fault that only a crash shows.
var crashes = faults.Plan{
	{At: 526 * time.Millisecond, For: time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
	{At: 1556 * time.Millisecond, For: time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
	{At: 2526 * time.Millisecond, For: time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
}

// plan is the fault where it can show.
func (e effect) plan(fault faults.Fault) faults.Plan {
	entry := faults.Entry{At: time.Second, For: time.Second, Fault: fault}
	if e.for_ == fromTheStart {
		entry = faults.Entry{For: 2 * time.Second, Fault: fault}
	}
	plan := append(faults.Plan{entry}, e.with...)
	plan.Sort()
	return plan
}

func TestEachFaultDoesWhatItSaysWhileItLasts(t *testing.T) {
	for _, kind := range faults.Kinds() {
		t.Run(kind.ID, func(t *testing.T) {
			effect, ok := effects[kind.ID]
			if !ok {
				t.Fatal("nothing says what this fault should do")
			}
			if got := faults.KindOf(effect.fault); got != kind.ID {
				t.Fatalf("the fault is a %s", got)
			}
			plan := effect.plan(effect.fault)
			if err := plan.Check(faults.Shape{Nodes: 4, Span: 3 * time.Second}); err != nil {
				t.Fatal(err)
			}
			c := newProbes(t, choice.Seed(1), plan)
			if effect.shows(c, 0) != (effect.for_ == fromTheStart) {
				t.Errorf("it shows before it strikes, or not at once: %+v", *c.at(2, 0))
			}
			if !effect.shows(c, 1) {
				t.Errorf("it does not show while it lasts: %+v", *c.at(2, 1))
			}
			if effect.shows(c, 2) && effect.for_ != andAfter {
				t.Errorf("it shows after it is over: %+v", *c.at(2, 2))
			}
			if effect.for_ == whileItLasts && c.at(2, 2).ticks < 90 {
				t.Errorf("node 2 has not got over it: %d ticks in the second after", c.at(2, 2).ticks)
			}
			if c.faults.Struck()[kind.ID] == 0 {
				t.Error("it is not counted")
			}
		})
	}
}

func TestAFaultOfNothingIsOff(t *testing.T) {
	for id, effect := range effects {
		if effect.off == nil {
			continue
		}
		c := newProbes(t, choice.Seed(1), effect.plan(effect.off))
		for second := range 3 {
			if effect.shows(c, second) {
				t.Errorf("%s shows in second %d, although it is off: %+v", id, second, *c.at(2, second))
			}
		}
	}
}

func TestAPointMayBeAMessage(t *testing.T) {
	c := newProbes(t, choice.Seed(1), faults.Plan{{At: time.Second, For: time.Second, Fault: faults.Point{
		Node: 2, Times: 31, Sends: "numbered", Then: "crash", Nodes: []sim.NodeID{2}, Lasts: faults.Duration(500 * time.Millisecond),
	}}})
	if got := c.at(1, 1).got[2] + c.at(3, 1).got[2] + c.at(4, 1).got[2]; got < 31+3*35 || got > 31+3*41 {
		t.Errorf("%d messages of node 2 in a second in which it stops at the 31st and is down for half of it", got)
	}
	if c.at(2, 1).boots != 1 {
		t.Errorf("node 2 has booted %d times", c.at(2, 1).boots)
	}
}

// Where two faults of one kind overlap, neither takes the other's part away.
func TestFaultsThatOverlapAddUp(t *testing.T) {
	overlap := func(longer, shorter faults.Fault) *probes {
		return newProbes(t, choice.Seed(1), faults.Plan{
			{At: 0, Fault: longer}, {At: time.Second, For: time.Second, Fault: shorter},
		})
	}
	c := overlap(faults.ClockDrift{Node: 2, PPM: 100_000}, faults.ClockDrift{Node: 2, PPM: -100_000})
	for second, want := range []int{110, 100, 110} {
		if got := c.at(2, second).ticks; got < want-2 || got > want+2 {
			t.Errorf("drift: %d ticks in second %d, want about %d", got, second, want)
		}
	}
	c = overlap(faults.Slow{Node: 2, PerEvent: faults.Duration(5 * time.Millisecond)}, faults.Slow{Node: 2, PerEvent: faults.Duration(time.Millisecond)})
	if during, after := c.at(2, 1).ticks, c.at(2, 2).ticks; during > 90 || after > 90 {
		t.Errorf("slow: %d ticks while two hold, and %d after one of them", during, after)
	}
	c = overlap(faults.SyncFailure{Node: 2, Rate: choice.Always}, faults.SyncFailure{Node: 2, Rate: choice.Percent})
	if during := c.at(2, 1).syncErrs; during < 20 {
		t.Errorf("syncfailure: %d syncs fail where all should", during)
	}
}

// A machine that is bad from the beginning is so when it boots.
func TestWhatIsWrongFromTheBeginningIsSoAtBoot(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var atBoot time.Time
	node := w.AddNode("node 1", func() sim.Node { return &booting{func(env sim.Env) { atBoot = env.Now() }} })
	faults.Inject(w, []sim.NodeID{node}, faults.Plan{{Fault: faults.ClockOffset{Node: 1, By: faults.Duration(time.Minute)}}})
	w.RunFor(time.Second)
	if want := clock.Epoch.Add(time.Minute); !atBoot.Equal(want) {
		t.Errorf("at boot the clock showed %v, want %v", atBoot, want)
	}
}

type booting struct{ start func(env sim.Env) }

func (b *booting) Start(env sim.Env)               { b.start(env) }
func (b *booting) Receive(sim.NodeID, sim.Message) {}

// A crash loop strikes inside handlers too: after the write of a slow disk,
// say, and before its sync.
func TestACrashLoopStrikesInTheMidstOfAHandler(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: storage.Conditions{SyncLatency: storage.Latency{Least: 20 * time.Millisecond}}})
	begun, ended := 0, 0
	node := w.AddNode("node 1", func() sim.Node {
		return &booting{func(env sim.Env) {
			env.After(0, func() {
				begun++
				_ = env.Disk().SyncDir()
				ended++
			})
		}}
	})
	loop := faults.CrashLoop{Node: 1, Up: faults.Duration(10 * time.Millisecond), Down: faults.Duration(10 * time.Millisecond)}
	faults.Inject(w, []sim.NodeID{node}, faults.Plan{{At: 100 * time.Millisecond, For: 100 * time.Millisecond, Fault: loop}})
	w.RunFor(time.Second)
	if begun != 6 || ended != 2 {
		t.Errorf("%d handlers began and %d ended, want 6, of which those before and after the loop end", begun, ended)
	}
}

// What stands still or is down from the beginning comes up when that is over.
func TestWhatIsDownFromTheBeginningComesUp(t *testing.T) {
	for _, fault := range []faults.Fault{
		faults.Crash{Nodes: []sim.NodeID{2}}, faults.Pause{Node: 2},
		faults.CrashLoop{Node: 2, Up: faults.Duration(time.Millisecond), Down: faults.Duration(10 * time.Second)},
	} {
		c := newProbes(t, choice.Seed(1), faults.Plan{{For: 1500 * time.Millisecond, Fault: fault}})
		if got := c.at(2, 0).ticks; got > 1 {
			t.Errorf("%v: %d ticks meanwhile", fault, got)
		}
		if got := c.at(2, 2).ticks; got < 95 {
			t.Errorf("%v: %d ticks in the last second", fault, got)
		}
	}
}

// The trace tells of a fault when it strikes and when it is over.
func TestTheTraceTellsTheEndOfAFault(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	node := w.AddNode("node 1", func() sim.Node { return &booting{func(sim.Env) {}} })
	faults.Inject(w, []sim.NodeID{node}, faults.Plan{{At: time.Second, For: time.Second, Fault: faults.Crash{Nodes: []sim.NodeID{1}}}})
	w.RunFor(3 * time.Second)
	var got []string
	for _, e := range w.Trace().Events {
		if e.Kind == sim.FaultEvent {
			got = append(got, e.Name+": "+e.Detail)
		}
	}
	if diff := cmp.Diff([]string{"crash: node 1 is down", "crash: node 1 is down, until now"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPointPausesAsWellAsItCrashes(t *testing.T) {
	c := newProbes(t, choice.Seed(1), faults.Plan{{At: time.Second, For: time.Second, Fault: faults.Point{
		Node: 2, Times: 1, Sends: "numbered", Then: "pause", Nodes: []sim.NodeID{2}, Lasts: faults.Duration(500 * time.Millisecond),
	}}})
	if during := c.at(2, 1); during.ticks > 60 || during.boots > 0 {
		t.Errorf("%d ticks and %d boots while it stood still for half the time", during.ticks, during.boots)
	}
	if after := c.at(2, 2); after.ticks < 90 {
		t.Errorf("%d ticks in the second after", after.ticks)
	}
}

func TestAnEndlessFaultLastsAndAHealedCoreIsFreeOfIt(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	c := &probes{world: w, phases: make(map[sim.NodeID]*[3]phase), wrote: make(map[sim.NodeID]int)}
	c.add(5)
	in := faults.Inject(w, c.nodes, faults.Plan{
		{At: 100 * time.Millisecond, Fault: faults.Isolate{Node: 1}},
		{At: 100 * time.Millisecond, Fault: faults.Isolate{Node: 4}},
		{At: 100 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2, 5}}},
		{At: 200 * time.Millisecond, Fault: faults.Loss{Rate: choice.Always}},
		{At: 1500 * time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{1}}},
	})
	w.RunUntil(time.Second)
	core := []sim.NodeID{1, 2, 3}
	in.Heal(core)
	w.RunUntil(3 * time.Second)
	for _, node := range core {
		for _, other := range core {
			if got := c.at(node, 2).got[other]; node != other && got < 90 {
				t.Errorf("node %v got %d messages from %v in the last second, although both are healed", node, got, other)
			}
		}
		if got := c.at(node, 2).got[4]; got > 0 {
			t.Errorf("node %v got %d messages from node 4, which is cut off for good", node, got)
		}
	}
	if w.Up(5) {
		t.Error("node 5 is outside the core and has come back")
	}
	if in.Struck()["crash"] != 1 {
		t.Errorf("struck: %v; the crash planned for after the healing must not strike", in.Struck())
	}
}

// A node that has halted, or whose disk has rotted, is not counted on while
// there are others.
func TestTheCoreIsOfNodesThatCanBeCountedOn(t *testing.T) {
	w := sim.NewWorld(sim.Options{RestartAfter: time.Hour})
	var nodes []sim.NodeID
	for i := range 5 {
		nodes = append(nodes, w.AddNode(fmt.Sprint("node ", i+1), func() sim.Node { return &halting{halt: i == 1} }))
	}
	in := faults.Inject(w, nodes, faults.Plan{{At: 0, For: time.Millisecond, Fault: faults.BitRot{Node: 3, Rate: choice.Percent}}})
	w.RunFor(time.Second)
	if core := in.Core(choice.Zero{}, 3); !slices.Equal(core, []sim.NodeID{1, 4, 5}) {
		t.Errorf("core of at least 3: %v, want the sound nodes 1, 4, 5", core)
	}
	if core := in.Core(choice.Zero{}, 4); !slices.Equal(core, []sim.NodeID{1, 2, 4, 5}) {
		t.Errorf("core of at least 4: %v, want 1, 2, 4, 5: what has halted may start again, what has rotted may not", core)
	}
	sizes := make(map[int]bool)
	for seed := range choice.Seed(50) {
		core := faults.Inject(w, nodes, nil).Core(seed, 3)
		sizes[len(core)] = true
		if len(core) < 3 || !slices.IsSorted(core) {
			t.Fatalf("seed %d: core %v", seed, core)
		}
	}
	if !sizes[3] || !sizes[4] {
		t.Errorf("sizes of cores over 50 seeds: %v, want both 3 and 4", sizes)
	}
}

type halting struct{ halt bool }

func (h *halting) Start(env sim.Env) {
	if h.halt {
		env.Halt(errors.New("on purpose"))
	}
}
func (h *halting) Receive(sim.NodeID, sim.Message) {}
