package outbox_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/outbox/bank"
	"seedbed.example/sim"
)

// A bank debits a transfer and goes down. The network loses every third message.
// The credit reaches the other bank, once.
func Example() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(42)})
	w.Network().SetLatency(network.Uniform(time.Millisecond, 2*time.Millisecond))
	w.Network().Impose(network.Condition{Loss: 33 * choice.Percent})
	broker := w.AddNode("broker", func() sim.Node {
		return outbox.NewBroker(outbox.BrokerOptions{Bindings: []outbox.Binding{
			{Topic: bank.Topic(2), Consumer: 2}, {Topic: bank.Topic(3), Consumer: 3},
		}})
	})
	for range 2 {
		w.AddNode("bank", func() sim.Node { return bank.New(100, outbox.Options{Broker: broker}) })
	}
	w.Go("client", func(p *sim.Process) {
		for {
			if _, err := p.Call(2, &bank.Transfer{ID: "t1", To: 3, Amount: 10}, 20*time.Millisecond); err == nil {
				break
			}
		}
		w.Crash(2)
		w.Restart(2)
	})
	w.RunFor(5 * time.Second)
	for id := sim.NodeID(2); id <= 3; id++ {
		fmt.Printf("node %v has %d\n", id, w.Node(id).(*bank.Bank).Books.Amount)
	}
	// Output:
	// node 2 has 90
	// node 3 has 110
}
