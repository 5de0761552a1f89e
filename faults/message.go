package faults

import (
	"fmt"
	"strings"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

// Mute drops what a node sends of these kinds; everything else passes.
type Mute struct {
	Node  sim.NodeID `json:"node" says:"whose messages are lost"`
	Kinds []string   `json:"kinds" says:"of which kinds"`
}

// Loss drops this share of messages, of these kinds only if any are named.
type Loss struct {
	Rate  choice.Rate `json:"rate" says:"share of messages"`
	Kinds []string    `json:"kinds,omitempty" says:"of these kinds only; none named is all"`
}

// Duplicate delivers this share of messages twice.
type Duplicate struct {
	Rate  choice.Rate `json:"rate" says:"share of messages"`
	Kinds []string    `json:"kinds,omitempty" says:"of these kinds only; none named is all"`
}

// Corrupt damages the bytes of this share of messages. Those that are not
// [sim.Corruptible] are dropped when they arrive, by a checksum.
type Corrupt struct {
	Rate  choice.Rate `json:"rate" says:"share of messages"`
	Kinds []string    `json:"kinds,omitempty" says:"of these kinds only; none named is all"`
}

// Reorder lets this share of messages be overtaken by later ones.
type Reorder struct {
	Rate  choice.Rate `json:"rate" says:"share of messages"`
	Kinds []string    `json:"kinds,omitempty" says:"of these kinds only; none named is all"`
}

// Delay makes this share of messages late by up to By.
type Delay struct {
	Rate  choice.Rate `json:"rate" says:"share of messages"`
	By    Duration    `json:"by" says:"how late at most" range:"1ns..1h"`
	Kinds []string    `json:"kinds,omitempty" says:"of these kinds only; none named is all"`
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
func (f Corrupt) String() string {
	return fmt.Sprintf("%v of %s are corrupted", f.Rate, messages(f.Kinds))
}
func (f Reorder) String() string {
	return fmt.Sprintf("%v of %s are overtaken", f.Rate, messages(f.Kinds))
}
func (f Delay) String() string {
	return fmt.Sprintf("%v of %s are late by up to %v", f.Rate, messages(f.Kinds), f.By)
}

func messages(kinds []string) string {
	if len(kinds) == 0 {
		return "messages"
	}
	return strings.Join(kinds, " and ") + " messages"
}

func (f Mute) strike(in *Injector) func() {
	return in.impose(network.Condition{From: numbers([]sim.NodeID{f.Node}), Kinds: f.Kinds, Loss: choice.Always})
}
func (f Loss) strike(in *Injector) func() {
	return in.impose(network.Condition{Loss: f.Rate, Kinds: f.Kinds})
}
func (f Duplicate) strike(in *Injector) func() {
	return in.impose(network.Condition{Duplicate: f.Rate, Kinds: f.Kinds})
}
func (f Corrupt) strike(in *Injector) func() {
	return in.impose(network.Condition{Corrupt: f.Rate, Kinds: f.Kinds})
}
func (f Reorder) strike(in *Injector) func() {
	return in.impose(network.Condition{Reorder: f.Rate, Kinds: f.Kinds})
}
func (f Delay) strike(in *Injector) func() {
	return in.impose(network.Condition{Delay: f.Rate, DelayBy: time.Duration(f.By), Kinds: f.Kinds})
}
