package faults

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/sim"
)

// Partition lets nodes reach only those of their own group. A node in no group
// reaches nobody.
type Partition struct {
	Groups [][]sim.NodeID `json:"groups" says:"who can reach each other; a node in no group reaches nobody"`
}

// Isolate cuts one node off from all others, both ways.
type Isolate struct {
	Node sim.NodeID `json:"node" says:"who is cut off"`
}

// OneWay drops what From send To; the other direction passes.
type OneWay struct {
	From []sim.NodeID `json:"from" says:"whose messages are lost"`
	To   []sim.NodeID `json:"to" says:"on their way to whom"`
}

// Bridge separates Left from Right, except through Node, which reaches both.
type Bridge struct {
	Left  []sim.NodeID `json:"left" says:"one side"`
	Right []sim.NodeID `json:"right" says:"the other side"`
	Node  sim.NodeID   `json:"node" says:"who reaches both"`
}

// Ring lets each node reach only the one before and the one after it.
type Ring struct {
	Nodes []sim.NodeID `json:"nodes" says:"who, at least 3, in the order of the ring"`
}

func (f Partition) String() string {
	var groups []string
	for _, g := range f.Groups {
		groups = append(groups, list(g))
	}
	switch {
	case len(groups) == 1 && len(f.Groups[0]) == 1:
		return "no node reaches another"
	case len(groups) == 1:
		return fmt.Sprintf("nodes %s reach only each other, and the others nobody", groups[0])
	}
	return "nodes are partitioned: " + strings.Join(groups, " | ")
}
func (f Isolate) String() string { return fmt.Sprintf("node %v is cut off", f.Node) }
func (f OneWay) String() string {
	return fmt.Sprintf("nothing from %s reaches %s", list(f.From), list(f.To))
}
func (f Bridge) String() string {
	return fmt.Sprintf("%s and %s reach each other only through %v", list(f.Left), list(f.Right), f.Node)
}
func (f Ring) String() string {
	return fmt.Sprintf("nodes %s reach only their neighbours in a ring", list(f.Nodes))
}

func list(nodes []sim.NodeID) string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

func (f Partition) strike(in *Injector) func() {
	group := make(map[sim.NodeID]int)
	for i, g := range f.Groups {
		for _, node := range g {
			group[node] = i + 1
		}
	}
	return in.cut(in.links(func(from, to sim.NodeID) bool {
		return group[from] == 0 || group[from] != group[to]
	}))
}

func (f Isolate) strike(in *Injector) func() {
	return in.cut(in.links(func(from, to sim.NodeID) bool { return from == f.Node || to == f.Node }))
}

func (f OneWay) strike(in *Injector) func() {
	return in.cut(in.links(func(from, to sim.NodeID) bool { return has(f.From, from) && has(f.To, to) }))
}

func (f Bridge) strike(in *Injector) func() {
	return in.cut(in.links(func(from, to sim.NodeID) bool {
		return has(f.Left, from) && has(f.Right, to) || has(f.Right, from) && has(f.Left, to)
	}))
}

func (f Ring) strike(in *Injector) func() {
	place := make(map[sim.NodeID]int)
	for i, node := range f.Nodes {
		place[node] = i + 1
	}
	n := len(f.Nodes)
	return in.cut(in.links(func(from, to sim.NodeID) bool {
		apart := (place[from] - place[to] + n) % n
		return place[from] > 0 && place[to] > 0 && apart != 1 && apart != n-1
	}))
}

// links returns the links between nodes for which cut holds.
func (in *Injector) links(cut func(from, to sim.NodeID) bool) []link {
	var links []link
	for _, from := range in.nodes {
		for _, to := range in.nodes {
			if from != to && cut(from, to) {
				links = append(links, link{from, to})
			}
		}
	}
	return links
}

func has(nodes []sim.NodeID, node sim.NodeID) bool { return slices.Contains(nodes, node) }

func (f Partition) check(Shape) error {
	var placed []sim.NodeID
	for i, g := range f.Groups {
		if len(g) == 0 {
			return fmt.Errorf("groups: number %d is empty", i+1)
		}
		for _, node := range g {
			if has(placed, node) {
				return fmt.Errorf("groups: node %v is in more than one", node)
			}
			placed = append(placed, node)
		}
	}
	return nil
}

func (f Bridge) check(Shape) error {
	for _, node := range f.Left {
		if has(f.Right, node) {
			return fmt.Errorf("right: node %v is in left too", node)
		}
	}
	if has(f.Left, f.Node) || has(f.Right, f.Node) {
		return fmt.Errorf("node: %v is on one of the sides: want another", f.Node)
	}
	return nil
}

func (f Ring) check(Shape) error {
	if len(f.Nodes) < 3 {
		return fmt.Errorf("nodes: a ring needs 3, not %d", len(f.Nodes))
	}
	return nil
}
