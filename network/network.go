package network

import (
	"slices"
	"strconv"
	"time"

	"seedbed.example/choice"
)

// A Network is the links between endpoints, numbered from 1. It is not safe
// for concurrent use.
type Network struct {
	source     choice.Source
	endpoints  int
	links      []*link // by (from-1)*stride + to-1; nil until first used
	stride     int
	kinds      []string
	latency    Latency
	ordered    bool
	region     []int // of each endpoint, from 1
	regions    Regions
	conditions []imposed
	handles    Handle
}

// Regions is a matrix of latencies between regions, numbered from 0:
// regions[a][b] is for messages from region a to region b.
type Regions [][]Latency

// A link is one direction between two endpoints.
type link struct {
	from, to int
	flows    []*flow       // by kind; nil until first used
	free     time.Duration // when what was sent so far will have left, under limited bandwidth
	last     time.Duration // latest arrival so far, for ordered links and clogs
}

// A flow is the messages of one kind on one link.
type flow struct {
	weather
	kind  int
	count uint64 // messages so far: the index of its choices

	lossTopic, duplicateTopic, reorderTopic, delayTopic, latencyTopic choice.Topic
	copyTopic                                                         choice.Topic
}

// New returns a network without endpoints, whose messages take no time, and on
// which nothing is wrong.
func New(source choice.Source) *Network { return &Network{source: source} }

// Grow makes room for endpoints 1 to n.
func (n *Network) Grow(endpoints int) {
	if endpoints <= n.endpoints {
		return
	}
	n.endpoints = endpoints
	if endpoints <= n.stride {
		return
	}
	stride := max(16, 2*n.stride, endpoints)
	links := make([]*link, stride*stride)
	for _, l := range n.links {
		if l != nil {
			links[(l.from-1)*stride+l.to-1] = l
		}
	}
	n.links, n.stride = links, stride
}

// Kind returns the number of a kind of message, for Send and Arrives.
func (n *Network) Kind(name string) int {
	if i := slices.Index(n.kinds, name); i >= 0 {
		return i
	}
	n.kinds = append(n.kinds, name)
	return len(n.kinds) - 1
}

// SetLatency sets the latency of all links on which no other is set.
func (n *Network) SetLatency(l Latency) {
	n.latency = l
	n.refresh(Condition{})
}

// SetOrdered makes every link deliver in the order of sending, as TCP does.
func (n *Network) SetOrdered(ordered bool) { n.ordered = ordered }

// SetRegions places endpoint i+1 in region of[i] and gives the links between
// regions their latencies. Endpoints beyond are in region 0.
func (n *Network) SetRegions(of []int, latencies Regions) {
	n.region, n.regions = of, latencies
	n.refresh(Condition{})
}

func (n *Network) baseLatency(from, to int) Latency {
	if n.regions == nil {
		return n.latency
	}
	return n.regions[n.regionOf(from)][n.regionOf(to)]
}

func (n *Network) regionOf(endpoint int) int {
	if endpoint > len(n.region) {
		return 0
	}
	return n.region[endpoint-1]
}

// flow returns the messages of one kind on one link, made at the first one.
func (n *Network) flow(from, to, kind int) (*link, *flow) {
	at := &n.links[(from-1)*n.stride+to-1]
	if *at == nil {
		*at = &link{from: from, to: to}
	}
	l := *at
	if kind >= len(l.flows) {
		l.flows = append(l.flows, make([]*flow, len(n.kinds)-len(l.flows))...)
	}
	if l.flows[kind] == nil {
		l.flows[kind] = n.newFlow(l, kind)
	}
	return l, l.flows[kind]
}

func (n *Network) newFlow(l *link, kind int) *flow {
	subject := strconv.Itoa(l.from) + "->" + strconv.Itoa(l.to) + " " + n.kinds[kind]
	f := &flow{
		kind:           kind,
		lossTopic:      choice.NewTopic("network loss", subject),
		duplicateTopic: choice.NewTopic("network duplicate", subject),
		reorderTopic:   choice.NewTopic("network reorder", subject),
		delayTopic:     choice.NewTopic("network delay", subject),
		latencyTopic:   choice.NewTopic("network latency", subject),
		copyTopic:      choice.NewTopic("network latency of the copy", subject),
	}
	n.settle(l, f)
	return f
}

// A Fate is what becomes of a message.
type Fate struct {
	Copies int // 0: it is lost; 2: it arrives twice
	Delay  [2]time.Duration
	Struck Struck // what happened to it, for a person; "" for nothing
}

// Struck is what happened to a message.
type Struck string

// What can happen to a message.
const (
	WasCut     Struck = "the link is cut"
	Lost       Struck = "lost"
	Duplicated Struck = "arrives twice"
	Reordered  Struck = "held back"
	Delayed    Struck = "delayed"
	Clogged    Struck = "clogged"
)

// Send decides the fate of a message of so many bytes sent now.
func (n *Network) Send(now time.Duration, from, to, kind, bytes int) Fate {
	l, f := n.flow(from, to, kind)
	index := f.count
	f.count++
	if f.cut {
		return Fate{Struck: WasCut}
	}
	if f.loss > 0 && choice.Strikes(n.source, &f.lossTopic, index, f.loss) {
		return Fate{Struck: Lost}
	}
	fate := Fate{Copies: 1}
	fate.Delay[0] = f.latency.sample(n.source.Choose(&f.latencyTopic, index, quantiles))
	if f.reorder > 0 && choice.Strikes(n.source, &f.reorderTopic, index, f.reorder) {
		fate.Delay[0] = 3*fate.Delay[0] + f.latency.sample(quantiles-1)
		fate.Struck = Reordered
	}
	if f.delay > 0 {
		n.delay(f, index, &fate)
	}
	if f.bandwidth > 0 {
		fate.Delay[0] += l.queue(now, bytes, f.bandwidth)
	}
	if f.duplicate > 0 && choice.Strikes(n.source, &f.duplicateTopic, index, f.duplicate) {
		fate.Copies, fate.Struck = 2, Duplicated
		fate.Delay[1] = fate.Delay[0] + 2*f.latency.sample(n.source.Choose(&f.copyTopic, index, quantiles))
	}
	if f.clog > now || n.ordered {
		n.inOrder(l, f, now, &fate)
	}
	return fate
}

// delay makes some messages late by far: one choice says whether, and by how
// much.
func (n *Network) delay(f *flow, index uint64, fate *Fate) {
	luck := n.source.Choose(&f.delayTopic, index, uint64(choice.Always))
	if free := uint64(choice.Always - min(f.delay, choice.Always)); luck >= free {
		late := luck - free + 1
		fate.Delay[0] += f.delayBy / time.Duration(f.delay) * time.Duration(late)
		fate.Struck = Delayed
	}
}

// queue returns how long a message waits and takes on a link of limited
// bandwidth.
func (l *link) queue(now time.Duration, bytes, perSecond int) time.Duration {
	l.free = max(l.free, now) + time.Duration(bytes)*time.Second/time.Duration(perSecond)
	return l.free - now
}

// inOrder holds messages until the clog is gone, and behind those before them.
func (n *Network) inOrder(l *link, f *flow, now time.Duration, fate *Fate) {
	for i := range fate.Copies {
		at := now + fate.Delay[i]
		if f.clog > now {
			at, fate.Struck = max(at, f.clog), Clogged
		}
		at = max(at, l.last)
		l.last = at
		fate.Delay[i] = at - now
	}
}

// Arrives reports whether a message that is due gets through: not when its
// link has been cut meanwhile.
func (n *Network) Arrives(from, to, kind int) (bool, Struck) {
	if _, f := n.flow(from, to, kind); f.cut {
		return false, WasCut
	}
	return true, ""
}
