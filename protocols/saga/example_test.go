package saga_test

import (
	"fmt"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/saga"
	"seedbed.example/sim"
)

// Of two orders for the last lamp one is carried out, while its orchestrator goes
// down in the midst. The other one has no effect.
func Example() {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(42)})
	w.Network().SetLatency(network.Uniform(time.Millisecond, 2*time.Millisecond))
	addShop(w, saga.Correct(), map[string]map[string]int64{
		"stock": {"lamp": 1}, "payment": {"a": 0, "b": 10}, "shipping": {"van": 5},
	})
	const orchestrator = 5
	w.Go("customer", func(p *sim.Process) {
		for _, id := range []string{"o1", "o2"} {
			order := saga.Order{ID: id, Item: "lamp", Seller: "a", Buyer: "b", Price: 5, Courier: "van"}
			if _, err := p.Call(orchestrator, &saga.Place{Order: order}, time.Second); err != nil {
				fmt.Println(err)
			}
		}
		p.Sleep(10 * time.Millisecond)
		w.Crash(orchestrator)
		w.Restart(orchestrator)
		p.Sleep(time.Second)
		for _, id := range []string{"o1", "o2"} {
			answer, err := p.Call(orchestrator, &saga.Read{ID: id}, time.Second)
			fmt.Println(answer, err)
		}
	})
	w.RunFor(5 * time.Second)
	// Output:
	// order o1 is shipped <nil>
	// order o2 is rejected <nil>
}
