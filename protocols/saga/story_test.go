package saga_test

import (
	"fmt"
	"maps"
	"path/filepath"
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
// comes of them. go test -run Stories -rewrite writes the latter anew. Beside the
// commands of a [stories.Stage] there are
//
//	shop                    a broker, stock, payment and shipping, which are servers 1
//	                        to 4, and two orchestrators, 5 and 6; with mistake=ID
//	place S ID ITEM SELLER BUYER PRICE COURIER
//	                        a customer places an order with orchestrator S; the answer
//	                        comes within 100 ms
//	read S ID               it asks how the order stands
//	ledgers                 what is where
type story struct {
	*stories.Stage
}

func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := &story{}
			datadriven.RunTest(t, file, s.command)
		})
	}
}

func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	word := func(i int) string { return d.CmdArgs[i].Key }
	number := func(i int) int { return stories.Number(t, word(i)) }
	heard := ""
	switch d.Cmd {
	case "shop":
		s.begin(t, d)
	case "place":
		heard = s.Ask(sim.NodeID(number(0)), &saga.Place{Order: saga.Order{
			ID: word(1), Item: word(2), Seller: word(3), Buyer: word(4), Price: int64(number(5)), Courier: word(6),
		}})
	case "read":
		heard = s.Ask(sim.NodeID(number(0)), &saga.Read{ID: word(1)})
	case "ledgers":
		return s.ledgers()
	default:
		if !s.Command(t, d) {
			d.Fatalf(t, "no such command: %s", d.Cmd)
		}
	}
	return s.Tell() + heard
}

// shelves is what the services have in the beginning.
var shelves = map[string]map[string]int64{
	"stock":    {"lamp": 1, "chair": 2},
	"payment":  {"a": 20, "b": 10, "c": 0},
	"shipping": {"van": 3, "bike": 0},
}

func (s *story) begin(t *testing.T, d *datadriven.TestData) {
	rules := saga.Correct()
	var mistake string
	if d.MaybeScanArgs(t, "mistake", &mistake) && !saga.Mistakes().Plant(mistake, rules) {
		d.Fatalf(t, "no such mistake: %s", mistake)
	}
	s.Stage = stories.NewStage(6)
	addShop(s.World, rules, shelves)
	s.RunFor(0)
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
