package faults

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// Partition lets nodes reach only those of their own group. A node in no group
// reaches nobody.
type Partition struct {
	Groups [][]sim.NodeID `json:"groups"`
}

// Isolate cuts one node off from all others, both ways.
type Isolate struct {
	Node sim.NodeID `json:"node"`
}

// OneWay drops what From send To; the other direction passes.
type OneWay struct {
	From []sim.NodeID `json:"from"`
	To   []sim.NodeID `json:"to"`
}

// Bridge separates Left from Right, except through Node, which reaches both.
type Bridge struct {
	Left  []sim.NodeID `json:"left"`
	Right []sim.NodeID `json:"right"`
	Node  sim.NodeID   `json:"node"`
}

// Ring lets each node reach only the one before and the one after it.
type Ring struct {
	Nodes []sim.NodeID `json:"nodes"`
}

// Mute drops what a node sends of these kinds; everything else passes.
type Mute struct {
	Node  sim.NodeID `json:"node"`
	Kinds []string   `json:"kinds"`
}

// Loss drops this share of messages, of these kinds only if any are named.
type Loss struct {
	Rate  choice.Rate `json:"rate"`
	Kinds []string    `json:"kinds,omitempty"`
}

// Duplicate delivers this share of messages twice.
type Duplicate struct {
	Rate  choice.Rate `json:"rate"`
	Kinds []string    `json:"kinds,omitempty"`
}

// Reorder lets this share of messages be overtaken by later ones.
type Reorder struct {
	Rate  choice.Rate `json:"rate"`
	Kinds []string    `json:"kinds,omitempty"`
}

// Delay makes this share of messages late by up to By.
type Delay struct {
	Rate  choice.Rate `json:"rate"`
	By    Duration    `json:"by"`
	Kinds []string    `json:"kinds,omitempty"`
}

// Clog holds what From sends To until the fault is over. It needs a length.
type Clog struct {
	From sim.NodeID `json:"from"`
	To   sim.NodeID `json:"to"`
}

// Bandwidth limits every link to so many bytes per second.
type Bandwidth struct {
	BytesPerSecond int `json:"bytesPerSecond"`
}

func (f Partition) String() string {
	var groups []string
	for _, g := range f.Groups {
		groups = append(groups, list(g))
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
func (f Mute) String() string {
	return fmt.Sprintf("%s that node %v sends are lost", messages(f.Kinds), f.Node)
}
func (f Loss) String() string {
	return fmt.Sprintf("%v of %s are lost", f.Rate, messages(f.Kinds))
}
func (f Duplicate) String() string {
	return fmt.Sprintf("%v of %s arrive twice", f.Rate, messages(f.Kinds))
}
func (f Reorder) String() string {
	return fmt.Sprintf("%v of %s are overtaken", f.Rate, messages(f.Kinds))
}
func (f Delay) String() string {
	return fmt.Sprintf("%v of %s are late by up to %v", f.Rate, messages(f.Kinds), f.By)
}
func (f Clog) String() string {
	return fmt.Sprintf("what %v sends %v is held", f.From, f.To)
}
func (f Bandwidth) String() string {
	return fmt.Sprintf("links carry %d bytes per second", f.BytesPerSecond)
}

func list(nodes []sim.NodeID) string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

func messages(kinds []string) string {
	if len(kinds) == 0 {
		return "messages"
	}
	return strings.Join(kinds, " and ") + " messages"
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

func (f Mute) strike(in *Injector) func() {
	return in.impose(network.Condition{From: []int{int(f.Node)}, Kinds: f.Kinds, Loss: choice.Always})
}
func (f Loss) strike(in *Injector) func() {
	return in.impose(network.Condition{Loss: f.Rate, Kinds: f.Kinds})
}
func (f Duplicate) strike(in *Injector) func() {
	return in.impose(network.Condition{Duplicate: f.Rate, Kinds: f.Kinds})
}
func (f Reorder) strike(in *Injector) func() {
	return in.impose(network.Condition{Reorder: f.Rate, Kinds: f.Kinds})
}
func (f Delay) strike(in *Injector) func() {
	return in.impose(network.Condition{Delay: f.Rate, DelayBy: time.Duration(f.By), Kinds: f.Kinds})
}
func (f Clog) strike(in *Injector) func() {
	return in.impose(network.Condition{
		From: []int{int(f.From)}, To: []int{int(f.To)},
		Clog: in.ends,
	})
}
func (f Bandwidth) strike(in *Injector) func() {
	return in.impose(network.Condition{Bandwidth: f.BytesPerSecond})
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

func (f Partition) check(nodes int) error {
	if len(f.Groups) == 0 {
		return fmt.Errorf("groups: want at least one")
	}
	var placed []sim.NodeID
	for _, g := range f.Groups {
		if err := checkNodes(g, nodes); err != nil {
			return err
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
func (f Isolate) check(nodes int) error { return checkNode(f.Node, nodes) }
func (f OneWay) check(nodes int) error {
	return firstError(checkNodes(f.From, nodes), checkNodes(f.To, nodes))
}
func (f Bridge) check(nodes int) error {
	return firstError(checkNodes(f.Left, nodes), checkNodes(f.Right, nodes), checkNode(f.Node, nodes))
}
func (f Ring) check(nodes int) error {
	if len(f.Nodes) < 3 {
		return fmt.Errorf("nodes: a ring needs 3, not %d", len(f.Nodes))
	}
	return checkNodes(f.Nodes, nodes)
}
func (f Mute) check(nodes int) error {
	if len(f.Kinds) == 0 {
		return fmt.Errorf("kinds: want at least one kind of message")
	}
	return checkNode(f.Node, nodes)
}
func (f Loss) check(int) error      { return checkStrikes(f.Rate) }
func (f Duplicate) check(int) error { return checkStrikes(f.Rate) }
func (f Reorder) check(int) error   { return checkStrikes(f.Rate) }
func (f Delay) check(int) error {
	return firstError(checkStrikes(f.Rate), checkLength("by", f.By))
}
func (f Clog) check(nodes int) error {
	return firstError(checkNode(f.From, nodes), checkNode(f.To, nodes))
}
func (f Bandwidth) check(int) error {
	if f.BytesPerSecond < 1 {
		return fmt.Errorf("bytesPerSecond: %d: want 1 or more", f.BytesPerSecond)
	}
	return nil
}

// checkStrikes is for faults that are nothing without a rate.
func checkStrikes(r choice.Rate) error {
	if r == 0 {
		return fmt.Errorf("rate: missing, or 0%%: want above 0%% and up to 100%%")
	}
	return checkRate(r)
}

func checkRate(r choice.Rate) error {
	if r < 0 || r > choice.Always {
		return fmt.Errorf("rate: %v: want 0%% to 100%%", r)
	}
	return nil
}

func checkLength(name string, d Duration) error {
	if d < 0 {
		return fmt.Errorf("%s: %v: want 0 or more", name, d)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
