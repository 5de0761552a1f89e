package bank_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/outbox/bank"
	"seedbed.example/sim"
)

// BenchmarkTransfer measures two banks and a broker in a data centre on a good day:
// one transfer after another, each until its credit has arrived.
func BenchmarkTransfer(b *testing.B) {
	b.ReportAllocs()
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1), EventLimit: 1 << 62})
	defer w.Close()
	w.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
	w.AddNode("broker", func() sim.Node {
		return outbox.NewBroker(outbox.BrokerOptions{Bindings: []outbox.Binding{
			{Topic: bank.Topic(2), Consumer: 2}, {Topic: bank.Topic(3), Consumer: 3},
		}})
	})
	for range 2 {
		w.AddNode("bank", func() sim.Node { return bank.New(1<<40, outbox.Options{Broker: 1}) })
	}
	asked := int64(0)
	w.Go("client", func(p *sim.Process) {
		for credited := int64(0); ; {
			if _, err := p.Call(2, &bank.Transfer{ID: fmt.Sprint(asked), To: 3, Amount: 1}, time.Second); err != nil {
				panic(err)
			}
			for credited <= asked {
				p.Sleep(time.Millisecond)
				credited = w.Node(3).(*bank.Bank).Books.Amount - 1<<40
			}
			asked++
		}
	})
	for b.Loop() {
		want := asked + 1
		w.RunWhile(func() bool { return asked < want }, sim.MaxTime)
	}
	b.ReportMetric(float64(asked)/b.Elapsed().Seconds(), "transfers/s")
}
