package network

import (
	"math/bits"
	"strings"
	"time"

	"seedbed.example/choice"
)

// A Fate is what becomes of a message.
type Fate struct {
	Copies int              // 0: it is lost; 2: it arrives twice
	Delay  [2]time.Duration // of each copy
	Damage uint64           // 0: none; else its bytes are damaged, in which way of all there are
	Struck Struck           // what happened to it, for a person
}

// Struck is all that happened to a message; 0 is nothing.
type Struck uint8

// What can happen to a message.
const (
	WasCut Struck = 1 << iota
	Lost
	Corrupted
	Duplicated
	Reordered
	Delayed
	Clogged
)

var struckNames = [...]string{"the link is cut", "lost", "corrupted", "arrives twice", "held back", "delayed", "clogged"}

// String tells all that happened: "arrives twice, delayed"; "" for nothing.
func (s Struck) String() string {
	var all []string
	for i, name := range struckNames {
		if s&(1<<i) != 0 {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}

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
	if f.loss > 0 && n.strikes(f, loss, index, f.loss) {
		return Fate{Struck: Lost}
	}
	fate := Fate{Copies: 1}
	fate.Delay[0] = f.latency.sample(n.source.Choose(&f.latencyTopic, index, quantiles))
	if f.rough {
		n.trouble(l, f, now, index, bytes, &fate)
	}
	return fate
}

func (n *Network) strikes(f *flow, domain rareDomain, index uint64, rate choice.Rate) bool {
	return choice.Strikes(n.source, f.topic(domain), index, rate)
}

// trouble lets happen to a message what is wrong with its link, beyond losses.
func (n *Network) trouble(l *link, f *flow, now time.Duration, index uint64, bytes int, fate *Fate) {
	fate.Delay[0] += n.hinder(f, reorder, delay, index, fate) + l.queue(now, bytes, f.bandwidth)
	if f.duplicate > 0 && n.strikes(f, duplicate, index, f.duplicate) {
		fate.Copies, fate.Struck = 2, fate.Struck|Duplicated
		fate.Delay[1] = n.copied(f, index) + n.hinder(f, copyReorder, copyDelay, index, fate) + l.queue(now, bytes, f.bandwidth)
	}
	if f.corrupt > 0 && n.strikes(f, corrupt, index, f.corrupt) {
		fate.Damage, fate.Struck = 1+n.source.Choose(f.topic(damage), index, damages), fate.Struck|Corrupted
	}
	if f.clog > now || f.ordered {
		n.inOrder(l, f, now, fate)
	}
}

// damages is how many ways there are to damage a message.
const damages = 1 << 32

// hinder returns how much later a message comes because it is held back, so
// that later ones overtake it, or late by far.
func (n *Network) hinder(f *flow, reorder, delay rareDomain, index uint64, fate *Fate) (later time.Duration) {
	if f.reorder > 0 && n.strikes(f, reorder, index, f.reorder) {
		later = 2 * f.latency.sample(quantiles-1)
		fate.Struck |= Reordered
	}
	if f.delay > 0 {
		// One choice says whether, and by how much.
		luck := n.source.Choose(f.topic(delay), index, uint64(choice.Always))
		if free := uint64(choice.Always - f.delay); luck >= free {
			later += share(f.delayBy, luck-free+1, uint64(f.delay))
			fate.Struck |= Delayed
		}
	}
	return later
}

// copied returns when a second copy comes: it has a latency of its own and was
// sent a little later, so that two copies rarely come at one instant even
// where every message takes equally long.
func (n *Network) copied(f *flow, index uint64) time.Duration {
	luck := n.source.Choose(f.topic(copyLatency), index, quantiles)
	resent := time.Millisecond + 2*f.latency.sample(quantiles-1)
	return f.latency.sample(luck) + share(resent, luck, quantiles)
}

// share returns part/whole of d, for a part up to the whole.
func share(d time.Duration, part, whole uint64) time.Duration {
	high, low := bits.Mul64(uint64(d), part)
	quotient, _ := bits.Div64(high, low, whole)
	return time.Duration(quotient)
}

// queue returns how long a message waits and takes on a link of limited
// bandwidth; 0 is unlimited.
func (l *link) queue(now time.Duration, bytes, perSecond int) time.Duration {
	if perSecond == 0 {
		return 0
	}
	whole, rest := max(bytes, 0)/perSecond, max(bytes, 0)%perSecond
	took := time.Duration(min(whole, int(longest/time.Second)))*time.Second + share(time.Second, uint64(rest), uint64(perSecond))
	l.free = min(max(l.free, now)+took, now+longest)
	return l.free - now
}

// inOrder holds messages until the clog is gone, and behind those before them.
func (n *Network) inOrder(l *link, f *flow, now time.Duration, fate *Fate) {
	if fate.Copies == 2 && fate.Delay[1] < fate.Delay[0] {
		fate.Delay[0], fate.Delay[1] = fate.Delay[1], fate.Delay[0]
	}
	for i := range fate.Copies {
		at := now + fate.Delay[i]
		if f.clog > now {
			at, fate.Struck = max(at, f.clog), fate.Struck|Clogged
		}
		at = max(at, l.last)
		l.last = at
		fate.Delay[i] = at - now
	}
}
