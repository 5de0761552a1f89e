package quorum

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// A round is one phase that a replica carries out for a client: the paper's
// communicate, which sends to all and waits for a quorum.
type round struct {
	Round
	client   sim.NodeID
	ask      sim.Message // what all replicas are asked
	quorum   int
	until    time.Duration // then it is forgotten
	answered tally.Set
	done     bool // the client has its answer
	key      string
	latest   Version // what is propagated; of a query, the latest that it has found

	// Of a query:
	held  bool // by a write quorum
	found holdings
}

type holdings []holding

// A holding is what a replica has said it holds.
type holding struct {
	by        sim.NodeID
	timestamp Timestamp
}

// String tells who holds what: "node 1 has nothing, node 2 has 3 by 5".
func (all holdings) String() string {
	var told []string
	for _, h := range all {
		told = append(told, fmt.Sprintf("node %v has %v", h.by, h.timestamp))
	}
	return strings.Join(told, ", ")
}

// query begins a query phase.
func (r *Replica) query(client sim.NodeID, m *Query) {
	id := r.nextRound()
	if r.options.Observer != nil {
		r.options.Observer.Began(r.env.ID(), id, m.Key)
	}
	r.begin(&round{Round: id, client: client, ask: &Get{id, m.Key}, quorum: r.options.R, key: m.Key})
}

// propagate begins a propagation phase.
func (r *Replica) propagate(client sim.NodeID, m *Propagate) {
	id := r.nextRound()
	r.begin(&round{Round: id, client: client, ask: &Put{id, m.Key, m.Version}, quorum: r.options.W, key: m.Key, latest: m.Version})
}

func (r *Replica) nextRound() Round {
	r.begun++
	return Round{r.life, r.begun}
}

// begin asks all replicas, this one among them. Nobody is asked twice: if too many
// messages are lost, it is the client that asks again, for another round.
func (r *Replica) begin(o *round) {
	now := r.env.Elapsed()
	o.until = now + r.options.GiveUp
	r.rounds = append(slices.DeleteFunc(r.rounds, func(o *round) bool { return r.over(o, now) }), o)
	asked := r.options.Replicas
	if r.env.Buggify(bareQuorum) { // each time others
		first := int(o.Number % uint64(len(asked)))
		asked = slices.Concat(asked[first:], asked[:first])[:o.quorum]
	}
	for _, id := range asked {
		r.env.Send(id, o.ask)
	}
}

// over reports whether a round waits for nothing any more. One that has its quorum
// still hears who is behind.
func (r *Replica) over(o *round, now time.Duration) bool {
	return now >= o.until || o.answered.Len() == len(r.options.Replicas)
}

// answer notes that a replica has answered a round; nil if that is nothing new, or
// the round is long over.
func (r *Replica) answer(from sim.NodeID, id Round) *round {
	i := slices.IndexFunc(r.rounds, func(o *round) bool { return o.Round == id })
	if i < 0 || !r.rounds[i].answered.Add(from) {
		return nil
	}
	return r.rounds[i]
}

// getReply gathers what replicas hold, until a read quorum has answered.
func (r *Replica) getReply(from sim.NodeID, m *GetReply) {
	o := r.answer(from, m.Round)
	if o == nil {
		return
	}
	o.found = append(o.found, holding{from, m.Version.Timestamp})
	if !o.done && r.rules.Later(m.Version.Timestamp, o.latest.Timestamp) {
		o.latest = m.Version
	}
	if !o.done && o.answered.Len() == o.quorum {
		r.endQuery(o)
	}
	if o.done && o.held {
		r.repair(o)
	}
}

// endQuery tells the client what a read quorum holds. Nothing is held by all: what
// was never written need not be written back.
func (r *Replica) endQuery(o *round) {
	o.done = true
	holders := 0
	for _, h := range o.found {
		if h.timestamp == o.latest.Timestamp {
			holders++
		}
	}
	o.held = !o.latest.Written() || r.rules.Held(holders, o.answered.Len(), r.options.W)
	r.env.Log("%s: finds %v: %v", o.key, o.latest, o.found)
	if r.options.R > 1 {
		r.env.Sometimes("a read quorum differs", holders < o.answered.Len())
	}
	r.env.Point(queryEnds)
	if r.options.Observer != nil {
		r.options.Observer.Found(r.env.ID(), o.Round, o.key, o.latest.Timestamp)
	}
	r.env.Send(o.client, &Found{o.latest, o.held})
}

// repair lets the replicas that have been found behind hold what a write quorum
// does (read repair). What no write quorum holds yet its reader propagates.
func (r *Replica) repair(o *round) {
	for _, h := range o.found {
		if !r.rules.Later(o.latest.Timestamp, h.timestamp) || r.env.Buggify(noRepair) {
			continue
		}
		r.env.Sometimes("a replica was repaired", true)
		r.env.Log("repairs node %v: %s = %v", h.by, o.key, o.latest)
		r.env.Send(h.by, &Put{Key: o.key, Version: o.latest})
	}
	o.found = o.found[:0]
}

// putReply counts who holds a version, until a write quorum does.
func (r *Replica) putReply(from sim.NodeID, m *PutReply) {
	o := r.answer(from, m.Round)
	if o == nil || o.done || o.answered.Len() < o.quorum {
		return
	}
	o.done = true
	r.env.Log("%s: %v is written to %v replicas", o.key, o.latest, o.answered.Len())
	r.env.Point(propagationEnds)
	if r.options.Observer != nil {
		r.options.Observer.Completed(o.key, o.latest.Timestamp)
	}
	r.env.Send(o.client, &Propagated{o.latest.Timestamp})
}
