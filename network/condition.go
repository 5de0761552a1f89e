package network

import (
	"slices"
	"time"

	"seedbed.example/choice"
)

// A Condition is something that is wrong with some links, or only with some
// kinds of message on them. Where several hold, a link has the greatest of
// their rates and delays, the least of their bandwidths, and the latency of
// the one imposed last.
type Condition struct {
	From, To []int    // the links from any of From to any of To; empty means all endpoints
	Kinds    []string // only messages of these kinds; empty means all

	Cut       bool          // nothing passes, and what is on its way is lost
	Loss      choice.Rate   // share of messages lost
	Duplicate choice.Rate   // share of messages that arrive twice
	Reorder   choice.Rate   // share of messages held back so that later ones overtake them
	Delay     choice.Rate   // share of messages that are late by up to DelayBy
	DelayBy   time.Duration // see Delay
	Clog      time.Duration // virtual time until which messages are held, to arrive then in their order; 0 for none
	Bandwidth int           // bytes per second; messages queue behind each other; 0 is unlimited
	Latency   *Latency      // in place of the link's own
}

// A Handle names an imposed condition, to lift it.
type Handle uint64

type imposed struct {
	handle Handle
	Condition
}

// Impose puts a condition in force.
func (n *Network) Impose(c Condition) Handle {
	n.handles++
	n.conditions = append(n.conditions, imposed{n.handles, c})
	n.refresh(c)
	return n.handles
}

// Lift ends a condition. What is not in force is ignored.
func (n *Network) Lift(h Handle) {
	i := slices.IndexFunc(n.conditions, func(c imposed) bool { return c.handle == h })
	if i < 0 {
		return
	}
	c := n.conditions[i].Condition
	n.conditions = slices.Delete(n.conditions, i, i+1)
	n.refresh(c)
}

// refresh settles anew every flow that c touches.
func (n *Network) refresh(c Condition) {
	for _, l := range n.links {
		if l == nil || !c.touches(l.from, l.to) {
			continue
		}
		for _, f := range l.flows {
			if f != nil {
				n.settle(l, f)
			}
		}
	}
}

func (c *Condition) touches(from, to int) bool {
	return (len(c.From) == 0 || slices.Contains(c.From, from)) && (len(c.To) == 0 || slices.Contains(c.To, to))
}

// settle works out what holds for one kind of message on one link, so that
// sending need not look at conditions.
func (n *Network) settle(l *link, f *flow) {
	f.weather = weather{latency: n.baseLatency(l.from, l.to)}
	for i := range n.conditions {
		c := &n.conditions[i].Condition
		if !c.touches(l.from, l.to) || (len(c.Kinds) > 0 && !slices.Contains(c.Kinds, n.kinds[f.kind])) {
			continue
		}
		f.cut = f.cut || c.Cut
		f.loss = max(f.loss, c.Loss)
		f.duplicate = max(f.duplicate, c.Duplicate)
		f.reorder = max(f.reorder, c.Reorder)
		f.delay = max(f.delay, c.Delay)
		f.delayBy = max(f.delayBy, c.DelayBy)
		f.clog = max(f.clog, c.Clog)
		if c.Bandwidth > 0 && (f.bandwidth == 0 || c.Bandwidth < f.bandwidth) {
			f.bandwidth = c.Bandwidth
		}
		if c.Latency != nil {
			f.latency = *c.Latency
		}
	}
}

// weather is what holds for one kind of message on one link.
type weather struct {
	cut                             bool
	loss, duplicate, reorder, delay choice.Rate
	delayBy, clog                   time.Duration
	bandwidth                       int
	latency                         Latency
}
