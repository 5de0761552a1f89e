package maps

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"seedbed.example/sim"
)

type peer struct{ next, match int }

type node struct {
	env   sim.Env
	peers map[sim.NodeID]*peer
	votes map[sim.NodeID]bool
	load  map[string]float64
	best  sim.NodeID
	keys  []string
	total float64
}

func (n *node) Start(env sim.Env) { n.env = env }

func (n *node) Receive(from sim.NodeID, m sim.Message) {
	for id := range n.peers { // want `a range over a map, in which n.env.Send is called in that order \(line 28\), takes an order from a map.*slices.Sorted`
		n.env.Send(id, m)
	}
	for id := range n.peers { // want `the last round decides n.best`
		n.best = id
	}
	most := 0
	for id, p := range n.peers { // want `two rounds may tie, and the first of them decides n.best`
		if p.match > most {
			most = p.match
			n.best = id
		}
	}
	for k := range n.load { // want `n.keys is collected in that order, and not sorted right after it`
		n.keys = append(n.keys, k)
	}
	fmt.Println(n.keys)
	slices.Sort(n.keys)
	for _, load := range n.load { // want `n.total is a sum of floating-point numbers`
		n.total += load
	}
	text := ""
	for k := range n.load { // want `text is a text put together in that order`
		text += k
	}
	for id, voted := range n.votes { // want `n.votes gets keys other than the one in hand`
		n.votes[id+1] = voted
	}
	for id := range n.votes { // want `n.votes loses keys other than the one in hand`
		delete(n.votes, id-1)
	}
	byVote := make(map[bool]sim.NodeID)
	for id, voted := range n.votes { // want `the last round decides byVote\[voted\]`
		byVote[voted] = id
	}
	count := 0
	for range n.peers { // want `count is read while other rounds change it`
		if count < 3 {
			count++
		}
	}
	for _, p := range n.peers { // want `it is left early, and the order decides what has been done by then`
		count += p.match
		if p.match > 10 {
			break
		}
	}
	for _, p := range n.peers { // want `it is left in several ways, and the order decides which`
		if p.match > 10 {
			return
		}
		if p.next > 10 {
			panic("too far")
		}
	}
	for id := range n.peers { // want `n.draw is called in that order`
		n.peers[id].next = n.draw()
	}
	next := 0
	for id := range n.peers { // want `next is read while other rounds change it`
		n.peers[id].next = next
		next++
	}
	for range n.peers { // want `slices.Reverse changes the same thing in every round`
		slices.Reverse(n.keys)
	}
	var last sim.NodeID
	for last = range n.peers { // want `the last key stays in a variable`
	}
	_ = last
	product := 1
	for _, p := range n.peers { // want `product is changed in several ways`
		product *= p.match
		product += p.next
	}
}

func (n *node) draw() int { return n.env.Rand("next").N(10) }

func (n *node) first() sim.NodeID {
	for id := range n.peers { // silent: nobody calls it
		return id
	}
	return 0
}

func leader(env sim.Env, votes map[sim.NodeID]bool) sim.NodeID {
	for id, voted := range votes { // want `the first round that gets here decides what is returned`
		if voted {
			return id
		}
	}
	return 0
}

func iterators(env sim.Env, m map[string]int) []string {
	for k := range maps.Keys(m) { // want `a range over maps.Keys, in which env.Log is called`
		env.Log("%s", k)
	}
	for k, v := range maps.All(m) { // want `a range over maps.All`
		env.Log("%s %d", k, v)
	}
	for _, k := range reflect.ValueOf(m).MapKeys() { // want `reflect.Value.MapKeys takes an order`
		env.Log("%s", k)
	}
	for i := reflect.ValueOf(m).MapRange(); i.Next(); { // want `a loop over reflect.Value.MapRange, in which env.Log is called`
		env.Log("%s", i.Key())
	}
	values := slices.Collect(maps.Values(m)) // want `maps.Values takes an order`
	env.Log("%v", values)
	return slices.Collect(maps.Keys(m)) // want `maps.Keys takes an order`
}

func generic[M ~map[K]int, K comparable](env sim.Env, m M) {
	for k := range m { // want `a range over a map`
		env.Log("%v", k)
	}
}
