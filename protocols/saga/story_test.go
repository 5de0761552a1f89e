package saga_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/internal/stories"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/saga"
	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of sagas: commands, and what
// comes of them. Beside the commands of [stories.Stage.Command]
// there are
//
//	shop                    a broker, stock, payment and shipping, which are servers 1
//	                        to 4, and two orchestrators, 5 and 6; with mistake=ID
//	place S ID ITEM SELLER BUYER PRICE COURIER
//	                        a customer places an order with orchestrator S; the answer
//	                        comes within 100 ms
//	read S ID               it asks how the order stands
//	ledgers                 what is where
type story struct{ *stories.Stage }

func TestStories(t *testing.T) { stories.Run(t, (*story).command) }

func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	words := stories.Words(d)
	server := func() sim.NodeID { return stories.Number[sim.NodeID](t, words[0]) }
	switch d.Cmd {
	case "shop":
		return s.begin(t, d)
	case "place":
		return s.TellAnswer(s.Call(server(), &saga.Place{Order: saga.Order{
			ID: words[1], Item: words[2], Seller: words[3], Buyer: words[4], Price: stories.Number[int64](t, words[5]), Courier: words[6],
		}}))
	case "read":
		return s.TellAnswer(s.Call(server(), &saga.Read{ID: words[1]}))
	case "ledgers":
		return s.ledgers()
	default:
		return s.Command(t, d)
	}
}

// shelves is what the services have in the beginning.
var shelves = map[string]map[string]int64{
	"stock":    {"lamp": 1, "chair": 2},
	"payment":  {"a": 20, "b": 10, "c": 0},
	"shipping": {"van": 3, "bike": 0},
}

func (s *story) begin(t *testing.T, d *datadriven.TestData) string {
	s.Stage = stories.NewStage(sim.NewWorld(sim.Options{Record: true}), 6)
	s.TellByName()
	addShop(s.World, stories.Plant(t, d, saga.Mistakes(), saga.Correct()), shelves)
	s.RunFor(0)
	return s.Tell()
}

// addShop adds a broker, the services and two orchestrators to a world, as servers 1
// to 6.
func addShop(w *sim.World, rules *saga.Rules, shelves map[string]map[string]int64) {
	options := outbox.Options{Broker: 1}
	bindings := saga.Bindings([]sim.NodeID{2, 3, 4}, []sim.NodeID{5, 6})
	w.AddNode("broker", func() sim.Node { return outbox.NewBroker(outbox.BrokerOptions{Bindings: bindings}) })
	for _, name := range saga.Services() {
		w.AddNode(name, func() sim.Node { return saga.NewParticipant(name, shelves[name], rules, options) })
	}
	for i := range 2 {
		w.Serve(fmt.Sprintf("orchestrator %d", i+5), saga.Orchestrator(saga.Options{Options: options, Saga: rules}))
	}
}

func (s *story) ledgers() string {
	var b strings.Builder
	for i, name := range saga.Services() {
		node, up := s.Node(sim.NodeID(i + 2)).(*saga.Participant)
		if !up {
			fmt.Fprintf(&b, "%s: down\n", name)
			continue
		}
		fmt.Fprintf(&b, "%s:", name)
		for _, place := range slices.Sorted(maps.Keys(node.Ledger.Places)) {
			fmt.Fprintf(&b, " %s %d,", place, node.Ledger.Places[place])
		}
		fmt.Fprintf(&b, " held %d\n", node.Ledger.Held())
	}
	return b.String()
}
