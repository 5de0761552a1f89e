package network_test

import (
	"strconv"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
)

// talk sends one message of each of 15 kinds on each of 20 links: as many
// pairs of link and kind as a run of a five-node cluster touches.
func talk(n *network.Network) {
	n.Grow(5)
	n.SetLatency(network.Exponential(time.Millisecond, time.Millisecond))
	for k := range 15 {
		kind := n.Kind(kindNames[k])
		for from := 1; from <= 5; from++ {
			for to := 1; to <= 5; to++ {
				if from != to {
					n.Send(0, from, to, kind, 1)
				}
			}
		}
	}
}

var kindNames = func() (names [15]string) {
	for i := range names {
		names[i] = "AppendEntries" + strconv.Itoa(i)
	}
	return names
}()

// BenchmarkFirstMessages measures what a run pays once: a network and the
// first message of 300 pairs of link and kind.
func BenchmarkFirstMessages(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		talk(network.New(choice.Seed(1)))
	}
}

// BenchmarkImpose measures a condition imposed on one link of five nodes that
// have talked, and lifted again.
func BenchmarkImpose(b *testing.B) {
	n := network.New(choice.Seed(1))
	talk(n)
	c := network.Condition{From: []int{1}, To: []int{2}, Cut: true}
	b.ReportAllocs()
	for b.Loop() {
		n.Lift(n.Impose(c))
	}
}

// BenchmarkImposeEverywhere is the same for a condition on all links.
func BenchmarkImposeEverywhere(b *testing.B) {
	n := network.New(choice.Seed(1))
	talk(n)
	b.ReportAllocs()
	for b.Loop() {
		n.Lift(n.Impose(network.Condition{Loss: choice.Percent}))
	}
}
