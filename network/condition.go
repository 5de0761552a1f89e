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

	Cut       bool          // nothing sent now passes, and what is due now is lost
	Loss      choice.Rate   // share of messages lost
	Duplicate choice.Rate   // share of messages that arrive twice
	Corrupt   choice.Rate   // share of messages whose bytes are damaged
	Reorder   choice.Rate   // share of messages held back so that later ones overtake them
	Delay     choice.Rate   // share of messages that are late by up to DelayBy
	DelayBy   time.Duration // see Delay
	Clog      time.Duration // virtual time until which messages are held, to arrive then in their order; 0 for none
	Ordered   bool          // messages arrive in the order of their sending, as on TCP: one that is late holds up those behind it
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
	if c.Cut {
		n.cuts++
	}
	n.changed(c)
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
	if c.Cut {
		n.cuts--
	}
	n.changed(c)
}

// changed lets every flow that c touches be settled anew when it is next used.
func (n *Network) changed(c Condition) {
	for from := range n.links {
		if !among(from, c.From) {
			continue
		}
		for to := range n.links[from] {
			if among(to, c.To) {
				n.links[from][to].changes++
			}
		}
	}
}

// among reports whether endpoint is one of those that a condition names.
func among(endpoint int, named []int) bool {
	return len(named) == 0 || slices.Contains(named, endpoint)
}

// settle works out what holds for one kind of message on one link, so that
// sending need not look at conditions.
func (n *Network) settle(f *flow) {
	f.weather = weather{latency: n.baseLatency(f.from, f.to)}
	for i := range n.conditions {
		c := &n.conditions[i].Condition
		if !among(f.from, c.From) || !among(f.to, c.To) || (len(c.Kinds) > 0 && !slices.Contains(c.Kinds, n.kinds[f.kind])) {
			continue
		}
		f.cut = f.cut || c.Cut
		f.loss = max(f.loss, c.Loss)
		f.duplicate = max(f.duplicate, c.Duplicate)
		f.corrupt = max(f.corrupt, c.Corrupt)
		f.ordered = f.ordered || c.Ordered
		f.reorder = max(f.reorder, c.Reorder)
		f.delay = max(f.delay, min(c.Delay, choice.Always))
		f.delayBy = max(f.delayBy, min(c.DelayBy, longest))
		f.clog = max(f.clog, c.Clog)
		if c.Bandwidth > 0 && (f.bandwidth == 0 || c.Bandwidth < f.bandwidth) {
			f.bandwidth = c.Bandwidth
		}
		if c.Latency != nil {
			f.latency = *c.Latency
		}
	}
	f.rough = f.duplicate > 0 || f.corrupt > 0 || f.ordered || f.reorder > 0 || f.delay > 0 || f.clog > 0 || f.bandwidth > 0
}

// weather is what holds for one kind of message on one link.
type weather struct {
	cut, ordered                             bool
	rough                                    bool // anything but cuts, losses and latency is wrong
	loss, duplicate, corrupt, reorder, delay choice.Rate
	delayBy, clog                            time.Duration
	bandwidth                                int
	latency                                  Latency
}
