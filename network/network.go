package network

import (
	"fmt"
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
	last    time.Duration // latest arrival so far of what was to keep its order
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
	corrupt
	damage
	copyLatency
	copyReorder
	copyDelay
)

var rareDomains = [...]string{
	loss: "network loss", duplicate: "network duplicate", reorder: "network reorder", delay: "network delay",
	corrupt: "network corruption", damage: "network damage",
	copyLatency: "network latency of the copy", copyReorder: "network reorder of the copy", copyDelay: "network delay of the copy",
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

// Arrives reports whether a message that is due gets through: not when its
// link is cut now.
func (n *Network) Arrives(from, to, kind int) (bool, Struck) {
	if n.cuts == 0 {
		return true, 0
	}
	if _, f := n.flow(from, to, kind); f.cut {
		return false, WasCut
	}
	return true, 0
}
