package saga_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/saga"
	"seedbed.example/sim"
)

// BenchmarkOrder measures a shop on a good day, that carries out one order after
// another, for one customer who waits for each to be shipped.
func BenchmarkOrder(b *testing.B) {
	b.ReportAllocs()
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1), EventLimit: 1 << 62})
	defer w.Close()
	w.Network().SetLatency(network.Exponential(200*time.Microsecond, 500*time.Microsecond))
	addShop(w, saga.Correct(), map[string]map[string]int64{
		"stock": {"lamp": 1 << 40}, "payment": {"a": 0, "b": 1 << 40}, "shipping": {"van": 1 << 40},
	})
	const orchestrator = 5
	shipped := 0
	w.Go("customer", func(p *sim.Process) {
		for ; ; shipped++ {
			id := fmt.Sprint("o", shipped)
			order := saga.Order{ID: id, Item: "lamp", Seller: "a", Buyer: "b", Price: 5, Courier: "van"}
			if _, err := p.Call(orchestrator, &saga.Place{Order: order}, time.Second); err != nil {
				panic(err)
			}
			for {
				answer, err := p.Call(orchestrator, &saga.Read{ID: id}, time.Second)
				if err == nil && answer.(*saga.Answer).Status == saga.Shipped {
					break
				}
				p.Sleep(time.Millisecond)
			}
		}
	})
	for b.Loop() {
		want := shipped + 1
		w.RunWhile(func() bool { return shipped < want }, sim.MaxTime)
	}
	b.ReportMetric(float64(shipped)/b.Elapsed().Seconds(), "orders/s")
}
