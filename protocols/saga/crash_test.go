package saga_test

import (
	"fmt"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/saga"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// Two orders, one of which is refused at the last step, while any one server goes
// down at any one time and loses what it has not synced: both end as they should.
func TestSagasEndWhateverGoesDownWhenever(t *testing.T) {
	for server := sim.NodeID(1); server <= 6; server++ {
		for at := time.Duration(0); at < 60*time.Millisecond; at += 700 * time.Microsecond {
			if wrong := crashed(server, at, saga.Correct()); wrong != "" {
				t.Errorf("server %v goes down at %v: %s", server, at, wrong)
			}
		}
	}
}

// An orchestrator that keeps its position in memory does not stand that.
func TestSagasOfAForgetfulOrchestratorDoNotEnd(t *testing.T) {
	rules := saga.Correct()
	saga.Mistakes().Plant("saga.compLost", rules)
	if wrong := crashed(5, 20*time.Millisecond, rules); wrong == "" {
		t.Error("they end all the same")
	}
}

// crashed lets a server go down, and says what is wrong in the end.
func crashed(server sim.NodeID, at time.Duration, rules *saga.Rules) string {
	w := sim.NewWorld(sim.Options{Disk: storage.Conditions{
		Lose: choice.Always, SyncLatency: storage.Latency{Least: time.Millisecond},
	}})
	w.Network().SetLatency(network.Constant(time.Millisecond))
	addShop(w, rules, shelves)
	status := make(map[string]saga.Status)
	for i, courier := range []string{"van", "bike"} {
		orchestrator, id := sim.NodeID(5+i), fmt.Sprint("o", i+1)
		order := saga.Order{ID: id, Item: "chair", Seller: "a", Buyer: "b", Price: 3, Courier: courier}
		w.Go("customer", func(p *sim.Process) {
			for {
				if _, err := p.Call(orchestrator, &saga.Place{Order: order}, 50*time.Millisecond); err == nil {
					break
				}
			}
			for status[id] != saga.Shipped && status[id] != saga.Rejected {
				if answer, err := p.Call(orchestrator, &saga.Read{ID: id}, 50*time.Millisecond); err == nil {
					status[id] = answer.(*saga.Answer).Status
				}
				p.Sleep(10 * time.Millisecond)
			}
		})
	}
	w.CrashAt(at, server)
	w.At(at+5*time.Millisecond, func() { w.Restart(server) })
	w.RunFor(10 * time.Second)
	if len(w.Violations()) > 0 {
		return w.Violations()[0].Message
	}
	want := map[string]int64{"stock": 0, "payment": 0, "shipping": 0}
	if status["o1"] == saga.Shipped {
		want = map[string]int64{"stock": 1, "payment": 3, "shipping": 1}
	}
	for i, goal := range []string{saga.Sold, "a", saga.Booked} {
		name := saga.Services()[i]
		ledger := w.Node(sim.NodeID(i + 2)).(*saga.Participant).Ledger
		if moved := ledger.Places[goal] - shelves[name][goal]; moved != want[name] || ledger.Held() != 0 {
			return fmt.Sprintf("%v: %s has moved %d and holds %d", status, name, moved, ledger.Held())
		}
	}
	if status["o1"] != saga.Shipped && status["o1"] != saga.Rejected || status["o2"] != saga.Rejected {
		return fmt.Sprint(status)
	}
	return ""
}
