package faults_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"seedbed.example/choice"
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
	boots    int
	ticks    int // of a timer that is set again every 10 ms
	wallOff  time.Duration
	slowest  time.Duration // write and sync
	syncErrs int
	fullErrs int
	rotten   int // reads that did not find what was written
	lostByte int // boots that found less than was written
}

// probe is a node that does everything a fault can disturb: it sends each other
// node a numbered message every 10 ms, writes and syncs a file, reads it back,
// and looks at its clock.
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
	for i := range 4 {
		id := sim.NodeID(i + 1)
		c.nodes = append(c.nodes, id)
		c.phases[id] = &[3]phase{}
		for j := range c.phases[id] {
			c.phases[id][j].got = make(map[sim.NodeID]int)
		}
		c.world.AddNode(fmt.Sprint("probe ", id), func() sim.Node { return &probe{cluster: c} })
	}
	if err := plan.Check(len(c.nodes)); err != nil {
		t.Fatal(err)
	}
	faults.Inject(c.world, c.nodes, plan)
	if !c.world.RunFor(3 * time.Second) {
		t.Fatal(c.world.Violations())
	}
	return c
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
	p.useDisk()
}

// useDisk appends a byte, reads the file back, and syncs every fifth time.
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
		_, err = file.Write([]byte{7})
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
	if _, err := file.ReadAt(data, 0); err != nil || slices.ContainsFunc(data, func(b byte) bool { return b != 7 }) {
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
	p.now().latest = max(p.now().latest, p.cluster.world.Now()-n.at)
}

// effects says of each kind of fault what it must do, between 1 s and 2 s, to
// node 2 or its links, and what must be as before and after.
var effects = map[string]struct {
	fault faults.Fault
	shows func(c *probes, second int) bool
}{
	"partition": {faults.Partition{Groups: [][]sim.NodeID{{1, 2}, {3, 4}}}, func(c *probes, s int) bool {
		return c.at(1, s).got[3] < 5 && c.at(4, s).got[2] < 5 && c.at(1, s).got[2] > 90 && c.at(3, s).got[4] > 90
	}},
	"isolate": {faults.Isolate{Node: 2}, func(c *probes, s int) bool {
		return c.at(2, s).got[1] < 5 && c.at(1, s).got[2] < 5 && c.at(1, s).got[3] > 90
	}},
	"oneway": {faults.OneWay{From: []sim.NodeID{2}, To: []sim.NodeID{1, 3}}, func(c *probes, s int) bool {
		return c.at(1, s).got[2] < 5 && c.at(3, s).got[2] < 5 && c.at(4, s).got[2] > 90 && c.at(2, s).got[1] > 90
	}},
	"bridge": {faults.Bridge{Left: []sim.NodeID{1}, Right: []sim.NodeID{3, 4}, Node: 2}, func(c *probes, s int) bool {
		return c.at(1, s).got[3] < 5 && c.at(4, s).got[1] < 5 && c.at(2, s).got[1] > 90 && c.at(3, s).got[2] > 90
	}},
	"ring": {faults.Ring{Nodes: []sim.NodeID{1, 2, 3, 4}}, func(c *probes, s int) bool {
		return c.at(1, s).got[3] < 5 && c.at(2, s).got[4] < 5 && c.at(1, s).got[4] > 90 && c.at(2, s).got[3] > 90
	}},
	"mute": {faults.Mute{Node: 2, Kinds: []string{"numbered"}}, func(c *probes, s int) bool {
		return c.at(1, s).got[2] < 5 && c.at(3, s).got[2] < 5 && c.at(2, s).got[1] > 90
	}},
	"loss": {faults.Loss{Rate: 50 * choice.Percent}, func(c *probes, s int) bool {
		return c.at(1, s).got[2] > 20 && c.at(1, s).got[2] < 80
	}},
	"duplicate": {faults.Duplicate{Rate: 50 * choice.Percent}, func(c *probes, s int) bool { return c.at(2, s).twice > 50 }},
	"reorder":   {faults.Reorder{Rate: 50 * choice.Percent}, func(c *probes, s int) bool { return c.at(2, s).latest > 4*time.Millisecond }},
	"delay": {faults.Delay{Rate: 50 * choice.Percent, By: faults.Duration(300 * time.Millisecond)}, func(c *probes, s int) bool {
		return c.at(2, s).latest > 200*time.Millisecond && c.at(2, s).early > 20
	}},
	"clog": {faults.Clog{From: 1, To: 2}, func(c *probes, s int) bool { return c.at(2, s).got[1] < 5 && c.at(2, s).got[3] > 90 }},
	"bandwidth": {faults.Bandwidth{BytesPerSecond: 10_000}, func(c *probes, s int) bool {
		return c.at(2, s).latest > 100*time.Millisecond
	}},
	"crash": {faults.Crash{Nodes: []sim.NodeID{2, 3}}, func(c *probes, s int) bool {
		return c.at(2, s).ticks < 5 && c.at(3, s).ticks < 5 && c.at(1, s).ticks > 90
	}},
	"point": {faults.Point{Node: 2, Times: 30, Sends: "numbered", Then: "crash", Nodes: []sim.NodeID{2, 3}, Lasts: faults.Duration(500 * time.Millisecond)}, func(c *probes, s int) bool {
		return c.at(2, s).ticks < 60 && c.at(3, s).ticks < 60 && c.at(1, s).ticks > 90
	}},
	"pause":     {faults.Pause{Node: 2}, func(c *probes, s int) bool { return c.at(2, s).ticks < 5 && c.at(1, s).ticks > 90 }},
	"slow":      {faults.Slow{Node: 2, PerEvent: faults.Duration(5 * time.Millisecond)}, func(c *probes, s int) bool { return c.at(2, s).ticks < 80 }},
	"clockjump": {faults.ClockJump{Node: 2, By: faults.Duration(-time.Hour)}, func(c *probes, s int) bool { return c.at(2, s).wallOff == -time.Hour }},
	"clockdrift": {faults.ClockDrift{Node: 2, PPM: 100_000}, func(c *probes, s int) bool {
		return c.at(2, s).ticks > 105 && c.at(1, s).ticks <= 101
	}},
	"clockfreeze": {faults.ClockFreeze{Node: 2}, func(c *probes, s int) bool { return c.at(2, s).wallOff < -900*time.Millisecond }},
	"diskslow": {faults.DiskSlow{Node: 2, By: faults.Duration(5 * time.Millisecond)}, func(c *probes, s int) bool {
		return c.at(2, s).slowest > time.Millisecond
	}},
	"syncfailure": {faults.SyncFailure{Node: 2, Rate: 50 * choice.Percent}, func(c *probes, s int) bool { return c.at(2, s).syncErrs > 3 }},
	"diskfull":    {faults.DiskFull{Node: 2}, func(c *probes, s int) bool { return c.at(2, s).fullErrs > 90 }},
	"bitrot":      {faults.BitRot{Node: 2, Rate: 10 * choice.Percent}, func(c *probes, s int) bool { return c.at(2, s).rotten > 0 }},
	"powerloss":   {faults.PowerLoss{Lose: choice.Always}, func(c *probes, s int) bool { return c.at(2, s).lostByte > 0 }},
}

// What a fault has broken for good, or takes longer than a second to get over.
var lasting = map[string]bool{"bitrot": true, "clockjump": false, "bandwidth": true, "delay": true, "clog": false}

// crashes are what it takes to see a fault that only a crash shows.
var crashes = faults.Plan{
	{At: 526 * time.Millisecond, For: time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
	{At: 1556 * time.Millisecond, For: time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
	{At: 2526 * time.Millisecond, For: time.Millisecond, Fault: faults.Crash{Nodes: []sim.NodeID{2}}},
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
			plan := faults.Plan{{At: time.Second, For: time.Second, Fault: effect.fault}}
			if kind.ID == "powerloss" {
				plan = append(plan, crashes...)
				plan.Sort()
			}
			c := newProbes(t, choice.Seed(1), plan)
			if effect.shows(c, 0) {
				t.Errorf("it shows before it strikes: %+v", *c.at(2, 0))
			}
			if !effect.shows(c, 1) {
				t.Errorf("it does not show while it lasts: %+v", *c.at(2, 1))
			}
			if effect.shows(c, 2) && !lasting[kind.ID] {
				t.Errorf("it shows after it is over: %+v", *c.at(2, 2))
			}
		})
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
	for i := range 5 {
		id := sim.NodeID(i + 1)
		c.nodes = append(c.nodes, id)
		c.phases[id] = &[3]phase{}
		for j := range c.phases[id] {
			c.phases[id][j].got = make(map[sim.NodeID]int)
		}
		w.AddNode(fmt.Sprint("probe ", id), func() sim.Node { return &probe{cluster: c} })
	}
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
