package network

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"seedbed.example/choice"
)

// A Network is the links between endpoints, numbered from 1. It is not safe
// for concurrent use.
type Network struct {
	source     choice.Source
	links      [][]link // by sender and receiver; a sender's grow as it sends
	kinds      []string
	latency    Latency
	ordered    bool
	region     []int // of each endpoint, from 1
	regions    Regions
	conditions []imposed
	handles    Handle
	cuts       int // how many of the conditions cut links
}

// Regions is a matrix of latencies between regions, numbered from 0:
// regions[a][b] is for messages from region a to region b.
type Regions [][]Latency

// A link is one direction between two endpoints.
type link struct {
	flows   []*flow       // by kind; nil until first used
	changes uint64        // of what holds for the link, so far
	free    time.Duration // when what was sent so far will have left, under limited bandwidth
	last    time.Duration // latest arrival so far, for ordered links and clogs
}

// A flow is the messages of one kind on one link.
type flow struct {
	weather
	from, to, kind int
	settled        uint64 // the change of the link at which the weather was worked out
	count          uint64 // messages so far: the index of its choices
	latencyTopic   choice.Topic
	rareTopics     [len(rareDomains)]*choice.Topic // nil until first asked
}

// A rareDomain is a choice about a message that is asked only when something
// is wrong.
type rareDomain uint8

const (
	loss rareDomain = iota
	duplicate
	reorder
	delay
	copyLatency
)

var rareDomains = [...]string{
	loss: "network loss", duplicate: "network duplicate", reorder: "network reorder",
	delay: "network delay", copyLatency: "network latency of the copy",
}

// topic returns the topic of a rare choice about f.
func (f *flow) topic(d rareDomain) *choice.Topic {
	if f.rareTopics[d] == nil {
		topic := choice.NewTopic(rareDomains[d], f.latencyTopic.Subject)
		f.rareTopics[d] = &topic
	}
	return f.rareTopics[d]
}

// New returns a network without endpoints, whose messages take no time, and on
// which nothing is wrong.
func New(source choice.Source) *Network { return &Network{source: source, links: make([][]link, 1)} }

// Grow makes room for endpoints 1 to n.
func (n *Network) Grow(endpoints int) {
	if more := endpoints + 1 - len(n.links); more > 0 {
		n.links = append(n.links, make([][]link, more)...)
	}
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
	n.changed(Condition{})
}

// SetOrdered makes every link deliver in the order of sending, as TCP does.
func (n *Network) SetOrdered(ordered bool) { n.ordered = ordered }

// SetRegions places endpoint i+1 in region of[i] and gives the links between
// regions their latencies. Endpoints beyond are in region 0. An error means
// that a latency is missing, and that nothing has changed.
func (n *Network) SetRegions(of []int, latencies Regions) error {
	for i, row := range latencies {
		if len(row) != len(latencies) {
			return fmt.Errorf("region %d has latencies to %d regions: want %d, one for each", i, len(row), len(latencies))
		}
	}
	for i, region := range of {
		if region < 0 || region >= len(latencies) {
			return fmt.Errorf("endpoint %d is in region %d: want 0 to %d", i+1, region, len(latencies)-1)
		}
	}
	n.region, n.regions = of, latencies
	n.changed(Condition{})
	return nil
}

func (n *Network) baseLatency(from, to int) Latency {
	if len(n.regions) == 0 {
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
	if to >= len(n.links[from]) {
		n.links[from] = append(n.links[from], make([]link, to+1-len(n.links[from]))...)
	}
	l := &n.links[from][to]
	if kind >= len(l.flows) {
		l.flows = append(l.flows, make([]*flow, kind/16*16+16-len(l.flows))...) // kinds come one at a time
	}
	f := l.flows[kind]
	if f == nil {
		f = n.newFlow(from, to, kind)
		l.flows[kind] = f
	}
	if f.settled != l.changes {
		n.settle(f)
		f.settled = l.changes
	}
	return l, f
}

func (n *Network) newFlow(from, to, kind int) *flow {
	subject := strconv.Itoa(from) + "->" + strconv.Itoa(to) + " " + n.kinds[kind]
	return &flow{from: from, to: to, kind: kind, settled: unsettled, latencyTopic: choice.NewTopic("network latency", subject)}
}

// unsettled is the change that never comes.
const unsettled = ^uint64(0)

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

// longest is how late a message can be: sums of delays stay in range.
const longest = 10 * 365 * 24 * time.Hour

// Send decides the fate of a message of so many bytes sent now.
func (n *Network) Send(now time.Duration, from, to, kind, bytes int) Fate {
	l, f := n.flow(from, to, kind)
	index := f.count
	f.count++
	if f.cut {
		return Fate{Struck: WasCut}
	}
	if f.loss > 0 && choice.Strikes(n.source, f.topic(loss), index, f.loss) {
		return Fate{Struck: Lost}
	}
	fate := Fate{Copies: 1}
	fate.Delay[0] = f.latency.sample(n.source.Choose(&f.latencyTopic, index, quantiles))
	if f.reorder > 0 && choice.Strikes(n.source, f.topic(reorder), index, f.reorder) {
		fate.Delay[0] = 3*fate.Delay[0] + f.latency.sample(quantiles-1)
		fate.Struck = Reordered
	}
	if f.delay > 0 {
		n.delay(f, index, &fate)
	}
	if f.bandwidth > 0 {
		fate.Delay[0] += l.queue(now, bytes, f.bandwidth)
	}
	if f.duplicate > 0 && choice.Strikes(n.source, f.topic(duplicate), index, f.duplicate) {
		fate.Copies, fate.Struck = 2, Duplicated
		fate.Delay[1] = fate.Delay[0] + 2*f.latency.sample(n.source.Choose(f.topic(copyLatency), index, quantiles))
	}
	if f.clog > now || n.ordered {
		n.inOrder(l, f, now, &fate)
	}
	return fate
}

// delay makes some messages late by far: one choice says whether, and by how
// much.
func (n *Network) delay(f *flow, index uint64, fate *Fate) {
	luck := n.source.Choose(f.topic(delay), index, uint64(choice.Always))
	if free := uint64(choice.Always - f.delay); luck >= free {
		fate.Delay[0] += share(f.delayBy, luck-free+1, uint64(f.delay))
		fate.Struck = Delayed
	}
}

// share returns part/whole of d, for a part up to the whole.
func share(d time.Duration, part, whole uint64) time.Duration {
	high, low := bits.Mul64(uint64(d), part)
	quotient, _ := bits.Div64(high, low, whole)
	return time.Duration(quotient)
}

// queue returns how long a message waits and takes on a link of limited
// bandwidth.
func (l *link) queue(now time.Duration, bytes, perSecond int) time.Duration {
	whole, rest := max(bytes, 0)/perSecond, max(bytes, 0)%perSecond
	took := time.Duration(min(whole, int(longest/time.Second)))*time.Second + share(time.Second, uint64(rest), uint64(perSecond))
	l.free = min(max(l.free, now)+took, now+longest)
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
// link is cut now.
func (n *Network) Arrives(from, to, kind int) (bool, Struck) {
	if n.cuts == 0 {
		return true, ""
	}
	if _, f := n.flow(from, to, kind); f.cut {
		return false, WasCut
	}
	return true, ""
}
